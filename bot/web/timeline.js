// Where the person is in time: when HO usually begins, when an X-ray can show it, when to check again.

import { make } from "./dom.js";
import { WORDS, fill } from "./words.js";

/** @import { Timeline } from "./types.js" */

/** @param {Timeline} one */
export function timeline(one) {
  const end = Math.max(one.latest, one.weeks ?? 0, one.again?.[1] ?? 0) * 1.04;
  const now = one.weeks === null ? "-1rem" : `${(one.weeks / end) * 100}%`;
  const rows = [
    row("begins", WORDS.begins, fill(WORDS.weeks, { from: one.begins[0], to: one.begins[1] }), one.begins, end),
    row("xray", WORDS.xray, fill(WORDS.from, { from: one.xray }), [one.xray, end], end),
    one.again && row("again", WORDS.again, span(one.again), one.again, end),
    one.weeks !== null && row("now", WORDS.now, fill(WORDS.week, { n: round(one.weeks) }), [one.weeks, one.weeks], end),
  ];
  const said = [one.begins_sentence, one.xray_sentence, one.again && one.again_sentence].filter(Boolean).join(" ");
  const section = make(
    "section",
    { className: "timeline" },
    make("h3", { text: WORDS.time }),
    make("ul", {}, ...rows),
    axis(end),
    make("p", { text: said }),
  );
  section.style.setProperty("--now", now);
  return section;
}

/** @param {number} end */
function axis(end) {
  const last = end < 56 ? WORDS.year : fill(WORDS.later, { n: round(end) });
  const ends = [WORDS.event, last].map((text) => make("span", { text }));
  return make("p", { className: "sides", "aria-hidden": "true" }, ...ends);
}

/** @param {[number, number]} weeks */
function span([from, to]) {
  return fill(WORDS.weeks, { from: round(from), to: round(to) });
}

/** @param {number} weeks */
function round(weeks) {
  return weeks < 2 ? Math.round(weeks * 10) / 10 : Math.round(weeks);
}

/**
 * @param {string} kind
 * @param {string} label
 * @param {string} when
 * @param {[number, number]} weeks
 * @param {number} end
 */
function row(kind, label, when, [from, to], end) {
  const track = make("span", { className: "track", "aria-hidden": "true" }, make("span"));
  track.style.setProperty("--from", `${(from / end) * 100}%`);
  track.style.setProperty("--size", `${((to - from) / end) * 100}%`);
  return make("li", { className: kind }, make("b", { text: label }), ` ${when}`, track);
}
