/* Notes that wait in this browser until they are on the board. Each is a command with keys of its own, so that the board
   takes it once, however often it is sent. What was sent without an answer is not changed before there is one: the board may
   have the former words already. */

const page = document.getElementById("offline");
const form = document.getElementById("write");
const list = document.getElementById("notes");
const template = document.getElementById("note");
const status = document.getElementById("sending");
const head = document.getElementById("write-head");
const trouble = document.getElementById("text-error");
const here = location.pathname;
const NAME = `gehoor-offline-${page.dataset.meeting}`;
const TYPING = `${NAME}-typing`;
const AT_ONCE = 40;
const AGAIN = 10_000; // milliseconds
let changing = null; // the number of the note in the form
let sent = 0;
let busy = false;
let stopped = false; // everything was deleted

// --- what is kept ---------------------------------------------------------------------------------------------------

const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("notes", { keyPath: "number", autoIncrement: true });
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

// Done when it is on the disk of this laptop.
async function kept(mode, work) {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("notes", mode, { durability: "strict" });
    const asked = work(transaction.objectStore("notes"));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

const all = () => kept("readonly", (notes) => notes.getAll());
const put = (many) => kept("readwrite", (notes) => many.forEach((note) => notes.put(note)));
const drop = (many) => kept("readwrite", (notes) => many.forEach((note) => notes.delete(note.number)));

function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

// --- what is shown --------------------------------------------------------------------------------------------------

const label = (name, value) => form.querySelector(`[name=${name}] option[value="${value}"]`)?.textContent ?? "";
const frame = (place) => form.querySelector(`[name=frame][value="${place}"]`)?.parentElement.querySelector("strong").textContent ?? "";

async function show(word = "") {
  const notes = await all();
  document.getElementById("count").textContent = notes.length;
  document.getElementById("send").hidden = !notes.some((note) => !note.why);
  list.replaceChildren(...notes.map(item));
  const refused = notes.some((note) => note.why) ? status.dataset.refused : "";
  const nothing = sent ? status.dataset.all : status.dataset.none;
  const text = word || refused || (notes.length ? "" : nothing);
  const done = sent ? `${status.dataset.sent} ${sent}` : "";
  const said = [text, done].filter(Boolean).join(" ");
  if (status.textContent !== said) status.textContent = said;
}

function item(note) {
  const made = template.content.firstElementChild.cloneNode(true);
  const { command } = note;
  const about = [frame(command.frame), label("kind", command.kind), command.role && label("role", command.role)];
  made.querySelector(".desk-about").textContent = about.filter(Boolean).join(" · ");
  made.querySelector(".desk-words").textContent = command.text;
  const why = made.querySelector(".error");
  why.textContent = note.why;
  why.hidden = !note.why;
  made.querySelector(".hint").hidden = !note.unsure;
  for (const button of made.querySelectorAll("button")) button.hidden = note.unsure;
  made.querySelector("[data-change]").addEventListener("click", () => change(note.number));
  made.querySelector("[data-drop]").addEventListener("click", () => discard(note.number));
  return made;
}

// --- writing --------------------------------------------------------------------------------------------------------

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(form));
  const text = given.text.trim();
  trouble.hidden = Boolean(text);
  trouble.textContent = text ? "" : trouble.dataset.empty;
  if (!text) return form.elements.text.focus();
  const said = { do: "write", frame: Number(given.frame), kind: given.kind, text };
  if (given.role) said.role = given.role;
  const before = changing === null ? null : await settled(changing);
  const keys = before ? { key: before.command.key, note: before.command.note } : { key: key(), note: key() };
  const note = { command: { ...said, ...keys }, why: "", unsure: false };
  if (before) note.number = before.number;
  await put([note]);
  localStorage.removeItem(TYPING);
  form.elements.text.value = "";
  changing = null;
  head.textContent = head.dataset.new;
  form.elements.text.focus();
  await show();
  return send();
});

// A note as it is kept, when the board cannot have it yet.
async function settled(number) {
  const note = await kept("readonly", (notes) => notes.get(number));
  return note && !note.unsure ? note : null;
}

async function change(number) {
  changing = number; // at once: from here on it is not sent
  const note = await settled(number);
  if (!note) {
    changing = null;
    return show();
  }
  head.textContent = head.dataset.change;
  const { command } = note;
  form.elements.frame.value = String(command.frame);
  form.elements.kind.value = command.kind;
  form.elements.role.value = command.role ?? "";
  form.elements.text.value = command.text;
  return form.elements.text.focus();
}

