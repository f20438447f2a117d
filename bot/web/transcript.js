// What was said, each message once, in its order, under its id.

import { make } from "./dom.js";
import { WORDS, fill } from "./words.js";
import { ledger } from "./ledger.js";
import { letter } from "./letter.js";
import { verdict } from "./verdict.js";

/** @import { Custom, Message, Say } from "./types.js" */

/**
 * What a bot message carries beside its text, however the server wraps it.
 * @param {Message} message
 * @returns {Custom}
 */
export function payload(message) {
  return message.custom?.data || message.custom || {};
}

/**
 * Whether it is a card or a letter, which are read from their top.
 * @param {HTMLElement} element
 */
export function isCard(element) {
  return element.matches(".card, .letter");
}

export class Transcript {
  /**
   * @param {HTMLElement} log
   * @param {Say} say
   */
  constructor(log, say) {
    this.log = log;
    this.say = say;
    this.section = "";
    /** @type {Map<string, HTMLElement>} */
    this.shown = new Map();
    /** @type {HTMLElement | null} */
    this.top = null;
  }

  /** @param {string} id */
  has(id) {
    return this.shown.has(id);
  }

  clear() {
    this.shown.clear();
    this.top = null;
    this.section = "";
    this.log.replaceChildren();
  }

  /**
   * Words of the person. `waiting`: the server has not taken them yet.
   * @param {string} id
   * @param {string} text
   * @param {boolean} [waiting]
   */
  you(id, text, waiting = false) {
    const bubble = this.bubble("you", text);
    if (waiting) bubble.classList.add("waiting");
    if (waiting) bubble.append(make("span", { className: "note", text: WORDS.waiting }));
    this.append(id, bubble);
    this.top = null;
  }

  /**
   * The server has it.
   * @param {string} id
   */
  heard(id) {
    const bubble = this.shown.get(id);
    bubble?.classList.remove("waiting");
    bubble?.querySelector(".note")?.remove();
  }

  /** @param {Message} message */
  bot(message) {
    const custom = payload(message);
    const element = this.element(message, custom);
    if (!element) return;
    this.append(message.id, element);
    if (!this.top || (isCard(element) && !isCard(this.top))) this.top = element;
  }

  /**
   * @param {Message} message
   * @param {Custom} custom
   */
  element(message, custom) {
    if (custom.type === "triage_result") return verdict(/** @type {any} */ (custom));
    if (custom.type === "doctor_letter") return letter(custom.markdown);
    if (custom.type === "ledger") return ledger(/** @type {any} */ (custom), this.say);
    if (custom.type === "triage_part" || !message.text) return null;
    return this.bubble("bot", message.text, this.newSection(custom));
  }

  /**
   * "Part 2 of 4", said when it begins.
   * @param {Custom} custom
   */
  newSection(custom) {
    const [n, of] = custom.section || [];
    const words = n ? fill(WORDS.part, { n, of }) : this.section;
    if (words === this.section) return "";
    this.section = words;
    return words;
  }

  /**
   * @param {"you" | "bot"} who
   * @param {string} text
   * @param {string} [section]
   */
  bubble(who, text, section) {
    return make(
      "div",
      { className: `message ${who}`, dir: "auto" },
      // What has a direction of its own is left out when the bubble finds its own.
      make("span", { className: "name", dir: "auto", text: WORDS[who] }),
      section && make("span", { className: "section", dir: "auto", text: section }),
      text,
    );
  }

  /**
   * @param {string} id
   * @param {HTMLElement} element
   */
  append(id, element) {
    element.dataset.id = id;
    this.shown.set(id, element);
    // What waits comes after all that was said.
    const isWaiting = element.classList.contains("waiting");
    this.log.insertBefore(element, isWaiting ? null : this.log.querySelector(".waiting"));
  }
}
