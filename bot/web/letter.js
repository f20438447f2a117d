// The copy for the doctor, from its Markdown; and the link to the page that prints it.

import { make } from "./dom.js";
import { WORDS } from "./words.js";

const TAGS = /** @type {const} */ ({ "# ": "h2", "## ": "h3", "": "p" });

/**
 * Headings, lists and paragraphs of a letter.
 * @param {string} markdown
 * @param {{ "# ": "h1" | "h2", "## ": "h2" | "h3", "": "p" }} [tags]
 */
export function letterParts(markdown, tags = TAGS) {
  /** @type {HTMLElement[]} */
  const parts = [];
  /** @type {HTMLElement | null} */
  let list = null;
  for (const line of markdown.split("\n").filter(Boolean)) {
    const [, mark, text] = /** @type {RegExpExecArray} */ (/^(# |## |- |)(.*)$/.exec(line));
    if (mark !== "- ") list = null;
    else if (!list) parts.push((list = make("ul")));
    if (list) list.append(make("li", { text, dir: "auto" }));
    else parts.push(make(tags[/** @type {"# " | "## " | ""} */ (mark)], { text, dir: "auto" }));
  }
  return parts;
}

/** @param {string} markdown */
export function letter(markdown) {
  return make("article", { className: "letter" }, printLink(WORDS.print), ...letterParts(markdown));
}

/**
 * Opens the page to print. It asks this one for the text: in a frame of another site it has no cookie of its own.
 * @param {string} text
 */
export function printLink(text) {
  return make("a", { className: "action", href: "/letter", target: "_blank", rel: "opener", text });
}
