// What comes by itself. The page is whole without this: every form works alone, and this only spares loading it again.

const board = document.getElementById("bord");
const words = JSON.parse(board.dataset.words);
const template = document.getElementById("briefje");
const news = document.getElementById("nieuws");
const own = new Set(JSON.parse(board.dataset.own));
let seq = Number(board.dataset.seq);
let around = JSON.parse(board.dataset.around); // what all see beside the notes, as of the page or the last message
let ahead = Date.now() / 1000 - Number(board.dataset.now); // how far this device's clock is ahead of the server's

// --- showing --------------------------------------------------------------------------------------------------------

function show(note) {
  const old = document.getElementById(`n-${note.note}`);
  const item = old ?? template.content.firstElementChild.cloneNode(true);
  item.id = `n-${note.note}`;
  item.dataset.place = note.place;
  const mine = own.has(note.note);
  item.className = `briefje soort-${note.kind}${mine ? " eigen" : ""}${note.shown ? "" : " omgekeerd"}${note.hidden ? " verstopt" : ""}`;
  const kind = note.mood ? words.moods[note.mood] : words.kinds[note.kind];
  item.querySelector(".soort use").setAttribute("href", note.mood ? `#face-${note.mood}` : `#s-${note.kind}`);
  item.querySelector(".soort svg").setAttribute("class", note.mood ? "face" : "icon");
  item.querySelector(".soort span").textContent = [kind, words.roles[note.role], mine ? words.own : ""].filter(Boolean).join(" · ");
  const text = item.querySelector(".woorden");
  text.id = `t-${note.note}`;
  text.textContent = note.text;
  const dots = note.dots ? words.dots.replace("%", note.dots) : "";
  item.querySelector(".stand").textContent = [note.hidden ? words.hidden : note.withdrawn ? words.withdrawn : "", dots].filter(Boolean).join(" · ");
  const link = item.querySelector(".doen a");
  if (link) {
    link.href = `${location.pathname}notitie/${note.note}/`;
    link.hidden = !mine && board.dataset.menu !== "1";
    link.setAttribute("aria-describedby", text.id);
  }
  place(item, note);
  return !old;
}

function place(item, note) {
  const list = document.getElementById(note.cluster ? `l-${note.cluster}` : `${note.mood ? "f" : "l"}-${note.frame}`);
  if (!list) return item.remove();
  const last = list.lastElementChild;
  if (!item.parentElement && (!last || Number(last.dataset.place) < note.place)) return list.append(item);
  const after = [...list.children].find((other) => other !== item && Number(other.dataset.place) > note.place);
  if (item.parentElement !== list || item.nextElementSibling !== (after ?? null)) list.insertBefore(item, after ?? null);
  return undefined;
}

// A heading, a phase or a frame that changed: the page comes again, and what somebody was typing stays where it was. When
// its place is gone, for writing was closed in the middle of a sentence, the words stay to be seen until it comes back.
const drafts = new Map();

function restore() {
  const left = document.getElementById("nog");
  left.hidden = true;
  for (const [id, text] of drafts) {
    const field = document.getElementById(id);
    if (field) {
      field.value = text;
      field.closest("details")?.setAttribute("open", "");
      drafts.delete(id);
    } else {
      left.hidden = false;
      document.getElementById("nogweg").hidden = false;
      left.querySelector("blockquote").textContent = [...drafts.values()].join("\n");
    }
  }
}

board.addEventListener("click", (event) => {
  if (event.target.id === "ongedaanweg") offer(null);
  if (event.target.id !== "nogweg") return;
  drafts.clear();
  restore();
});

// A large board comes in two parts: what a first look needs, and the rest a few notes at a time.
const A_FEW = 12;
const went = new Set(); // notes that others took away meanwhile
async function rest() {
  if (!board.querySelector(".rest")) return;
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", () => setTimeout(done, 200)));
  const answer = await fetch(`${location.pathname}sinds/?alles`).catch(() => null);
  if (!answer?.ok) return;
  const { notes, own: mine } = await answer.json();
  for (const note of mine) own.add(note);
  while (notes.length && board.querySelector(".rest")) {
    for (const note of notes.splice(0, A_FEW)) {
      if (!went.has(note.note) && !document.getElementById(`n-${note.note}`)) show(note);
    }
    await new Promise((done) => setTimeout(done));
  }
  for (const link of board.querySelectorAll(".rest")) link.remove();
}

