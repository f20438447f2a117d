// The verdict as a card: how soon, first, in words and colour and icon; then how likely HO is, why, and what to do.

import { canBeRung, drawing, make, telephone } from "./dom.js";
import { printLink } from "./letter.js";
import { timeline } from "./timeline.js";
import { WORDS } from "./words.js";

/** @import { Cited, Reason, Verdict } from "./types.js" */
/** @typedef {NonNullable<Verdict["sources"]>} Sources */

const ICONS = {
  emergency: "M12 2 1 21h22L12 2Zm0 7v6m0 3v.5",
  same_day: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm0 5v5l4 2",
  within_2_weeks: "M4 5h16v16H4V5Zm0 5h16M8 2v4m8-4v4",
  routine: "M4 5h16v16H4V5Zm0 5h16M8 15l3 3 5-5",
  self_care: "M12 21C3 15 2 11 2 8a5 5 0 0 1 10-1 5 5 0 0 1 10 1c0 3-1 7-10 13Z",
};
const BANDS = /** @type {const} */ (["low", "moderate", "high"]);

/** @param {Verdict} one */
export function verdict(one) {
  const urgency = /** @type {keyof typeof ICONS} */ (one.urgency);
  const alarm = urgency === "emergency";
  const heading = make("h2", {}, drawing(ICONS[urgency]), make("span", { text: WORDS.urgency[urgency] }));
  const about = [...risk(one), ...scans(one), ...safety(one), ...changes(one)];
  return make(
    alarm ? "section" : "article",
    { className: `card verdict ${urgency}`, ...(alarm ? { role: "alert" } : {}) },
    make("header", {}, heading, alarm && call(one), one.advice && make("p", { text: one.advice })),
    ...(one.red_flags || []).map((flag) => flag.say && cited("p", flag.say, flag, alarm ? [] : one.sources)),
    one.who_to_see && make("p", {}, make("b", { text: WORDS.whom }), one.who_to_see),
    ...(one.exclusions || []).map((excluded) => make("p", { text: excluded.sentence })),
    ...soon(one),
    // Whoever must call now reads of HO and of sources only when they ask for it.
    ...(alarm ? [folded(WORDS.more, [...about, ...foot(one)])] : [...about, ...foot(one)]),
    make("p", { className: "limits", text: WORDS.limits }),
  );
}

/** @param {Verdict} one */
function call(one) {
  const number = one.emergency_number || "";
  // Without a configured country the words name several numbers: none is guessed, so none can be tapped.
  if (!canBeRung(number)) return make("p", { className: "call", text: WORDS.call + number });
  return make("a", { className: "call", href: telephone(number), text: WORDS.call + number });
}

/**
 * What set the urgency beside the danger signs.
 * @param {Verdict} one
 */
function soon(one) {
  const rows = (one.reasons || []).filter((reason) => reason.effect);
  return rows.length ? [make("ul", {}, ...rows.map((reason) => cited("li", reason.sentence, reason, one.sources)))] : [];
}

/** @param {Verdict} one */
function risk(one) {
  const band = /** @type {keyof typeof WORDS.risk} */ (one.risk_band);
  const steps = BANDS.map((name) =>
    make("li", { text: WORDS.bands[name], ...(name === band ? { "aria-current": "true", className: name } : {}) }),
  );
  const reasons = (one.reasons || []).filter((reason) => !reason.effect);
  return [
    make("h3", { text: WORDS.risk[band] || "" }),
    make("ol", { className: "bands", "aria-label": WORDS.scale }, ...steps),
    one.band_sentence && make("p", { text: one.band_sentence }),
    reasons.length > 0 && make("h3", { text: WORDS.why }),
    reasons.length > 0 && sides(),
    reasons.length > 0 && make("ul", { className: "reasons" }, ...reasons.map((reason) => weighed(reason, one))),
    one.timeline && timeline(one.timeline),
  ];
}

/** What the two sides of the picture mean; by ear each reason says it. */
function sides() {
  const ends = [WORDS.lowered, WORDS.raised].map((text) => make("span", { text }));
  return make("p", { className: "sides", "aria-hidden": "true" }, ...ends);
}

/**
 * A reason, with a bar to the one side if it raises the chance and to the other if it lowers it.
 * @param {Reason} reason
 * @param {Verdict} one
 */
function weighed(reason, one) {
  const points = reason.points || 0;
  const most = Math.max(1, ...(one.reasons || []).map((other) => Math.abs(other.points || 0)));
  const way = points > 0 ? "raised" : points < 0 ? "lowered" : "neutral";
  const bar = make("span", { className: "bar", "aria-hidden": "true" }, make("span"));
  bar.style.setProperty("--share", `${(Math.abs(points) / most) * 50}%`);
  const row = cited("li", reason.sentence, reason, one.sources);
  row.className = way;
  row.append(bar, make("span", { className: "name", text: ` (${WORDS[way]})` }));
  return row;
}

/** @param {Verdict} one */
function scans(one) {
  const rows = (one.imaging || []).map((scan) =>
    cited("li", [scan.ask_for, scan.when].filter(Boolean).join(" "), scan, one.sources),
  );
  return rows.length ? [make("h3", { text: WORDS.scans }), make("ul", {}, ...rows)] : [];
}

/** @param {Verdict} one */
function safety(one) {
  const net = one.safety_net || {};
  const lines = [net.look_for, net.get_help, net.how_long, net.uncertainty].flat().filter(Boolean);
  const rows = lines.map((text) => make("li", { text }));
  return rows.length ? [make("h3", { text: WORDS.safe }), make("ul", {}, ...rows)] : [];
}

/** @param {Verdict} one */
function changes(one) {
  const rows = (one.what_would_change || []).map((change) => make("li", { text: change.sentence }));
  return rows.length ? [folded(WORDS.changes, [make("ul", {}, ...rows)])] : [];
}

/** @param {Verdict} one */
function foot(one) {
  const rows = (one.sources || []).map((source) => make("li", {}, sourceLink(source, `${source.id}: ${source.title}`)));
  return [
    rows.length > 0 && folded(WORDS.sources, [make("ul", {}, ...rows)]),
    one.facts && printLink(WORDS.copy),
  ];
}

/**
 * @param {string} title
 * @param {import("./dom.js").Child[]} inside
 */
function folded(title, inside) {
  return make("details", {}, make("summary", { text: title }), ...inside);
}

/**
 * A sentence with the sources it rests on, each a link.
 * @template {"li" | "p"} T
 * @param {T} tag
 * @param {string} text
 * @param {Cited} entry
 * @param {Sources} [sources]
 */
function cited(tag, text, entry, sources = []) {
  const found = sources.filter((source) => (entry.sources || []).includes(source.id));
  const links = found.flatMap((source, index) => [index ? ", " : " [", sourceLink(source, source.id)]);
  return make(tag, { dir: "auto" }, text, ...links, found.length > 0 && "]");
}

/**
 * @param {Sources[number]} source
 * @param {string} text
 */
function sourceLink(source, text) {
  if (!/^https?:/.test(source.url)) return make("span", { text, title: source.title });
  const outside = { href: source.url, target: "_blank", rel: "noopener noreferrer" };
  return make("a", { ...outside, text, title: source.title, ...named(source, text) });
}

/**
 * A bare id says nothing by ear.
 * @param {Sources[number]} source
 * @param {string} text
 * @returns {Record<string, string>}
 */
function named(source, text) {
  return text === source.id ? { "aria-label": WORDS.source + text + ": " + source.title } : {};
}
