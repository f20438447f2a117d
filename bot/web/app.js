"use strict";
// The chat. Whatever comes from people or from the server is put in as text, never as HTML.

const WORDS = {
  urgency: {
    emergency: "Emergency: get help now",
    same_day: "See a doctor today",
    within_2_weeks: "See a doctor within 2 weeks",
    routine: "Book a routine visit",
    self_care: "Care for yourself at home",
  },
  risk: {
    high: "Chance of extra bone (HO): high",
    moderate: "Chance of extra bone (HO): moderate",
    low: "Chance of extra bone (HO): low",
  },
  offline: "You are offline. What you write is sent when you are back.",
  you: "You: ",
  bot: "HO Triage: ",
  several: "Tick all that fit",
  alone: ["None of these", "Not sure"],
  send: "Send",
  call: "Call ",
  why: "Why",
  scans: "Scans to ask for",
  safe: "Stay safe",
  changes: "What would change this advice",
  sources: "Sources",
  limits: "This is to learn from. It is not a medical device and gives no diagnosis.",
};
const ICONS = {
  emergency: "M12 2 1 21h22L12 2Zm0 7v6m0 3v.5",
  same_day: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm0 5v5l4 2",
  within_2_weeks: "M4 5h16v16H4V5Zm0 5h16M8 2v4m8-4v4",
  routine: "M4 5h16v16H4V5Zm0 5h16M8 15l3 3 5-5",
  self_care: "M12 21C3 15 2 11 2 8a5 5 0 0 1 10-1 5 5 0 0 1 10 1c0 3-1 7-10 13Z",
};
const SESSION = "ho-triage.session";
const OUTBOX = "ho-triage.outbox";
const ANSWER_WAIT = 30000;

const byId = (id) => document.getElementById(id);
const log = byId("log");
const choices = byId("choices");
const composer = byId("composer");
const box = byId("message");
const outbox = JSON.parse(localStorage.getItem(OUTBOX) || "[]");
const underway = new Set();
const socket = io({ path: "/socket.io", transports: ["websocket", "polling"] });
let ready = false;
let readFromTop = null;
let receipt = null;

function make(tag, options = {}, ...children) {
  const { text, className, ...rest } = options;
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  for (const [name, value] of Object.entries(rest)) element.setAttribute(name, value);
  element.append(...children.filter(Boolean));
  return element;
}

// -- what is said

function showMessage(who, text, id) {
  const bubble = make("div", { className: `message ${who}` });
  bubble.append(make("span", { className: "name", text: WORDS[who] }), text);
  if (id) bubble.dataset.id = id;
  log.append(bubble);
  return bubble;
}

function showYours(text, waitingId) {
  readFromTop = null;
  choices.replaceChildren();
  const bubble = showMessage("you", text, waitingId);
  if (waitingId) bubble.classList.add("waiting");
}

function showBot(message) {
  const custom = (message.custom && message.custom.data) || message.custom || {};
  if (custom.type === "forgotten") return startAnew(message.text);
  if (custom.type === "triage_result" || custom.type === "doctor_letter") {
    readFromTop = custom.type === "triage_result" ? card(custom) : letter(custom.markdown);
    log.append(readFromTop);
  } else if (custom.type !== "triage_part" && message.text) showMessage("bot", message.text);
  showChoices(message.quick_replies || [], custom);
}

// The person asked for their data to be deleted: nothing of them stays here either, only the receipt is shown.
function startAnew(text) {
  ready = false;
  outbox.length = 0;
  underway.clear();
  localStorage.clear();
  log.replaceChildren();
  choices.replaceChildren();
  receipt = showMessage("bot", text);
  socket.emit("session_request", {});
}

// A verdict and a letter are read from their top; anything else is read where it ends.
function toEnd() {
  const main = document.querySelector("main");
  if (log.contains(readFromTop)) readFromTop.scrollIntoView({ block: "start" });
  else main.scrollTop = main.scrollHeight;
}

// -- choices

function showChoices(replies, custom) {
  if (replies.length || custom.several) choices.replaceChildren();
  const boxes = custom.several ? custom.options.filter((option) => !WORDS.alone.includes(option)) : [];
  if (boxes.length) choices.append(severalForm(boxes));
  const buttons = replies.filter((reply) => !boxes.includes(reply.title));
  const group = make("div", { className: "replies" });
  for (const reply of buttons) {
    const button = make("button", { type: "button", text: reply.title });
    button.addEventListener("click", () => say(reply.payload, reply.title));
    group.append(button);
  }
  if (buttons.length) choices.append(group);
}

function severalForm(options) {
  const fields = make("fieldset", {}, make("legend", { text: WORDS.several }));
  for (const option of options) {
    const input = make("input", { type: "checkbox", value: option });
    fields.append(make("label", {}, input, make("span", { text: option })));
  }
  const form = make("form", {}, fields, make("button", { type: "submit", text: WORDS.send }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const ticked = [...fields.querySelectorAll("input:checked")].map((input) => input.value);
    if (ticked.length) say(ticked.join(", "));
  });
  return form;
}

// -- the verdict

function icon(urgency) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[urgency] || ICONS.routine);
  for (const [name, value] of Object.entries({ fill: "none", stroke: "currentColor", "stroke-width": "2" })) {
    path.setAttribute(name, value);
  }
  drawing.append(path);
  return drawing;
}

function part(title, lines) {
  const said = lines.filter(Boolean);
  if (!said.length) return null;
  const list = make("ul", {}, ...said.map((text) => make("li", { text })));
  return make("section", {}, title && make("h3", { text: title }), list);
}