const AGAIN_AFTER = 3000; // milliseconds, when the network or the server is away
let loading = null;
let is_over = false; // the meeting has ended: nothing comes by itself any more
async function again() {
  loading ??= (async () => {
    await new Promise((done) => setTimeout(done, 150));
    const page = await fetch(location.pathname + location.search, { credentials: "same-origin" }).catch(() => null);
    const whole = await page?.text().catch(() => null);
    loading = null;
    if (whole == null || page.status >= 500) return void setTimeout(again, AGAIN_AFTER); // what is there stays until then
    if (!page.ok) return location.reload();
    const fresh = new DOMParser().parseFromString(whole, "text/html");
    const inside = fresh.getElementById("bord");
    const typed = [...board.querySelectorAll("textarea, input.regel, input.getal")].filter((field) => field.value !== field.defaultValue);
    const open = [...board.querySelectorAll("details[open] > summary ~ *")].map((part) => part.querySelector("[id]")?.id);
    const chosen = [...board.querySelectorAll(".soorten :checked")].map((radio) => [radio.form.elements.frame.value, radio.value]);
    const focused = focus_now();
    const undo = document.getElementById("ongedaan");
    const same_part = inside.dataset.phase === board.dataset.phase || undo.elements.do?.value === "step";
    seq = Number(inside.dataset.seq);
    around = JSON.parse(inside.dataset.around);
    ahead = Date.now() / 1000 - Number(inside.dataset.now);
    template.innerHTML = fresh.getElementById("briefje").innerHTML;
    board.replaceChildren(...inside.childNodes);
    Object.assign(board.dataset, inside.dataset);
    if (!undo.hidden && same_part) document.getElementById("ongedaan").replaceWith(undo);
    for (const field of typed) if (field.value.trim()) drafts.set(field.id, field.value);
    for (const id of open) document.getElementById(id)?.closest("details")?.setAttribute("open", "");
    for (const [frame, kind] of chosen) {
      const radio = document.querySelector(`#v-${frame} .soorten [value="${kind}"]`);
      if (radio) radio.checked = true;
    }
    restore();
    refocus(focused); // before anything else looks who is typing
    settle();
    await catch_up(); // what came while the page was under way was shown in the old one
    return undefined;
  })();
  return loading;
}

// Whose field is gone, for the board was locked, goes on in it when it is back, unless they went elsewhere meanwhile.
let left_in = null;
function focus_now() {
  const field = document.activeElement;
  return !field || field === document.body ? left_in : { id: field.id, caret: field.selectionStart };
}

function refocus(wanted) {
  const field = wanted?.id && document.getElementById(wanted.id);
  left_in = field ? null : wanted;
  if (!field) return;
  field.focus({ preventScroll: true });
  if (wanted.caret != null && field.setSelectionRange && field.type !== "number") field.setSelectionRange(wanted.caret, wanted.caret);
}

async function catch_up() {
  if (is_over) return undefined;
  const answer = await fetch(`${location.pathname}sinds/?na=${seq}`).catch(() => null);
  if (answer?.status === 403) return location.reload();
  if (answer?.status === 410) {
    is_over = true;
    return again(); // in place, so that what somebody was typing can still be seen
  }
  if (answer?.ok) take(await answer.json());
  return undefined;
}

// What the page needs each time that it came.
function settle() {
  document.getElementById("instellingen").hidden = false;
  document.getElementById("melden").value = kept("melden", "all");
  document.getElementById("volgen").checked = kept("volgen", "1") === "1";
  follow();
  tick();
  if (!board.classList.contains("rustig")) rest();
}

const shape = (what) =>
  JSON.stringify([what.step, what.locked, what.ends, what.summons, what.asking, what.asked, what.frames, what.clusters]);

