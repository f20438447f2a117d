// The way to the server: socket.io where it can be had, plain requests where it cannot. Same session,
// same history, and every message under an id, so that it is heard once whichever way it goes.

import { io } from "./vendor/socket.io.esm.min.js";

/** @import { Item, SessionState } from "./types.js" */

const ANSWER_WAIT = 30_000;
const LOOK_AGAIN = 5_000;
const DOOR = "/webhooks/web/";

/**
 * Tells of `session` (a SessionState), `user_uttered`, `bot_uttered`, `turn_begin`, `turn_end`, `offline` and
 * `refused` (the browser keeps no cookie) as events; `detail` is what the server sent.
 */
export class Connection extends EventTarget {
  constructor() {
    super();
    this.mark = "";
    /** The mark of the conversation that this page has left: what still comes of it is not shown. */
    this.left = "";
    /** Whether the last try reached the server. */
    this.reached = false;
    this.framed = window.self !== window.top;
    this.socket = io({
      path: "/socket.io",
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      autoConnect: false,
      reconnectionDelayMax: 5000,
    });
    for (const name of ["user_uttered", "bot_uttered", "turn_begin", "turn_end"]) {
      this.socket.on(name, (/** @type {any} */ data) => this.tell(name, data));
    }
    this.socket.on("session_confirm", (/** @type {SessionState} */ state) => this.hold(state));
    this.socket.on("disconnect", () => this.look());
    this.socket.on("connect_error", () => this.look());
    for (const name of ["online", "focus"]) window.addEventListener(name, () => this.look());
    window.addEventListener("offline", () => this.lose());
    setInterval(() => this.look(), LOOK_AGAIN);
  }

  /**
   * @param {string} name
   * @param {any} [detail]
   */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** @param {SessionState} state */
  hold(state) {
    if (this.left && state.session === this.left) return;
    this.reached = true;
    this.mark = state.session;
    this.tell("session", state);
  }

  lose() {
    this.reached = false;
    this.tell("offline");
  }

  /** Without a socket: is the server there by plain requests? */
  async look() {
    if (this.socket.connected || this.looking || document.hidden) return;
    this.looking = true;
    await this.open();
    this.looking = false;
  }

  /**
   * Take up the conversation of this browser, or begin one. `leave` begins a new one in place of the present one.
   * @param {{ leave?: boolean }} [how]
   */
  async open({ leave = false } = {}) {
    if (leave) {
      this.left = this.mark;
      this.socket.disconnect();
    }
    // Also on a later try, when the network failed the first one.
    const answer = await this.post("session", { leave: this.left, framed: this.framed });
    if (!answer) return this.lose();
    this.hold(answer);
    // It reconnects by itself, save when the server refused it or we hung up.
    if (!this.socket.active) this.socket.connect();
  }

  /**
   * Send one message and wait until it is answered: null when the server did not take it. Over the socket the
   * answers come as events; without it they are what is returned.
   * @param {Item} item
   * @returns {Promise<import("./types.js").Message[] | null>}
   */
  async deliver(item) {
    if (this.socket.connected) {
      const asked = this.socket.timeout(ANSWER_WAIT).emitWithAck("user_uttered", item);
      return asked.then((heard) => (heard ? [] : null)).catch(() => null);
    }
    const answer = await this.post("message", item);
    return answer && answer.messages;
  }

  /** The copy for the doctor as Markdown; null when there is none yet. */
  async letter() {
    const answer = await fetch(`${DOOR}letter`).catch(() => null);
    return answer && answer.ok ? (await answer.json()).markdown : null;
  }

  /**
   * @param {string} place
   * @param {object} body
   * @returns {Promise<any>} null when the server cannot be reached or has no session of this browser
   */
  async post(place, body) {
    const request = {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WAIT),
    };
    const answer = await fetch(DOOR + place, request).catch(() => null);
    if (answer && answer.status === 401) this.tell("refused");
    return answer && answer.ok ? answer.json().catch(() => null) : null;
  }
}
