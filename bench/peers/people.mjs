// All the people at one board, in one process with one clock: `node people.mjs PLAN`, told by boards.py.
//
// They cost as little as can be, and the same at each server: bare sockets, and while they write nothing is read of what
// comes in but the moments of sending in it. What was received is kept, and looked at when it is quiet again.
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as Y from "yjs";
import * as encoding from "lib0/encoding";

const plan = JSON.parse(process.argv[2]); // { server, port, people, pause, together, seconds, meeting, digits, warm }
const MARK = Buffer.from("~t=");
const CLOCK = 14; // characters: milliseconds with three decimals
const STAMP = MARK.length + CLOCK + 6; // "~t=0000012345.678 p=007"
const WORDS = "Bel van tevoren even op, dan schrik ik minder. Ik wist niet wat ik moest doen, en niemand vroeg het mij.";
const waits = [];
const answers = [];
let measuring = false;

const key = () => randomBytes(16).toString("base64url");
const text = (person) => {
  const now = performance.now().toFixed(3).padStart(CLOCK, "0");
  return `~t=${now} p=${String(person).padStart(3, "0")} ${WORDS}`;
};

function number(data, from, length) {
  let value = 0;
  for (let at = from; at < from + length; at += 1) if (data[at] !== 46) value = value * 10 + data[at] - 48;
  return value;
}

// --- one person -----------------------------------------------------------------------------------------------------

class Person {
  constructor(place) {
    this.place = place;
    this.chunks = [];
    this.tail = null;
    this.delivered = 0;
    this.written = 0;
  }

  hear(chunk) {
    const now = performance.now();
    this.chunks.push(chunk);
    const data = this.tail ? Buffer.concat([this.tail, chunk]) : chunk;
    this.tail = null;
    let at = data.indexOf(MARK);
    for (; at !== -1 && at + STAMP <= data.length; at = data.indexOf(MARK, at + STAMP)) {
      if (number(data, at + STAMP - 3, 3) === this.place) continue;
      this.delivered += 1;
      if (measuring) waits.push(now - number(data, at + MARK.length, CLOCK) / 1000);
    }
    if (at !== -1) this.tail = data.subarray(at);
    else if (data[data.length - 1] === 126 || data[data.length - 2] === 126) this.tail = data.subarray(-2);
  }
}

const connected = (socket) => new Promise((done, failed) => socket.once("connect", done).once("error", failed));

// --- at Gehoor: a stream to hear, and a line on which each command waits for its answer ------------------------------------

class Guest extends Person {
  async sit() {
    this.note = key();
    this.version = 0;
    this.stream = createConnection(plan.port, "127.0.0.1").setNoDelay();
    this.line = createConnection(plan.port, "127.0.0.1").setNoDelay();
    await Promise.all([connected(this.stream), connected(this.line)]);
    this.stream.on("data", (chunk) => this.hear(chunk));
    this.line.on("data", (chunk) => this.answered(chunk));
    this.stream.write(this.head("GET", "stroom/?na=0", 0));
  }

  head(method, path, length) {
    const cookie = `gehoor-bord=${plan.digits[this.place]}`;
    return `${method} /bord/${plan.meeting}/${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\nContent-Length: ${length}\r\n\r\n`;
  }

  write() {
    const what = this.version ? { do: "edit", version: this.version } : { do: "write", frame: 0 };
    const body = JSON.stringify([{ ...what, key: key(), note: this.note, kind: "wish", text: text(this.place) }]);
    this.begun = performance.now();
    this.line.write(this.head("POST", "doe/", body.length) + body);
    this.answer = "";
    return new Promise((done) => (this.done = done));
  }

  answered(chunk) {
    this.answer += chunk.toString("latin1");
    const end = this.answer.indexOf("\r\n\r\n");
    if (end === -1 || this.answer.length < end + 4 + Number(/content-length: (\d+)/i.exec(this.answer)[1])) return;
    if (measuring) answers.push(performance.now() - this.begun);
    const told = this.answer.startsWith("HTTP/1.1 200") ? JSON.parse(this.answer.slice(end + 4)) : null;
    if (told?.outcomes[0].seq) {
      this.version += 1;
      this.written += 1;
    }
    this.done();
  }

  seen() {
    const notes = {};
    const body = Buffer.concat(this.chunks).toString().replace(/\r\n[0-9a-f]+\r\n/g, "");
    for (const line of body.split("\n")) {
      if (!line.startsWith("data: ")) continue;
      for (const note of JSON.parse(line.slice(6)).notes) notes[note.note] = [note.version, note.text];
    }
    return JSON.stringify(Object.entries(notes).sort());
  }

