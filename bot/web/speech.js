// Speaking instead of typing, where the browser can listen.

import { button, drawing } from "./dom.js";
import { WORDS } from "./words.js";

const MICROPHONE = "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM6 11a6 6 0 0 0 12 0m-6 6v4m-3 0h6";

/**
 * A button that writes what is spoken into `box`; null where the browser cannot listen. `note` says what goes on.
 * @param {HTMLTextAreaElement} box
 * @param {(text: string) => void} note
 */
export function speakButton(box, note) {
  const Recognition = /** @type {any} */ (window).SpeechRecognition || /** @type {any} */ (window).webkitSpeechRecognition;
  if (!Recognition) return null;
  /** @type {any} */
  let listening = null;
  const named = { className: "speak", "aria-label": WORDS.speak, title: WORDS.speak, "aria-pressed": "false" };
  const press = button("", () => (listening ? listening.stop() : listen()), named);
  press.append(drawing(MICROPHONE));

  function listen() {
    listening = new Recognition();
    listening.lang = document.documentElement.lang;
    listening.interimResults = true;
    const before = box.value ? `${box.value.trimEnd()} ` : "";
    listening.onresult = (/** @type {any} */ event) => {
      box.value = before + [...event.results].map((result) => result[0].transcript).join("");
      box.dispatchEvent(new Event("input"));
    };
    listening.onerror = () => note(WORDS.speakFailed);
    listening.onend = () => {
      listening = null;
      press.setAttribute("aria-pressed", "false");
      box.focus();
    };
    listening.start();
    press.setAttribute("aria-pressed", "true");
    note(WORDS.speakNote);
  }
  return press;
}
