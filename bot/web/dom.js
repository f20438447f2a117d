// Elements. Whatever comes from people or from the server is put in as text, never as HTML.

/** @typedef {Node | string | null | undefined | false | ""} Child */

/**
 * An element. `text` is its text, `className` its classes, all else are attributes.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} [options]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, options = {}, ...children) {
  const { text, className, ...rest } = options;
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  for (const [name, value] of Object.entries(rest)) element.setAttribute(name, value);
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * A drawing of one line, hidden from screen readers: words always stand beside it.
 * @param {string} d
 * @param {string} [box]
 */
export function drawing(d, box = "0 0 24 24") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", box);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", d);
  svg.append(path);
  return svg;
}

/**
 * A button.
 * @param {string} text
 * @param {() => void} press
 * @param {Record<string, string>} [options]
 */
export function button(text, press, options = {}) {
  const element = make("button", { type: "button", text, ...options });
  element.addEventListener("click", press);
  return element;
}

/**
 * The element of the page with this id.
 * @param {string} id
 */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * Whether a number can be rung with one tap: words that name several numbers cannot.
 * @param {string} number
 */
export function canBeRung(number) {
  return /^\+?[\d ]{2,15}$/.test(number);
}

/** @param {string} number */
export function telephone(number) {
  return `tel:${number.replaceAll(" ", "")}`;
}