function take(told) {
  if (told.reload) return void again();
  if (told.seq <= seq) return undefined;
  const is_new_shape = shape(around) !== shape(told);
  const was = around;
  around = told;
  seq = Math.max(seq, told.seq);
  if (is_new_shape) {
    say(words.changed, "");
    return void again();
  }
  if (board.classList.contains("rustig")) return later(told);
  if (was.ready !== told.ready && document.getElementById("vraagklaar")) again();
  const fresh = told.notes.filter(show);
  for (const pk of told.gone) {
    went.add(pk);
    document.getElementById(`n-${pk}`)?.remove();
  }
  tell_waiting();
  if (may_be_mine(was, told)) show_own(was.seq);
  for (const frame of new Set(fresh.map((note) => note.frame))) {
    count(frame, fresh.filter((note) => note.frame === frame).length);
  }
  return undefined;
}

// Streams tell nobody of a note that lies face down. Its writer asks for it: after writing, and when notes were put away or back.
async function show_own(after) {
  const answer = await fetch(`${location.pathname}sinds/?na=${after}`).catch(() => null);
  const told = answer?.ok ? await answer.json() : {};
  if (!told.notes) return again();
  for (const note of told.notes) if (own.has(note.note)) show(note);
  return tell_waiting();
}

// Everybody with a note face down in that part asks, so that asking does not tell whose note it is. While all write, more notes are new ones.
function may_be_mine(was, told) {
  const has_moved = (number, frame) => number < was.waiting[frame] || (number > was.waiting[frame] && told.phase !== "write");
  return told.waiting.some((number, frame) => has_moved(number, frame) && document.querySelector(`#v-${frame} .eigen.omgekeerd`));
}

// How many notes of others lie face down in each part.
function tell_waiting() {
  around.waiting.forEach((number, frame) => {
    const line = document.getElementById(`d-${frame}`);
    const mine = document.querySelectorAll(`#l-${frame} .eigen.omgekeerd:not(.verstopt), #f-${frame} .eigen.omgekeerd:not(.verstopt)`).length;
    if (!line) return;
    line.hidden = number - mine <= 0;
    line.textContent = words.waiting.replace("%", number - mine);
  });
}

// In a quiet page nothing moves by itself: one line says that there is more.
function later(told) {
  if (!told.notes.length && !told.gone.length) return;
  const line = document.getElementById("nog");
  if (!line.hidden) return;
  line.hidden = false;
  const button = document.createElement("button");
  button.className = "stil";
  button.textContent = words.more;
  button.addEventListener("click", again);
  line.replaceChildren(button);
}

// --- one polite voice, a few seconds apart, that each person can turn down ---------------------------------------------

const kept = (name, otherwise) => localStorage.getItem(`gehoor-${name}`) ?? otherwise;
const new_by_frame = new Map();
let unsaid = "";
let speaking = 0;

function count(frame, number) {
  new_by_frame.set(frame, (new_by_frame.get(frame) ?? 0) + number);
  say("", frame);
}

function here() {
  return document.activeElement?.closest(".vak")?.id ?? location.hash.slice(1);
}

function say(text, frame) {
  const level = kept("melden", "all");
  if (level === "off" || (level === "here" && frame !== "" && here() !== `v-${frame}`)) return;
  if (text) unsaid = text;
  speaking ||= setTimeout(() => {
    const counted = [...new_by_frame].map(([place, number]) => {
      const title = document.getElementById(`vt-${place}`)?.textContent ?? "";
      return `${title}: ${words.fresh.replace("%", number)}`;
    });
    news.textContent = [unsaid, ...counted].filter(Boolean).join(". ");
    unsaid = "";
    new_by_frame.clear();
    speaking = 0;
  }, 2500);
}

document.addEventListener("change", (event) => {
  if (event.target.id === "melden") localStorage.setItem("gehoor-melden", event.target.value);
  if (event.target.id === "volgen") localStorage.setItem("gehoor-volgen", event.target.checked ? "1" : "0");
});

// --- what the facilitator asks: look here, and how long still -----------------------------------------------------------

