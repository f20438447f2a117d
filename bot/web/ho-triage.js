// Puts the chat on any page: <script src="https://chat.example/ho-triage.js" defer></script> and one <ho-triage>.
//
// label="..."   the words of the button (default: Ask about bone growth)
// side="start"  the button at the left (in left-to-right pages) instead of the right
// open          the chat is open from the start
// inline        no button: the chat fills the element where it stands
// src="..."     another address of the chat (default: where this script came from)
//
// Events: ho-triage-open, ho-triage-close. Methods: show(), hide(). The chat itself runs in a frame of its own origin,
// so the page around it can read nothing of what is said.
(() => {
  "use strict";
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const home = new URL("/", script.src).href;
  const STYLE = `
    :host { --ho-triage-color: #0b5c6b; display: inline; }
    :host([inline]) { display: block; block-size: 40rem; }
    button {
      min-block-size: 48px; padding: .6rem 1.1rem; border: 0; border-radius: 1.6rem; cursor: pointer;
      font: 600 1rem/1.3 system-ui, sans-serif; color: #fff; background: var(--ho-triage-color);
    }
    button:focus-visible { outline: 3px solid var(--ho-triage-color); outline-offset: 3px; }
    .launch { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000; box-shadow: 0 4px 16px #0005; }
    :host([side="start"]) .launch { inset-inline: 1rem auto; }
    .panel {
      position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483001; display: flex; flex-direction: column;
      inline-size: min(26rem, calc(100vw - 2rem)); block-size: min(44rem, calc(100dvh - 2rem));
      overflow: hidden; border-radius: 1rem; background: Canvas; box-shadow: 0 8px 40px #0006;
    }
    :host([side="start"]) .panel { inset-inline: 1rem auto; }
    .panel[hidden], .launch[hidden] { display: none; }
    .close { border-radius: 0; min-block-size: 44px; padding-block: .4rem; text-align: end; }
    .close:focus-visible { outline-offset: -4px; outline-color: #fff; }
    iframe { flex: 1; inline-size: 100%; border: 0; }
    :host([inline]) iframe { block-size: 100%; }
    @media (max-width: 30rem) { .panel { inset: 0; inline-size: 100%; block-size: 100dvh; border-radius: 0; } }
  `;

  class HoTriage extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      // A constructed sheet is no inline style: it passes under a strict policy of the host page.
      root.adoptedStyleSheets = [sheet];
      if (this.hasAttribute("inline")) root.append(this.frame());
      else this.float(root);
    }

    /** @param {ShadowRoot} root */
    float(root) {
      this.launch = this.button("launch", this.getAttribute("label") || "Ask about bone growth", () => this.show());
      this.panel = document.createElement("div");
      this.panel.className = "panel";
      this.panel.hidden = true;
      this.panel.append(this.button("close", "Close the chat", () => this.hide()));
      root.append(this.launch, this.panel);
      this.addEventListener("keydown", (event) => event.key === "Escape" && this.hide());
      window.addEventListener("message", (event) => {
        const isOurs = event.origin === new URL(this.address).origin && event.source === this.chat?.contentWindow;
        if (isOurs && event.data === "ho-triage-close") this.hide();
      });
      if (this.hasAttribute("open")) this.show({ focus: false });
    }

    get address() {
      return new URL(this.getAttribute("src") || home, document.baseURI).href;
    }

    frame() {
      this.chat = document.createElement("iframe");
      this.chat.title = "HO Triage chat";
      this.chat.allow = "microphone";
      this.chat.src = this.address;
      return this.chat;
    }

    /**
     * @param {string} className
     * @param {string} text
     * @param {() => void} press
     */
    button(className, text, press) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className, textContent: text });
      button.addEventListener("click", press);
      return button;
    }

    /** Opens the chat; it is loaded only now, so that a page whose visitors do not use it pays nothing for it. */
    show({ focus = true } = {}) {
      if (!this.panel?.hidden || !this.launch) return;
      if (!this.chat) this.panel.append(this.frame());
      this.panel.hidden = false;
      this.launch.hidden = true;
      if (focus) this.chat?.focus();
      this.dispatchEvent(new CustomEvent("ho-triage-open", { bubbles: true }));
    }

    /** Closes the chat; what was said stays. */
    hide() {
      if (!this.panel || this.panel.hidden || !this.launch) return;
      this.panel.hidden = true;
      this.launch.hidden = false;
      this.launch.focus();
      this.dispatchEvent(new CustomEvent("ho-triage-close", { bubbles: true }));
    }
  }
  if (!customElements.get("ho-triage")) customElements.define("ho-triage", HoTriage);
})();
