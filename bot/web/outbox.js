// Messages that the server has not taken yet. They outlive a reload and a lost network; each has a key of its
// own, so that two tabs never write over each other. Sent twice they are heard once: the server knows the ids.

/** @import { Item } from "./types.js" */

const PREFIX = "ho-triage.unsent.";

export class Outbox {
  constructor() {
    /** @type {Item[]} */
    this.items = this.stored();
  }

  /** @param {Item} item */
  add(item) {
    this.items.push(item);
    this.keep((storage) => storage.setItem(PREFIX + item.id, JSON.stringify({ ...item, at: Date.now() })));
  }

  /** @param {string} id */
  remove(id) {
    this.items = this.items.filter((item) => item.id !== id);
    this.keep((storage) => storage.removeItem(PREFIX + id));
  }

  clear() {
    for (const item of [...this.items, ...this.stored()]) this.remove(item.id);
  }

  /** @returns {Item[]} */
  stored() {
    /** @type {(Item & { at: number })[]} */
    const found = [];
    this.keep((storage) => {
      for (const key of Object.keys(storage).filter((name) => name.startsWith(PREFIX))) {
        found.push({ ...JSON.parse(storage.getItem(key) || "{}"), again: true });
      }
    });
    return found.sort((one, other) => one.at - other.at);
  }

  /**
   * Private windows and frames may have no storage: then what is unsent lives as long as the page.
   * @param {(storage: Storage) => void} work
   */
  keep(work) {
    try {
      work(localStorage);
    } catch {
      // The list in memory goes on.
    }
  }
}

/** crypto.randomUUID exists on https and localhost only; a page on a home network has neither. */
export function newId() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
}
