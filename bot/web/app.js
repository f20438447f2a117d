// The chat: puts the parts together.

import { ask, whenIdle } from "./asking.js";
import { choices } from "./choices.js";
import { Connection } from "./connection.js";
import { byId, canBeRung, make, telephone } from "./dom.js";
import { Outbox, newId } from "./outbox.js";
import { speakButton } from "./speech.js";
import { Transcript, isCard, payload } from "./transcript.js";
import { WORDS, fill } from "./words.js";

/** @import { Message, SessionState } from "./types.js" */

const IDLE = 10 * 60_000;
/** As many letters as the server reads of one message. */
const LONG = 2_000;
/** No more than this is sent: what comes after is not read anyway. */
const LONGEST = 10_000;
/** One greeting a conversation, however many tabs open it at once. */
const GREETING = "greeting";

const log = byId("log");
const answers = byId("choices");
const typing = byId("typing");
const note = byId("note");
const composer = /** @type {HTMLFormElement} */ (byId("composer"));
const box = /** @type {HTMLTextAreaElement} */ (byId("message"));

const connection = new Connection();
const outbox = new Outbox();
const transcript = new Transcript(log, say);
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("ho-triage") : null;
let ready = false;
let sending = false;
let turns = 0;
/** Ids of the turns of this tab: the tab that asked to delete begins the new conversation. */
const own = new Set();

// -- what is said

/**
 * @param {string} message
 * @param {string} [title]
 */
function say(message, title) {
  const item = { id: newId(), message: message.slice(0, LONGEST), title };
  outbox.add(item);
  own.add(item.id);
  transcript.you(item.id, title || item.message, true);
  offer([]);
  reveal();
  flush();
}

/** One after the other, so that they are heard in their order. */
async function flush() {
  if (sending || !ready) return;
  sending = true;
  for (let item = outbox.items[0]; item; item = outbox.items[0]) {
    showTyping();
    const replies = await connection.deliver(item);
    if (!replies) {
      item.again = true;
      break;
    }
    outbox.remove(item.id);
    transcript.heard(item.id);
    show(replies);
  }
  sending = false;
  showTyping();
}

/** @param {Message[]} messages */
function show(messages) {
  messages.forEach(showBot);
  if (messages.length) reveal();
}

function showTyping() {
  const hidden = !(sending && outbox.items.length && connection.reached) && turns <= 0;
  if (typing.hidden !== hidden) typing.hidden = hidden;
}

/** @param {Message} message */
function showBot(message) {
  if (transcript.has(message.id)) return;
  // Who lost the network may get the answer before the word that the message arrived.
  transcript.heard(turnOf(message));
  const custom = payload(message);
  if (custom.type === "forgotten") return startAnew(message);
  transcript.bot(message);
  if (custom.section) showSection(custom.section);
  if (custom.type === "triage_result") byId("section").textContent = "";
  if (message.quick_replies?.length || custom.several) offer(choices(message.quick_replies || [], custom, say));
}

/**
 * The id of what the person said that this answers.
 * @param {Message} message
 */
function turnOf(message) {
  return message.id.split(".")[0];
}

/** @param {Node[]} elements */
function offer(elements) {
  // A button that vanishes would take the focus with it to nowhere.
  const held = answers.contains(document.activeElement) || log.contains(document.activeElement);
  answers.replaceChildren(...elements);
  if (held && !answers.contains(document.activeElement)) answers.focus({ preventScroll: true });
}

/** @param {[number, number]} section */
function showSection([n, of]) {
  byId("section").textContent = fill(WORDS.part, { n, of });
}

/** A card is read from its top; an answer longer than the screen too; anything else where it ends. */
function reveal() {
  const top = transcript.top;
  if (top && isLong(top)) top.scrollIntoView({ block: "start" });
  else window.scrollTo(0, document.documentElement.scrollHeight);
}

/** @param {HTMLElement} top */
function isLong(top) {
  if (isCard(top)) return true;
  const room = window.innerHeight - byId("header").offsetHeight - byId("footer").offsetHeight;
  return answers.getBoundingClientRect().bottom - top.getBoundingClientRect().top > room;
}

// -- leaving

/** @param {Message} message */
function startAnew(message) {
  const asked = own.has(turnOf(message));
  empty();
  transcript.bot({ id: message.id, text: message.text });
  if (asked) beginNew();
}