async function discard(number) {
  const note = await settled(number);
  if (note) await drop([note]);
  if (changing === number) changing = null;
  head.textContent = changing === null ? head.dataset.new : head.dataset.change;
  await show();
  form.elements.text.focus();
}

form.elements.text.addEventListener("input", () => localStorage.setItem(TYPING, form.elements.text.value));

// --- sending --------------------------------------------------------------------------------------------------------

async function send() {
  if (busy || stopped) return;
  busy = true;
  try {
    await show(await sendAll());
  } finally {
    busy = false;
  }
}

// Takes the next notes to send, as they were, and marks them in the same breath: nobody changes them from now on. What
// stands in the form to be changed waits.
async function claim(most) {
  let waiting = [];
  await kept("readwrite", (notes) => {
    const asked = notes.getAll();
    asked.onsuccess = () => {
      waiting = asked.result.filter((note) => !note.why && note.number !== changing).slice(0, most);
      for (const note of waiting) notes.put({ ...note, unsure: true });
    };
    return asked;
  });
  return waiting;
}

// Sends in the order of writing, and says what stands in the way.
async function sendAll() {
  let most = AT_ONCE;
  while (!stopped) {
    if (!navigator.onLine) return (await all()).some((note) => !note.why) ? status.dataset.away : "";
    const waiting = await claim(most);
    if (!waiting.length) return "";
    await show(status.dataset.busy);
    const answer = await ask(waiting.map((note) => note.command));
    const told = await answer?.json().catch(() => null);
    if (!answer || answer.status >= 500 || (answer.ok && !told)) return status.dataset.away; // nobody knows what the board has
    if (answer.ok) {
      await take(waiting, told.outcomes);
      continue;
    }
    await put(waiting); // refused as a whole: nothing of it happened this time
    if (answer.status === 403) {
      document.getElementById("seat").hidden = false;
      return status.dataset.seat;
    }
    if (waiting.length > 1) most = 1;
    else await put([{ ...waiting[0], unsure: false, why: told?.why || String(answer.status) }]);
  }
  return "";
}

async function ask(commands) {
  return fetch(page.dataset.sendTo, { method: "POST", body: JSON.stringify(commands) }).catch(() => null);
}

// What is on the board goes from this laptop; what was refused stays, with the reason.
async function take(waiting, outcomes) {
  const told = waiting.map((note, place) => ({ note, ...outcomes[place] }));
  const done = told.filter((each) => each.seq);
  const refused = told.filter((each) => !each.seq);
  await drop(done.map((each) => each.note));
  await put(refused.map((each) => ({ ...each.note, unsure: false, why: each.why_not || "?" })));
  sent += done.length;
}

// --- this laptop ----------------------------------------------------------------------------------------------------

// The page and its files, so that it opens without a network too.
async function keepPage() {
  const line = document.getElementById("kept-page");
  try {
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((each) => each.href || each.src);
    const cache = await caches.open(here);
    await navigator.serviceWorker.register(page.dataset.keeper, { scope: here });
    await navigator.serviceWorker.ready;
    const fresh = await fetch(here).catch(() => null);
    if (fresh?.ok && !fresh.redirected) {
      await cache.put(here, fresh);
      await cache.addAll(files);
      const wanted = new Set([here, ...files].map((each) => new URL(each, location.href).href));
      for (const old of await cache.keys()) if (!wanted.has(old.url)) await cache.delete(old);
    }
    const whole = await Promise.all([here, ...files].map((each) => cache.match(each)));
    line.dataset.kept = whole.every(Boolean) ? "yes" : "no";
  } catch {
    line.dataset.kept = "no";
  }
  line.textContent = line.dataset[line.dataset.kept];
}

document.getElementById("delete").addEventListener("click", async (event) => {
  stopped = true;
  (await opened).close();
  indexedDB.deleteDatabase(NAME);
  localStorage.removeItem(TYPING);
  if ("caches" in window) await caches.delete(here);
  const keepers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  for (const keeper of keepers) if (new URL(keeper.scope).pathname === here) await keeper.unregister();
  const done = document.createElement("p");
  done.setAttribute("role", "alert");
  done.textContent = event.target.dataset.done;
  page.replaceChildren(done);
});

document.getElementById("send").addEventListener("click", send);
window.addEventListener("online", send);
setInterval(send, AGAIN);

page.hidden = false;
form.elements.text.value = localStorage.getItem(TYPING) ?? "";
await show();
await keepPage();
await send();
