// @ts-check
/**
 * Drafts: one object for each conversation and mode, which saves its own text and no other.
 *
 * An editor only puts text into the draft that it shows. Saves of a draft follow each other. Text
 * that the server does not have yet is kept in this browser.
 */

import { ServerError } from "../server.js";
import * as api from "./api.js";

/** @typedef {import("./shapes.js").Mode} Mode */

const SAVE_MS = 800;
const AGAIN_MS = 3000;

export class Draft {
  /**
   * @param {import("./shapes.js").Me} me whose it is; a key's stays in this browser
   * @param {string} conversation @param {Mode} mode
   */
  constructor(me, conversation, mode) {
    this.me = me;
    this.conversation = conversation;
    this.mode = mode;
    this.key = `answerdesk:draft:${me?.id ?? "key"}:${conversation}:${mode}`;
    this.text = "";
    /** The server's version that the text is based on; 0 if it has none. */
    this.version = 0;
    /** What the server holds, as far as known. */
    this.saved = "";
    /** Another text of the same draft, written in another browser at the same time. */
    this.other = "";
    this.timer = 0;
    /** @type {Promise<void> | null} */
    this.saving = null;
    /** Called when the text was changed from outside, or how it is kept. */
    this.changed = () => {};
    this.failure = "";
    this.#restore();
  }

  get isDirty() {
    return this.text !== this.saved;
  }

  /** @param {string} text what was typed */
  write(text) {
    if (text === this.text) return;
    this.text = text;
    this.#keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_MS);
  }

  /** The text was sent, or thrown away. */
  async clear() {
    this.other = "";
    this.write("");
    await this.save();
  }

  /** Save what is not saved yet; concurrent callers share one run. @returns {Promise<void>} */
  save() {
    clearTimeout(this.timer);
    if (!this.me) return Promise.resolve();
    this.saving ??= this.#run().finally(() => (this.saving = null));
    return this.saving;
  }

  /** @param {import("./shapes.js").DraftOut | undefined} stored the server's; undefined for none */
  take(stored) {
    const { content, version } = stored ?? { content: "", version: 0 };
    if (this.saving || (stored && version <= this.version)) return;
    if (!this.isDirty) {
      this.#accept(content, version);
      this.changed();
    } else if (content !== this.saved) {
      // Both were changed. What is typed here stays, and the other text is offered.
      if (content && content !== this.text) this.other = content;
      this.version = version;
      this.saved = content;
      this.changed();
    }
  }

  /** Ask the server whether the draft is gone, as it seems; that news may be older than a save. */
  async check() {
    if (!this.me || this.saving || this.version === 0) return;
    const stored = await api.draft(this.conversation, this.mode);
    if (this.saving || this.isDirty || stored.version === this.version) return;
    this.#accept(stored.content, stored.version);
    this.changed();
  }

  /** Exchange the text here with the other one. */
  swap() {
    const { other } = this;
    this.other = this.text;
    this.write(other);
    this.changed();
  }

  async #run() {
    while (this.isDirty) {
      const { text } = this;
      try {
        const { version } = await api.saveDraft(this.conversation, this.mode, text, this.version);
        this.version = version;
        this.saved = text;
        this.failure = "";
        if (!this.isDirty) this.#keep();
      } catch (error) {
        if (!(await this.#recover(error))) return;
      }
    }
    this.changed();
  }

  /** @param {unknown} error @returns {Promise<boolean>} whether to go on saving */
  async #recover(error) {
    if (error instanceof ServerError && error.code === "draft_changed") {
      const stored = await api.draft(this.conversation, this.mode).catch(() => null);
      if (stored) {
        if (stored.content && stored.content !== this.text) this.other = stored.content;
        this.version = stored.version;
        this.saved = stored.content;
        this.changed();
        return true;
      }
    }
    const isRefused = error instanceof ServerError && error.status >= 400 && error.status < 500 && error.status !== 429;
    this.failure = isRefused ? error.message : "Not saved on the server yet; this browser keeps it.";
    this.changed();
    if (!isRefused) this.timer = setTimeout(() => this.save(), AGAIN_MS);
    return false;
  }

  /** @param {string} content @param {number} version */
  #accept(content, version) {
    this.text = content;
    this.saved = content;
    this.version = version;
    this.#keep();
  }

  #restore() {
    const kept = stored(() => JSON.parse(localStorage.getItem(this.key) ?? "null"));
    if (typeof kept?.text !== "string" || typeof kept?.version !== "number") return;
    this.text = kept.text;
    this.version = kept.version;
    this.saved = typeof kept.saved === "string" ? kept.saved : "";
  }

  #keep() {
    const { text, version, saved } = this;
    stored(() => {
      if (this.me ? this.isDirty : text) localStorage.setItem(this.key, JSON.stringify({ text, version, saved }));
      else localStorage.removeItem(this.key);
    });
  }
}

export class Drafts {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
    /** @type {Map<string, Draft>} */
    this.known = new Map();
    store.on("own", (own) => this.#take(own));
    window.addEventListener("online", () => this.#saveAll());
    document.addEventListener("visibilitychange", () => document.hidden && this.#saveAll());
  }

  /** @param {string} conversation @param {Mode} mode @returns {Draft} */
  of(conversation, mode) {
    const key = `${conversation}:${mode}`;
    const known = this.known.get(key);
    if (known) return known;
    const made = new Draft(this.store.me, conversation, mode);
    this.known.set(key, made);
    made.take(this.store.own.get(conversation)?.drafts.find((one) => one.kind === mode));
    if (made.isDirty) made.save();
    return made;
  }

  /** @param {import("./shapes.js").Own} own */
  #take(own) {
    for (const mode of /** @type {const} */ (["reply", "note"])) {
      const draft = this.known.get(`${own.conversation_id}:${mode}`);
      const stored = own.drafts.find((one) => one.kind === mode);
      if (stored) draft?.take(stored);
      else draft?.check().catch(() => {});
    }
  }

  #saveAll() {
    for (const one of this.known.values()) if (one.isDirty) one.save();
  }
}

/** @template T @param {() => T} use a store that may be disabled or full @returns {T | null} */
function stored(use) {
  try {
    return use();
  } catch {
    return null;
  }
}