/** Nothing of the person stays in this browser. */
function empty() {
  ready = false;
  outbox.clear();
  own.clear();
  transcript.clear();
  offer([]);
  box.value = "";
  byId("section").textContent = "";
}

async function beginNew() {
  await connection.open({ leave: true });
  tabs?.postMessage("new");
}

if (tabs) {
  tabs.onmessage = () => {
    if (ready) empty();
    connection.socket.disconnect();
    connection.open();
  };
}

async function askToDelete() {
  const words = { title: WORDS.deleteTitle, text: WORDS.deleteText, yes: WORDS.deleteYes, no: WORDS.deleteNo };
  if (await ask(words)) say(WORDS.deleteSays);
}

async function askIfThere() {
  if (!transcript.shown.size) return;
  const words = { title: WORDS.idleTitle, text: WORDS.idleText, yes: WORDS.idleYes, no: WORDS.idleNo, cover: true };
  if (!(await ask(words))) return;
  empty();
  beginNew();
}

// -- the connection

/** @param {SessionState} state */
function take({ history, emergency_number: number }) {
  status("");
  showNumber(number || WORDS.noNumber);
  log.setAttribute("aria-busy", "true");
  for (const message of history) {
    if (message.from === "bot") showBot(message);
    else showYou(message);
  }
  for (const item of outbox.items) if (!transcript.has(item.id)) transcript.you(item.id, item.title || item.message, true);
  log.removeAttribute("aria-busy");
  const isFirst = !ready;
  ready = true;
  if (!history.length && !outbox.items.length) greet();
  if (isFirst) reveal();
  flush();
}

async function greet() {
  turns += 1;
  showTyping();
  show((await connection.deliver({ id: GREETING, message: "/greet" })) || []);
  turns -= 1;
  showTyping();
}

/**
 * What the person said, here or in another tab.
 * @param {{ id: string, text?: string }} message
 */
function showYou({ id, text = "" }) {
  if (transcript.has(id)) return transcript.heard(id);
  offer([]);
  transcript.you(id, text);
}

/** @param {string} number */
function showNumber(number) {
  const text = WORDS.emergency + number;
  if (byId("emergency").textContent === text) return;
  const rung = canBeRung(number) ? make("a", { href: telephone(number), text }) : make("span", { text });
  byId("emergency").replaceChildren(rung);
}

/**
 * @param {string} text
 * @param {...Node} more
 */
function status(text, ...more) {
  if (byId("status").textContent !== text || more.length) byId("status").replaceChildren(text, ...more);
}

/**
 * @param {string} name
 * @param {(detail: any) => void} react
 */
function on(name, react) {
  connection.addEventListener(name, (event) => react(/** @type {CustomEvent} */ (event).detail));
}

on("session", take);
on("offline", () => {
  status(WORDS.offline);
  turns = 0;
  showTyping();
});
on("refused", () => {
  status(WORDS.refused + " ", make("a", { href: "/", target: "_blank", text: WORDS.openAlone }));
});
on("user_uttered", (message) => {
  showYou(message);
  reveal();
});
on("bot_uttered", (message) => show([message]));
on("turn_begin", () => {
  turns = 1;
  showTyping();
});
on("turn_end", () => {
  turns = 0;
  showTyping();
});

// The page that prints asks for the letter: it may have no cookie of its own.
window.addEventListener("message", async (event) => {
  if (event.origin !== location.origin || event.data?.type !== "ho-triage-letter?") return;
  const answer = { type: "ho-triage-letter", markdown: await connection.letter() };
  /** @type {Window} */ (event.source).postMessage(answer, location.origin);
});

// -- writing

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  fit();
  say(text);
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});

function fit() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 4}px`;
  const text = box.value.length > LONG ? WORDS.long : "";
  if (note.textContent !== text) note.textContent = text;
}
box.addEventListener("input", fit);

const speak = speakButton(box, (text) => {
  note.textContent = text;
});
if (speak) byId("tools").prepend(speak);

byId("delete").addEventListener("click", askToDelete);
if (connection.framed) {
  document.documentElement.classList.add("framed");
  document.addEventListener("keydown", (event) => {
    // Where the host page closes the chat; it learns of nothing else.
    if (event.key === "Escape" && !document.querySelector("dialog")) window.parent.postMessage("ho-triage-close", "*");
  });
}

whenIdle(IDLE, askIfThere);
connection.open();
