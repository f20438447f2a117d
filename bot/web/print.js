// The printable copy for the doctor, at /letter.

import { button, byId, make } from "./dom.js";
import { letterParts } from "./letter.js";
import { WORDS } from "./words.js";

const PATIENCE = 3_000;

/** @returns {Promise<string | null>} the letter of the chat that opened this page */
function fromOpener() {
  return new Promise((resolve) => {
    if (!window.opener) return resolve(null);
    window.addEventListener("message", (event) => {
      if (event.origin === location.origin && event.data?.type === "ho-triage-letter") resolve(event.data.markdown);
    });
    window.opener.postMessage({ type: "ho-triage-letter?" }, location.origin);
    setTimeout(() => resolve(null), PATIENCE);
  });
}

/** @returns {Promise<string | null>} the letter of this browser's own conversation */
async function fromServer() {
  const answer = await fetch("/webhooks/web/letter").catch(() => null);
  return answer && answer.ok ? (await answer.json()).markdown : null;
}

const markdown = (await fromOpener()) || (await fromServer());
const place = byId("letter");
if (markdown) {
  byId("print").append(button(WORDS.print, () => window.print(), { className: "main" }));
  place.replaceChildren(...letterParts(markdown, { "# ": "h1", "## ": "h2", "": "p" }));
} else {
  byId("missing").append(make("h1", { text: WORDS.copy }), make("p", { text: WORDS.noLetter }));
}
