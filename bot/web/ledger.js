// What was heard, a line a fact, each with a button that asks for it again.

import { button, make } from "./dom.js";
import { WORDS, fill } from "./words.js";

/** @import { LedgerItem, Say } from "./types.js" */

/**
 * @param {{ items?: LedgerItem[], lines?: { fact: string, line: string }[] }} heard
 * @param {Say} say
 */
export function ledger(heard, say) {
  const items = heard.items || (heard.lines || []).map(asItem);
  const denied = items.filter((item) => WORDS.no.includes(item.value.toLowerCase()));
  const told = items.filter((item) => !denied.includes(item));
  const hidden = make(
    "details",
    {},
    make("summary", { text: fill(WORDS.denied, { n: denied.length }) }),
    list(denied, say),
  );
  return make(
    "article",
    { className: "ledger card" },
    make("h2", { text: WORDS.ledger }),
    told.length > 0 && list(told, say),
    denied.length > 0 && hidden,
  );
}

/**
 * @param {{ fact: string, line: string }} line
 * @returns {LedgerItem}
 */
function asItem({ fact, line }) {
  const cut = line.indexOf(": ");
  return { fact, label: line.slice(0, Math.max(cut, 0)), value: line.slice(cut < 0 ? 0 : cut + 2) };
}

/**
 * @param {LedgerItem[]} items
 * @param {Say} say
 */
function list(items, say) {
  return make("ul", { className: "facts" }, ...items.map((item) => row(item, say)));
}

/**
 * @param {LedgerItem} item
 * @param {Say} say
 */
function row(item, say) {
  const title = `${WORDS.change}: ${item.label}`;
  const { payload } = item;
  return make(
    "li",
    {},
    make("span", { className: "label", text: item.label, dir: "auto" }),
    make("span", { className: "value", text: item.value, dir: "auto" }),
    payload && button(WORDS.change, () => say(payload, title), { "aria-label": title, className: "small" }),
  );
}