  leave() {
    this.stream.destroy();
    this.line.destroy();
  }
}

// --- at the others: one WebSocket, with updates of a document that each keeps of the own note ---------------------------------

const SYNC = 0;
const AUTH = 2;
const UPDATE = 2;
const ROOM = key(); // another for each turn: these servers never forget a room that they met

class Peer extends Person {
  async sit() {
    this.doc = new Y.Doc();
    this.doc.on("update", (update) => this.send(this.message(update)));
    this.socket = createConnection(plan.port, "127.0.0.1").setNoDelay();
    await connected(this.socket);
    const path = plan.server === "y-websocket" ? `/${ROOM}` : "/";
    const head = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`;
    this.socket.write(`${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`);
    await new Promise((done) => this.socket.once("data", done));
    this.socket.on("data", (chunk) => this.hear(chunk));
    if (plan.server === "hocuspocus") this.send(encoding.encode((to) => this.authentication(to)));
    this.alive = setInterval(() => this.frame(0x8a, Buffer.alloc(0)), 10_000);
  }

  authentication(to) {
    encoding.writeVarString(to, ROOM);
    for (const word of [AUTH, 0]) encoding.writeVarUint(to, word);
    encoding.writeVarString(to, "");
  }

  message(update) {
    return encoding.encode((to) => {
      if (plan.server === "hocuspocus") encoding.writeVarString(to, ROOM);
      encoding.writeVarUint(to, SYNC);
      encoding.writeVarUint(to, UPDATE);
      encoding.writeVarUint8Array(to, update);
    });
  }

  send(message) {
    this.frame(0x82, message);
  }

  // A mask of zeros leaves the words as they are.
  frame(kind, message) {
    const long = message.length > 125 ? [0x80 | 126, message.length >> 8, message.length & 255] : [0x80 | message.length];
    this.socket.write(Buffer.concat([Buffer.from([kind, ...long, 0, 0, 0, 0]), message]));
  }

  write() {
    this.doc.getMap("notes").set(`note ${this.place}`, text(this.place));
    this.written += 1;
    return Promise.resolve();
  }

  // What they merged is not looked at: they keep nothing, and what did not arrive is counted.
  seen() {
    return "";
  }

  leave() {
    clearInterval(this.alive);
    this.socket.destroy();
  }
}

// --- all of them ------------------------------------------------------------------------------------------------------

async function keepOn(person, until) {
  await sleep((plan.pause * person.place) / plan.people);
  while (performance.now() < until) {
    const following = performance.now() + plan.pause;
    await person.write();
    await sleep(Math.max(0, following - performance.now()));
  }
}

async function together(people, until) {
  while (performance.now() < until) {
    const following = performance.now() + plan.pause;
    await Promise.all(people.map((person) => person.write()));
    await sleep(Math.max(0, following - performance.now()));
  }
}

function spread(values) {
  const sorted = Float64Array.from(values).sort();
  const cut = (share) => Math.round(100 * sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]) / 100;
  return { p50: cut(0.5), p95: cut(0.95), p99: cut(0.99) };
}

const sum = (values) => values.reduce((one, other) => one + other, 0);
const people = Array.from({ length: plan.people }, (_, place) => new (plan.server === "gehoor" ? Guest : Peer)(place));
for (const person of people) await person.sit();
for (let turn = 0; turn < plan.warm; turn += 1) {
  await Promise.all(people.map((person) => person.write()));
  await sleep(500);
}
console.log("ready");
await new Promise((go) => createInterface(process.stdin).once("line", go));
const spent = process.cpuUsage();
measuring = true;
const until = performance.now() + plan.seconds * 1000;
await (plan.together ? together(people, until) : Promise.all(people.map((person) => keepOn(person, until))));
const { user, system } = process.cpuUsage(spent);
console.log("done");
await sleep(1000);
const written = sum(people.map((person) => person.written));
const delivered = sum(people.map((person) => person.delivered));
console.log(
  JSON.stringify({
    wait_ms: spread(waits),
    answer_ms: answers.length ? spread(answers) : null,
    deliveries_a_second: Math.round(waits.length / plan.seconds),
    written,
    lost: written * (plan.people - 1) - delivered,
    boards_that_differ: new Set(people.map((person) => person.seen())).size - 1,
    client_cores: Math.round((user + system) / plan.seconds / 10_000) / 100,
  }),
);
for (const person of people) person.leave();
process.exit(0);
