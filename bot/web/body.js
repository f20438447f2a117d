// A picture to point at the sore part. Every point is a button with its name, so it works by keyboard and by ear.

import { button, drawing, make } from "./dom.js";
import { WORDS } from "./words.js";

/** @import { Say } from "./types.js" */

const BOX = [300, 480];
/** name, how far from the middle, how far down; those in the middle have no side */
const POINTS = /** @type {const} */ ([
  ["Jaw", 0, 44],
  ["Neck", 0, 92],
  ["Shoulder", 58, 112],
  ["Back", 0, 166],
  ["Upper arm", 78, 160],
  ["Elbow", 92, 206],
  ["Hip", 28, 236],
  ["Wrist", 112, 256],
  ["Thigh", 32, 286],
  ["Hand", 122, 304],
  ["Knee", 34, 340],
  ["Calf", 34, 392],
  ["Foot", 38, 444],
]);
const FIGURE =
  "M150 14c18 0 28 13 28 31s-8 30-17 35v10c28 8 48 10 56 30 8 22 14 52 22 82l16 58c6 14 16 34 8 40-10 4-18-16-26-34" +
  "l-28-70-15-50-2 62c6 26 2 60-2 92-2 24 2 50-2 76-2 18-2 42-2 56 8 10 14 20 8 24-10 4-26 2-26-8l-4-68c-4-44-10-82" +
  "-14-118-4 36-10 74-14 118l-4 68c0 10-16 12-26 8-6-4 0-14 8-24 0-14 0-38-2-56-4-26 0-52-2-76-4-32-8-66-2-92l-2-62" +
  "-15 50-28 70c-8 18-16 38-26 34-8-6 2-26 8-40l16-58c8-30 14-60 22-82 8-20 28-22 56-30V80c-9-5-17-12-17-30s10-36 28-36Z";

/**
 * @param {Say} say
 * @returns {HTMLElement}
 */
export function bodyPicture(say) {
  const picture = make("div", { className: "figure" }, drawing(FIGURE, `0 0 ${BOX[0]} ${BOX[1]}`));
  picture.append(
    make("span", { className: "side right", text: WORDS.yourRight, "aria-hidden": "true" }),
    make("span", { className: "side left", text: WORDS.yourLeft, "aria-hidden": "true" }),
  );
  for (const [name, aside, down] of POINTS) {
    if (aside) picture.append(point(name, "right", -aside, down, say), point(name, "left", aside, down, say));
    else picture.append(point(name, "", 0, down, say));
  }
  const help = make("p", { text: WORDS.bodyHelp });
  const details = make("details", { className: "body" }, make("summary", { text: WORDS.body }), help, picture);
  details.open = matchMedia("(min-width: 40rem)").matches;
  return details;
}

/**
 * @param {string} name
 * @param {"left" | "right" | ""} side
 * @param {number} aside
 * @param {number} down
 * @param {Say} say
 */
function point(name, side, aside, down, say) {
  const title = side ? `${WORDS.sides[side]} ${name.toLowerCase()}` : name;
  const dot = button("", () => say(title.toLowerCase(), title), { "aria-label": title, title, className: "point" });
  dot.style.setProperty("--x", `${((BOX[0] / 2 + aside) / BOX[0]) * 100}%`);
  dot.style.setProperty("--y", `${(down / BOX[1]) * 100}%`);
  return dot;
}
