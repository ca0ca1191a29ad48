// What comes by itself. The page is whole without this: every form works alone, and this only spares loading it again.

const board = document.getElementById("bord");
const words = JSON.parse(board.dataset.words);
const template = document.getElementById("briefje");
const news = document.getElementById("nieuws");
const own = new Set(JSON.parse(board.dataset.own));
let seq = Number(board.dataset.seq);
let around = null;

// --- showing --------------------------------------------------------------------------------------------------------

function show(note) {
  const old = document.getElementById(`n-${note.note}`);
  const item = old ?? template.content.firstElementChild.cloneNode(true);
  item.id = `n-${note.note}`;
  item.dataset.place = note.place;
  const mine = own.has(note.note);
  item.className = `briefje soort-${note.kind}${mine ? " eigen" : ""}${note.shown ? "" : " omgekeerd"}${note.hidden ? " verstopt" : ""}`;
  const about = [words.kinds[note.kind], words.roles[note.role], mine ? words.own : ""].filter(Boolean).join(" · ");
  item.querySelector(".soort").textContent = about;
  item.querySelector(".woorden").textContent = note.text;
  const states = [note.hidden ? words.hidden : note.withdrawn ? words.withdrawn : "", "dots" in note ? `● ${note.dots}` : ""];
  item.querySelector(".stand").textContent = states.filter(Boolean).join(" · ");
  item.querySelector(".doen a").href = `${location.pathname}notitie/${note.note}/`;
  place(item, note);
  return !old;
}

function place(item, note) {
  const list = document.getElementById(note.cluster ? `l-${note.cluster}` : `l-${note.frame}`);
  if (!list) return;
  const after = [...list.children].find((other) => other !== item && Number(other.dataset.place) > note.place);
  if (item.parentElement !== list || item.nextElementSibling !== (after ?? null)) list.insertBefore(item, after ?? null);
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
      drafts.delete(id);
    } else {
      left.hidden = false;
      left.querySelector("blockquote").textContent = [...drafts.values()].join("\n");
    }
  }
}

let loading = null;
async function again() {
  loading ??= (async () => {
    await new Promise((done) => setTimeout(done, 150));
    const page = await fetch(location.pathname, { credentials: "same-origin" });
    loading = null;
    if (!page.ok) return location.reload();
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    const typed = new Map([...board.querySelectorAll("textarea, input.regel")].map((field) => [field.id, field.value]));
    const focus = document.activeElement?.id;
    const caret = document.activeElement?.selectionStart;
    const inside = fresh.getElementById("bord");
    seq = Number(inside.dataset.seq);
    board.replaceChildren(...inside.childNodes);
    board.dataset.phase = inside.dataset.phase;
    for (const [id, text] of typed) if (text.trim()) drafts.set(id, text);
    restore();
    const field = focus && document.getElementById(focus);
    if (field) {
      field.focus({ preventScroll: true });
      if (caret != null && field.setSelectionRange && field.type !== "number") field.setSelectionRange(caret, caret);
    }
    return undefined;
  })();
  return loading;
}

const shape = (what) => JSON.stringify([what.step, what.locked, what.ends, what.summons, what.asked, what.frames, what.clusters]);

function take(told) {
  if (told.reload) return void again();
  if (told.seq <= seq && around) return undefined;
  const is_new_shape = around !== null && shape(around) !== shape(told);
  const was = around;
  around = told;
  seq = Math.max(seq, told.seq);
  if (is_new_shape || (was === null && told.phase !== board.dataset.phase)) {
    say(words.changed);
    return void again();
  }
  const fresh = told.notes.filter(show).length;
  for (const pk of told.gone) document.getElementById(`n-${pk}`)?.remove();
  told.waiting.forEach((number, frame) => {
    const line = document.getElementById(`d-${frame}`);
    const mine = document.querySelectorAll(`#l-${frame} .eigen.omgekeerd`).length;
    if (line) {
      line.hidden = number - mine <= 0;
      line.textContent = words.waiting.replace("%", number - mine);
    }
  });
  if (fresh) say(words.fresh.replace("%", fresh));
  return undefined;
}

// One polite voice, a few seconds apart, so that a screen reader is not talked over.
let unsaid = "";
let speaking = 0;
function say(text) {
  unsaid = text;
  speaking ||= setTimeout(() => {
    news.textContent = unsaid;
    speaking = 0;
  }, 2500);
}

// --- hearing --------------------------------------------------------------------------------------------------------

let broken = 0;
function listen() {
  const stream = new EventSource(`${board.dataset.live}${location.pathname}stroom/?na=${seq}`, { withCredentials: true });
  let has_opened = false; // a stream that never opened will not do so in a moment either
  stream.onopen = () => {
    has_opened = true;
  };
  stream.onmessage = (event) => {
    broken = 0;
    take(JSON.parse(event.data));
  };
  stream.onerror = () => {
    broken += 1;
    if (has_opened && broken < 3 && stream.readyState !== EventSource.CLOSED) return;
    stream.close();
    poll();
  };
}

// Behind a wall that cuts streams: ask now and then, and try a stream again after a while.
function poll() {
  let turns = 0;
  const timer = setInterval(async () => {
    turns += 1;
    const answer = await fetch(`${location.pathname}sinds/?na=${seq}`).catch(() => null);
    if (answer?.status === 403) return location.reload();
    if (answer?.ok) take(await answer.json());
    if (turns === 20) {
      clearInterval(timer);
      broken = 0;
      listen();
    }
    return undefined;
  }, 3000);
}

// --- doing ----------------------------------------------------------------------------------------------------------

// A new note goes without loading the page. Whatever goes wrong, the plain form is still there and does the same once.
board.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.classList.contains("schrijf")) return;
  event.preventDefault();
  const field = form.querySelector("textarea");
  const given = Object.fromEntries(new FormData(form));
  const command = { do: "write", key: given.key, note: given.note, frame: Number(given.frame), kind: given.kind, text: given.text };
  if (given.role) command.role = given.role;
  const answer = await fetch(`${location.pathname}doe/`, { method: "POST", body: JSON.stringify([command]) }).catch(() => null);
  const outcome = answer?.ok ? (await answer.json()).outcomes[0] : null;
  if (!outcome) return form.submit();
  const trouble = form.querySelector(".foutregel");
  trouble.textContent = outcome.why_not;
  trouble.hidden = !outcome.why_not;
  if (outcome.why_not) return field.focus();
  own.add(command.note);
  const after = await fetch(`${location.pathname}sinds/?na=${outcome.seq - 1}`);
  const told = await after.json();
  for (const note of told.notes ?? []) if (note.note === command.note) show(note);
  field.value = "";
  for (const name of ["key", "note"]) form.elements[name].value = key();
  return field.focus();
});

function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

listen();