let followed = board.dataset.summons;
function follow() {
  const wanted = board.dataset.summons;
  if (wanted === followed) return;
  followed = wanted;
  const part = document.getElementById(`v-${wanted}`);
  if (wanted === "-1" || !part) return;
  say(words.look.replace("%", document.getElementById(`vt-${wanted}`).textContent), "");
  const is_typing = document.activeElement?.matches("textarea, input") && document.activeElement.value;
  if (kept("volgen", "1") === "1" && !is_typing) {
    part.scrollIntoView({ block: "start" });
    part.focus({ preventScroll: true });
  }
}

// The timer only tells: it closes nothing, so nobody is cut off in the middle of a sentence.
const TOLD_AT = [300, 60, 0];
let told_until = Infinity;
function tick() {
  const ends = Number(board.dataset.ends);
  const line = document.getElementById("tijd");
  if (!ends || !line) {
    told_until = Infinity;
    return;
  }
  const left = Math.max(0, Math.round(ends - (Date.now() / 1000 - ahead)));
  line.textContent = left ? words.left.replace("%", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`) : words.over;
  const passed = TOLD_AT.find((moment) => left <= moment && told_until > moment && left > moment - 30);
  if (told_until !== Infinity && passed !== undefined) say(left ? words.left.replace("%", Math.ceil(left / 60)) : words.over, "");
  told_until = left;
}
setInterval(tick, 1000);

// --- hearing --------------------------------------------------------------------------------------------------------

let broken = 0;
function listen() {
  if (is_over) return;
  const stream = new EventSource(`${board.dataset.live}${location.pathname}stroom/?na=${seq}`, { withCredentials: true });
  let is_left = false;
  let has_opened = false; // a stream that never opened will not do so in a moment either
  stream.onopen = () => {
    has_opened = true;
  };
  stream.onmessage = (event) => {
    broken = 0;
    take(JSON.parse(event.data));
  };
  stream.onerror = async () => {
    broken += 1;
    await catch_up(); // a stream is cut when the meeting has ended too
    if (is_left || is_over) return stream.close();
    if (has_opened && broken < 3 && stream.readyState !== EventSource.CLOSED) return undefined;
    is_left = true;
    stream.close();
    return poll();
  };
}

// Behind a wall that cuts streams: ask now and then, and try a stream again after a while.
function poll() {
  let turns = 0;
  const timer = setInterval(async () => {
    turns += 1;
    await catch_up();
    if (is_over) clearInterval(timer);
    else if (turns === 20) {
      clearInterval(timer);
      broken = 0;
      listen();
    }
    return undefined;
  }, 3000);
}

// --- doing ----------------------------------------------------------------------------------------------------------

const NUMBERS = new Set(["frame", "version", "slot", "step", "minutes", "person", "mood"]);

function command_of(form, pressed) {
  const given = Object.fromEntries(new FormData(form, pressed));
  delete given.back;
  for (const name of Object.keys(given)) {
    if (NUMBERS.has(name)) given[name] = Number(given[name]);
    else if (name === "on") given.on = given.on === "1";
    else if (name === "notes") given.notes = given.notes.split(" ").filter(Boolean);
  }
  return given;
}

// Without a network nothing is lost by asking again: a command is done once, however often its key comes.
async function ask(command) {
  const answer = await fetch(`${location.pathname}doe/`, { method: "POST", body: JSON.stringify([command]) }).catch(() => null);
  if (!answer) return { why_not: words.away, is_away: true };
  return answer.ok ? (await answer.json()).outcomes[0] : null;
}

// Whatever else goes wrong, the plain form is still there and does the same once.
const busy = new WeakSet(); // forms that wait for an answer: who presses twice asks once
board.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  if (busy.has(form)) return;
  busy.add(form);
  await done(form, command_of(form, event.submitter)).finally(() => busy.delete(form));
});

async function done(form, command) {
  const sent = form.querySelector("textarea, .regel")?.value;
  const outcome = await ask(command);
  if (!outcome) return form.classList.contains("schrijf") ? form.submit() : location.reload();
  const trouble = form.querySelector(".foutregel");
  if (outcome.why_not && !trouble) {
    offer({ said: outcome.why_not, command: null });
    return outcome.is_away ? undefined : again();
  }
  if (form.classList.contains("schrijf")) return wrote(form, command, outcome, sent);
  offer(form.id === "ongedaan" ? null : outcome.undo);
  for (const field of form.querySelectorAll(".regel")) field.value = field.defaultValue;
  return again();
}

// The page may have come again while the note was under way: then it is about the field that stands there now.
async function wrote(sender, command, outcome, sent) {
  const own_field = sender.querySelector("textarea, .regel");
  const field = document.getElementById(own_field.id) ?? own_field;
  const form = field.form;
  const trouble = form.querySelector(".foutregel");
  trouble.textContent = outcome.why_not;
  trouble.hidden = !outcome.why_not;
  if (outcome.why_not) return field.focus();
  own.add(command.note);
  await show_own(outcome.seq - 1);
  if (drafts.get(field.id) === sent) {
    drafts.delete(field.id); // writing was closed meanwhile, and this note was in time
    restore();
  }
  if (field.value.startsWith(sent)) field.value = field.value.slice(sent.length).trimStart(); // what was typed meanwhile stays
  for (const radio of form.querySelectorAll("[name=mood]")) radio.checked = false;
  for (const name of ["key", "note"]) form.elements[name].value = key();
  offer(outcome.undo);
  return field.focus();
}

// The line with "undo": it stays until something else is done.
function offer(undo) {
  const form = document.getElementById("ongedaan");
  form.hidden = !undo;
  if (!undo) return;
  form.querySelector("p").textContent = undo.said;
  news.textContent = undo.said; // at once, and for everybody: it is about what they just did
  for (const input of form.querySelectorAll("input")) input.remove();
  document.getElementById("zetterug").hidden = !undo.command;
  document.getElementById("ongedaanweg").hidden = false;
  const fields = { ...undo.command, key: key() };
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = typeof value === "boolean" ? Number(value) : Array.isArray(value) ? value.join(" ") : value;
    form.append(input);
  }
}

function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

// --- moving by hand: the same move as on the note's own page ---------------------------------------------------------------

let dragged = null;
board.addEventListener("pointerover", (event) => {
  const note = event.target.closest(".briefje");
  if (note && event.pointerType === "mouse") note.draggable = board.dataset.sleep === "1";
});
board.addEventListener("dragstart", (event) => {
  dragged = event.target.closest(".briefje");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  dragged.classList.add("sleept");
});
board.addEventListener("dragend", () => {
  dragged?.classList.remove("sleept");
  mark(null);
  dragged = null;
});
board.addEventListener("dragover", (event) => {
  const list = list_under(event);
  if (!dragged || !list) return;
  event.preventDefault();
  mark(list);
});
board.addEventListener("drop", async (event) => {
  const list = list_under(event);
  if (!dragged || !list) return;
  event.preventDefault();
  const note = dragged.id.slice(2);
  const frame = Number(list.closest(".vak").id.slice(2));
  const cluster = list.closest(".stapel") ? list.id.slice(2) : "";
  const others = [...list.children].filter((item) => item !== dragged);
  const before = others.find((item) => event.clientY < item.getBoundingClientRect().top + item.offsetHeight / 2);
  const outcome = await ask({ do: "move", key: key(), note, frame, cluster, before: before ? before.id.slice(2) : "" });
  if (!outcome) return again();
  offer(outcome.why_not ? { said: outcome.why_not, command: null } : outcome.undo);
  return outcome.why_not && !outcome.is_away ? again() : undefined;
});

function list_under(event) {
  return event.target.closest(".stapel")?.querySelector(".briefjes") ?? event.target.closest(".briefjes") ?? event.target.closest(".vak")?.querySelector(".inhoud > .briefjes");
}

function mark(list) {
  for (const other of board.querySelectorAll(".hierheen")) if (other !== list) other.classList.remove("hierheen");
  list?.classList.add("hierheen");
}

// A board that ended comes from the browser's own memory when somebody goes back: then it asks again.
addEventListener("pageshow", (event) => event.persisted && again());
listen();
if (document.readyState === "complete") settle();
else addEventListener("load", () => setTimeout(settle)); // the page is of use without it: an old phone shows it first
