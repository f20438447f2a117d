// Answers to choose from: buttons that vanish when used, boxes to tick, a picture to point at.

import { bodyPicture } from "./body.js";
import { button, make } from "./dom.js";
import { WORDS } from "./words.js";

/** @import { Custom, QuickReply, Say } from "./types.js" */

/**
 * @param {QuickReply[]} replies
 * @param {Custom} custom
 * @param {Say} say
 * @returns {HTMLElement[]}
 */
export function choices(replies, custom, say) {
  /** @type {string[]} */
  const offered = custom.several ? custom.options : [];
  const boxes = offered.filter((option) => !WORDS.alone.includes(option));
  const buttons = replies.filter((reply) => !boxes.includes(reply.title));
  return [
    ...(custom.fact === "body_site" ? [bodyPicture(say)] : []),
    ...(boxes.length ? [severalForm(boxes, say)] : []),
    ...(buttons.length ? [quickReplies(buttons, say)] : []),
  ];
}

/**
 * @param {QuickReply[]} replies
 * @param {Say} say
 */
function quickReplies(replies, say) {
  const buttons = replies.map((reply) => button(reply.title, () => say(reply.payload, reply.title), { dir: "auto" }));
  return make("div", { className: "replies" }, ...buttons);
}

/**
 * @param {string[]} options
 * @param {Say} say
 */
function severalForm(options, say) {
  const labels = options.map((option) => {
    const input = make("input", { type: "checkbox", value: option });
    return make("label", {}, input, make("span", { text: option, dir: "auto" }));
  });
  const fields = make("fieldset", {}, make("legend", { text: WORDS.several }), ...labels);
  const form = make("form", { className: "several" }, fields, make("button", { type: "submit", text: WORDS.send }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const ticked = [...fields.querySelectorAll("input")].filter((input) => input.checked).map((input) => input.value);
    if (ticked.length) say(ticked.join(", "));
  });
  return form;
}
