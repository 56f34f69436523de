// @ts-check
/** A conversation's messages, with the notes of colleagues in between. */

import { badge, button, byId, guarded, h, words } from "../dom.js";
import { showSources } from "../sources.js";
import { part, showBlocks, showText } from "../text.js";
import { when } from "../wording.js";
import * as api from "./api.js";
import { time } from "./filters.js";

/**
 * @typedef {import("./shapes.js").Message} Message
 * @typedef {import("./shapes.js").Note} Note
 * @typedef {{id: string, at: number, message: Message | null, note: Note | null}} Item
 */

const SHOWN = 100;
const NEAR_END = 120;

export class Thread {
  /** @param {import("./store.js").Store} store @param {{announce: (text: string) => void, read: () => void}} on */
  constructor(store, on) {
    this.store = store;
    this.on = on;
    this.box = byId("thread");
    this.list = byId("messages");
    this.earlier = byId("earlier");
    this.news = byId("news");
    this.conversation = "";
    /** @type {Map<string, Item>} */
    this.items = new Map();
    /** Notes that are gone: a list that was read before may still have them. @type {Set<string>} */
    this.gone = new Set();
    this.shown = SHOWN;
    this.isLoaded = false;
    this.earlier.addEventListener("click", () => this.#showEarlier());
    this.news.addEventListener("click", () => this.toEnd());
    this.wasAtEnd = true;
    this.box.addEventListener("scroll", () => {
      this.wasAtEnd = this.isAtEnd;
      if (this.wasAtEnd) this.#reached();
    });
    // Stay at the end when the window or the field for writing changes its size.
    new ResizeObserver(() => this.wasAtEnd && this.toEnd()).observe(this.box);
    store.on("message", (message) => this.#arrived(message));
    store.on("note", (note) => this.#noted(note));
  }

  get isAtEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR_END;
  }

  /** The newest message on the page: what a reply names as seen. @returns {Message | null} */
  get newest() {
    const messages = this.#sorted().filter((one) => one.message);
    return messages.at(-1)?.message ?? null;
  }

  /** The notes, oldest first. @returns {Note[]} */
  get notes() {
    return this.#sorted().flatMap((one) => one.note ?? []);
  }

  /** @param {string} conversation */
  async open(conversation) {
    if (conversation !== this.conversation) {
      this.conversation = conversation;
      this.items.clear();
      this.gone.clear();
      this.shown = SHOWN;
      this.list.replaceChildren();
    }
    this.isLoaded = false;
    this.news.hidden = true;
    await this.refresh();
    if (conversation !== this.conversation) return;
    this.isLoaded = true;
    this.toEnd();
  }

  /** Fetch all messages and notes; what has come by a frame meanwhile is newer and stays. */
  async refresh() {
    const { conversation } = this;
    const before = new Set(this.items.keys());
    const [messages, notes] = await Promise.all([api.messages(conversation), api.notes(conversation)]);
    if (conversation !== this.conversation) return;
    for (const one of messages) if (before.has(one.id) || !this.items.has(one.id)) this.#put(one.id, one.created_at, one, null);
    for (const one of notes) if (!this.items.has(one.id) && !this.gone.has(one.id)) this.#put(one.id, one.created_at, null, one);
    const listed = new Set(notes.map((one) => one.id));
    for (const id of before) if (this.items.get(id)?.note && !listed.has(id)) this.items.delete(id);
    this.#write();
  }

  close() {
    this.conversation = "";
    this.items.clear();
    this.list.replaceChildren();
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
    this.#reached();
  }

  /** @param {Message} message sent from here */
  add(message) {
    this.#put(message.id, message.created_at, { ...message, sender_id: this.store.me?.id }, null);
    this.#write();
    this.toEnd();
  }

  /** @param {Note} note */
  addNote(note) {
    if (!this.gone.has(note.id)) this.#put(note.id, note.created_at, null, note);
    this.#write();
    this.toEnd();
  }

  /** @param {Message} message */
  #arrived(message) {
    if (message.conversation_id !== this.conversation) return;
    const isNew = !this.items.has(message.id);
    this.#put(message.id, message.created_at, message, null);
    this.#follow(isNew && this.isLoaded, `${this.#authorOf(message)}: ${message.content}`);
  }

  /** @param {Note & {deleted?: boolean}} note */
  #noted(note) {
    if (note.conversation_id !== this.conversation) return;
    if (note.deleted) {
      this.gone.add(note.id);
      this.items.delete(note.id);
      this.#write();
      return;
    }
    if (this.gone.has(note.id)) return;
    const isNew = !this.items.has(note.id);
    this.#put(note.id, note.created_at, null, note);
    this.#follow(isNew && this.isLoaded, `Private note of ${this.noteAuthor(note)}: ${note.content}`);
  }

