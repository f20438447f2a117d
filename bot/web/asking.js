// Questions of the page itself, which wait for yes or no: delete? still there?

import { button, make } from "./dom.js";

/**
 * True for yes. Escape and leaving it mean no. While it is open, nothing behind it can be read by chance.
 * @param {{ title: string, text: string, yes: string, no: string, cover?: boolean }} words
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, yes, no, cover = false }) {
  return new Promise((resolve) => {
    const dialog = make(
      "dialog",
      { "aria-labelledby": "asked", ...(cover ? { className: "cover" } : {}) },
      make("h2", { id: "asked", text: title }),
      make("p", { text }),
      make(
        "div",
        { className: "replies" },
        button(no, () => dialog.close("no"), { autofocus: "" }),
        button(yes, () => dialog.close("yes"), { className: "main" }),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Calls `idle` when nothing was done for `wait` milliseconds; begins anew when `idle` is through.
 * @param {number} wait
 * @param {() => Promise<void>} idle
 */
export function whenIdle(wait, idle) {
  let timer = 0;
  const restart = () => {
    clearTimeout(timer);
    timer = window.setTimeout(async () => {
      for (const name of ACTS) document.removeEventListener(name, restart);
      await idle();
      whenIdle(wait, idle);
    }, wait);
  };
  for (const name of ACTS) document.addEventListener(name, restart, { passive: true });
  restart();
}
const ACTS = ["keydown", "pointerdown", "scroll", "input"];