function callLink(verdict) {
  const number = verdict.emergency_number || "";
  if (verdict.urgency !== "emergency") return null;
  // Without a configured country the words name several numbers: none is guessed, so none can be tapped.
  if (!/^\+?[\d ]{2,15}$/.test(number)) return make("p", { className: "call", text: WORDS.call + number });
  return make("a", { className: "call", href: `tel:${number.replaceAll(" ", "")}`, text: WORDS.call + number });
}

function cited(text, entry) {
  const sources = entry.sources || [];
  return text && sources.length ? `${text} [${sources.join(", ")}]` : text;
}

function imagingLine(scan) {
  return cited([scan.ask_for, scan.when].filter(Boolean).join(" "), scan);
}

function sourceList(sources) {
  const items = sources.map((source) => {
    const name = `${source.id}: ${source.title}`;
    if (!/^https?:/.test(source.url)) return make("li", { text: name });
    return make("li", {}, make("a", { href: source.url, target: "_blank", rel: "noopener noreferrer", text: name }));
  });
  return make("details", {}, make("summary", { text: WORDS.sources }), make("ul", {}, ...items));
}

function card(verdict) {
  const alarm = verdict.urgency === "emergency";
  const net = verdict.safety_net || {};
  const heading = make("h2", {}, icon(verdict.urgency), make("span", { text: WORDS.urgency[verdict.urgency] }));
  const changes = part("", (verdict.what_would_change || []).map((one) => one.sentence));
  return make(
    "article",
    { className: `card ${verdict.urgency}`, ...(alarm ? { role: "alert" } : {}) },
    heading,
    callLink(verdict),
    verdict.advice && make("p", { text: verdict.advice }),
    ...(verdict.red_flags || []).map((flag) => flag.say && make("p", { text: cited(flag.say, flag) })),
    verdict.who_to_see && make("p", { text: verdict.who_to_see }),
    ...(verdict.exclusions || []).map((one) => make("p", { text: one.sentence })),
    make("h3", { text: WORDS.risk[verdict.risk_band] || "" }),
    verdict.band_sentence && make("p", { text: verdict.band_sentence }),
    part(WORDS.why, (verdict.reasons || []).map((reason) => cited(reason.sentence, reason))),
    part(WORDS.scans, (verdict.imaging || []).map(imagingLine)),
    part(WORDS.safe, [net.uncertainty, net.look_for, net.get_help, net.how_long].flat()),
    changes && make("details", {}, make("summary", { text: WORDS.changes }), changes),
    verdict.sources && verdict.sources.length > 0 && sourceList(verdict.sources),
    make("p", { className: "limits", text: WORDS.limits }),
  );
}

// -- the copy for the doctor

function letter(markdown) {
  const article = make("article", { className: "letter" });
  let list = null;
  for (const line of markdown.split("\n").filter(Boolean)) {
    const [, mark, text] = /^(# |## |- |)(.*)$/.exec(line);
    if (mark !== "- ") list = null;
    else if (!list) article.append((list = make("ul")));
    if (list) list.append(make("li", { text }));
    else article.append(make({ "# ": "h2", "## ": "h3" }[mark] || "p", { text }));
  }
  return article;
}

// -- sending

function say(message, title) {
  const item = { id: newId(), message, title };
  outbox.push(item);
  keepOutbox();
  showYours(title || message, item.id);
  toEnd();
  flush();
}

// crypto.randomUUID exists on https and localhost only; a page on a home network has neither.
function newId() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
}

function keepOutbox() {
  if (outbox.length) localStorage.setItem(OUTBOX, JSON.stringify(outbox));
  else localStorage.removeItem(OUTBOX);
}

function flush() {
  if (ready) outbox.filter((item) => !underway.has(item.id)).forEach(send);
  byId("typing").hidden = !underway.size;
}

function send(item) {
  underway.add(item.id);
  const session = localStorage.getItem(SESSION);
  socket.timeout(ANSWER_WAIT).emit("user_uttered", { session, ...item }, (error, heard) => {
    underway.delete(item.id);
    if (!error && heard) sent(item);
    flush();
  });
}

function sent(item) {
  const place = outbox.indexOf(item);
  if (place >= 0) outbox.splice(place, 1);
  keepOutbox();
  const bubble = log.querySelector(`[data-id="${item.id}"]`);
  if (bubble) bubble.classList.remove("waiting");
}

// -- the connection

socket.on("connect", () => {
  byId("status").textContent = "";
  socket.emit("session_request", { session: localStorage.getItem(SESSION) });
});

socket.on("disconnect", () => {
  ready = false;
  underway.clear();
  byId("typing").hidden = true;
  byId("status").textContent = WORDS.offline;
});

socket.on("connect_error", () => {
  byId("status").textContent = WORDS.offline;
});

socket.on("session_confirm", ({ session, history }) => {
  localStorage.setItem(SESSION, session);
  log.replaceChildren(...[receipt].filter(Boolean));
  receipt = null;
  choices.replaceChildren();
  for (const message of history) {
    if (message.from === "bot") showBot(message);
    else showYours(message.text);
  }
  for (const item of outbox) showYours(item.title || item.message, item.id);
  if (!history.length && !outbox.length) socket.emit("user_uttered", { session, message: "/greet" });
  ready = true;
  toEnd();
  flush();
});

socket.on("bot_uttered", (message) => {
  showBot(message);
  toEnd();
});

socket.on("turn_end", () => {
  byId("typing").hidden = true;
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
}
box.addEventListener("input", fit);