  /** @param {boolean} isNew @param {string} text */
  #follow(isNew, text) {
    const wasAtEnd = this.isAtEnd;
    this.#write();
    if (!isNew) return;
    this.on.announce(text);
    if (wasAtEnd) this.toEnd();
    else this.news.hidden = false;
  }

  #reached() {
    this.news.hidden = true;
    this.on.read();
  }

  /** @param {string} id @param {string} at @param {Message | null} message @param {Note | null} note */
  #put(id, at, message, note) {
    // Not every reading of a message says who wrote it.
    const sender = message?.sender_id ?? this.items.get(id)?.message?.sender_id ?? null;
    this.items.set(id, { id, at: time(at), message: message && { ...message, sender_id: sender }, note });
  }

  #sorted() {
    return [...this.items.values()].sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
  }

  #showEarlier() {
    const height = this.box.scrollHeight;
    this.shown += SHOWN * 2;
    this.#write();
    this.box.scrollTop += this.box.scrollHeight - height;
  }

  #write() {
    const sorted = this.#sorted();
    this.earlier.hidden = sorted.length <= this.shown;
    const rows = sorted.slice(-this.shown).map((one) => this.#row(one));
    const focused = document.activeElement;
    this.list.replaceChildren(...rows);
    if (focused instanceof HTMLElement && this.list.contains(focused)) focused.focus({ preventScroll: true });
  }

  /** @param {Item} item */
  #row(item) {
    const known = document.getElementById(item.id);
    const written = JSON.stringify(item);
    if (known?.dataset.written === written) return known;
    const made = item.note ? this.#noteRow(item.note) : this.#messageRow(/** @type {Message} */ (item.message));
    made.dataset.written = written;
    return made;
  }

  /** @param {Message} message */
  #messageRow(message) {
    const text = h("div", { class: "said-text" });
    const made = h("li", { id: message.id, class: `said ${message.author}` },
      h("h3", { class: "said-by" }, words(this.#authorOf(message)), " ", stamp(message.created_at)),
      text,
    );
    if (message.author !== "assistant") {
      showText(text, message.content);
    } else {
      const drawn = showBlocks(text, message.blocks);
      const sources = h("section", { class: "sources" }, h("h4", {}, "Sources"), h("ol"));
      showSources(sources, message.sources, message.blocks, drawn);
      made.append(sources);
    }
    const foot = this.#foot(message);
    if (foot) made.append(foot);
    return made;
  }

  /** @param {Message} message */
  #foot({ id, author, sources, confidence, abstained, feedback, question_id: question }) {
    const told = [];
    if (author === "assistant" && confidence !== null && sources.length > 0) {
      told.push(h("span", {}, `Confidence ${Math.round(confidence * 100)} %`));
    }
    if (abstained) told.push(badge("warn", "No answer in the knowledge"));
    if (feedback) {
      const isGood = feedback.rating === "positive";
      told.push(badge(isGood ? "good" : "bad", isGood ? "Rated helpful" : "Rated not helpful"));
      if (feedback.reason) told.push(words(feedback.reason));
    }
    // Null: it answers no question. Frames don't tell.
    if (author === "assistant" && question !== null) {
      const query = new URLSearchParams({ conversation: this.conversation, message: id });
      told.push(h("a", { href: `/answers?${query}` }, "How this answer came about"));
    }
    return told.length ? h("p", { class: "said-foot" }, ...told) : null;
  }

  /** @param {Note} note */
  #noteRow(note) {
    const text = h("div", { class: "said-text" });
    showText(text, note.content);
    return h("li", { id: note.id, class: "said note-row" },
      h("h3", { class: "said-by" }, badge("warn", "Private note"), " ", words(this.noteAuthor(note)), " ", stamp(note.created_at),
        button("Delete", () => guarded(() => this.#removeNote(note)), "link writing")),
      text,
    );
  }

  /** @param {Note} note */
  async #removeNote(note) {
    await api.removeNote(note.conversation_id, note.id);
    this.#noted({ ...note, deleted: true });
    part(document, "#reply-text").focus();
  }

  /** @param {Note} note @returns {string} */
  noteAuthor({ author }) {
    if (!author) return "a program";
    return author.id === this.store.me?.id ? "You" : author.name || this.store.nameOf(author.id);
  }

  /** @param {Message} message */
  #authorOf({ author, sender_id: sender }) {
    if (author === "assistant") return "Assistant";
    if (author === "human") return sender ? this.store.nameOf(sender) : "Team";
    const visitor = this.store.entries.get(this.conversation)?.visitor;
    return visitor?.name || visitor?.email || "Visitor";
  }
}

/** @param {string} iso */
const stamp = (iso) => h("time", { datetime: iso }, when(iso));
