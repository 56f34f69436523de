// @ts-check
/** Where a person writes: to the visitor, or a private note to colleagues. */

import { button, byId, explain, guarded, h, warn, words } from "../dom.js";
import { ServerError } from "../server.js";
import { isLoggedOut } from "../session.js";
import * as api from "./api.js";
import { nameOf } from "./list.js";

/**
 * @typedef {import("./shapes.js").Mode} Mode
 * @typedef {import("./drafts.js").Draft} Draft
 */

const TYPING_MS = 3000;

export class Composer {
  /**
   * @param {import("./store.js").Store} store @param {import("./drafts.js").Drafts} drafts
   * @param {import("./thread.js").Thread} thread
   */
  constructor(store, drafts, thread) {
    this.store = store;
    this.drafts = drafts;
    this.thread = thread;
    this.form = byId("composer");
    /** @type {HTMLTextAreaElement} */
    this.field = byId("reply-text");
    this.obstacle = byId("obstacle");
    this.conversation = "";
    /** @type {Mode} */
    this.mode = "reply";
    /** The draft that the field shows. @type {Draft | null} */
    this.draft = null;
    /** Conversations in which something is being sent. @type {Set<string>} */
    this.sending = new Set();
    this.typedAt = 0;
    this.once = { content: "", key: "" };
    /** Takes keys first, as the list of canned replies does. @type {(event: KeyboardEvent) => boolean} */
    this.intercept = () => false;
    this.#wire();
  }

  #wire() {
    this.form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#send(false);
    });
    this.field.addEventListener("keydown", (event) => {
      // During IME composition Enter accepts the word; some browsers report that only by key code 229.
      if (event.isComposing || event.keyCode === 229 || this.intercept(event)) return;
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
    this.field.addEventListener("input", () => this.#typed());
    for (const radio of this.form.elements.mode) {
      radio.addEventListener("change", () => this.#choose(radio.value));
    }
    for (const topic of /** @type {const} */ (["entry", "people", "all"])) this.store.on(topic, () => this.show());
  }

  /** @param {string} conversation show its drafts; those of the one before are saved */
  open(conversation) {
    if (conversation === this.conversation) return;
    this.conversation = conversation;
    this.obstacle.replaceChildren();
    // Whoever has only begun a note finds it again.
    const isNote = this.drafts.of(conversation, "note").text && !this.drafts.of(conversation, "reply").text;
    this.#choose(isNote ? "note" : "reply");
  }

  close() {
    this.conversation = "";
    this.#bind(null);
  }

  /** @param {string} text put it where the cursor is */
  insert(text) {
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.#typed();
    this.field.focus();
  }

  /** @param {string} text instead of what is there */
  replace(text) {
    this.field.value = text;
    this.#typed();
    this.field.focus();
  }

  /** @param {Mode} mode */
  #choose(mode) {
    this.mode = mode;
    for (const radio of this.form.elements.mode) radio.checked = radio.value === mode;
    this.obstacle.replaceChildren();
    this.#bind(this.drafts.of(this.conversation, mode));
    this.show();
  }

  /** @param {Draft | null} draft */
  #bind(draft) {
    if (this.draft) {
      this.draft.changed = () => {};
      this.draft.save();
    }
    this.draft = draft;
    this.field.value = draft?.text ?? "";
    if (draft) draft.changed = () => this.#drafted(draft);
    if (draft) this.#drafted(draft);
  }

  /** @param {Draft} draft its text or state has changed from outside */
  #drafted(draft) {
    if (draft !== this.draft) return;
    if (this.field.value !== draft.text) this.field.value = draft.text;
    const note = byId("draft-note");
    if (draft.other) {
      note.replaceChildren("You wrote something else here in another browser. ", button("Show that text", () => draft.swap(), "link"));
    } else {
      note.textContent = draft.failure || (draft.text && !draft.isDirty && this.store.me ? "Draft saved." : "");
    }
  }

  #typed() {
    const { draft, conversation } = this;
    draft?.write(this.field.value);
    if (draft) this.#drafted(draft);
    if (this.mode !== "reply" || !this.field.value || Date.now() - this.typedAt < TYPING_MS) return;
    this.typedAt = Date.now();
    api.typing(conversation).catch(() => {});
  }

  /** Show who would send what to whom. */
  show() {
    const entry = this.store.entries.get(this.conversation);
    if (!entry) return;
    const isNote = this.mode === "note";
    this.form.classList.toggle("noting", isNote);
    byId("reply-label").textContent = isNote ? "Private note: only colleagues see it" : `Reply to ${nameOf(entry)}`;
    this.field.maxLength = isNote ? 10_000 : 8000;
    this.field.placeholder = isNote ? "Write a note for colleagues" : "Write to the visitor; / for canned replies";
    const holder = this.#holder(entry);
    byId("send").textContent = isNote ? "Add the note" : sendLabel(entry.state);
    byId("send").disabled = (!isNote && holder !== "") || this.sending.has(this.conversation);
    byId("open-canned").hidden = isNote;
    const held = byId("held");
    held.hidden = isNote || holder === "";
    if (held.dataset.of !== `${entry.id}:${holder}`) {
      held.dataset.of = `${entry.id}:${holder}`;
      held.replaceChildren(words(`${holder} has this conversation.`), " ",
        button("Take over", () => guarded(() => this.#takeOver(entry.id))),
        button("Write a note", () => {
          this.#choose("note");
          this.field.focus();
        }));
    }
  }

  /** @param {import("./shapes.js").Entry} entry @returns {string} the colleague who has it, if one does */
  #holder({ state, assignee_id: who }) {
    const isTheirs = state === "human" && who !== null && who !== this.store.me?.id;
    return isTheirs ? this.store.nameOf(who) : "";
  }

  /** @param {string} id */
  async #takeOver(id) {
    await api.claim(id, true);
    this.field.focus();
  }

  /** @param {boolean} goAhead whatever was written meanwhile, and whoever has it */
  async #send(goAhead) {
    const { draft, conversation, mode } = this;
    const content = this.field.value.trim();
    if (!draft || !content || this.sending.has(conversation)) return;
    if (mode === "reply" && !goAhead && byId("send").disabled) return;
    this.sending.add(conversation);
    this.obstacle.replaceChildren();
    this.show();
    const seen = this.thread.newest?.id ?? null;
    try {
      await this.#deliver(conversation, mode, content, seen, goAhead);
      // What was typed while it was under way stays.
      if (draft.text.trim() === content) await draft.clear();
      if (draft === this.draft) this.field.value = draft.text;
    } catch (error) {
      if (isLoggedOut(error)) return;
      if (conversation === this.conversation && mode === this.mode) this.#refused(error);
      else warn(error);
    } finally {
      this.sending.delete(conversation);
      this.show();
    }
  }

  /**
   * @param {string} id @param {Mode} mode @param {string} content @param {string | null} seen
   * @param {boolean} goAhead
   */
  async #deliver(id, mode, content, seen, goAhead) {
    // The same key while there was no response, so that a lost one doubles nothing.
    const whole = JSON.stringify([id, mode, content, goAhead]);
    if (this.once.content !== whole) this.once = { content: whole, key: newKey() };
    const { key: once } = this.once;
    try {
      const made = mode === "note" ? await api.addNote(id, content, once) : await api.reply(id, content, { seen, goAhead, once });
      this.once = { content: "", key: "" };
      if (id !== this.conversation) return;
      if ("author" in made && typeof made.author === "string") this.thread.add(/** @type {any} */ (made));
      else this.thread.addNote(/** @type {any} */ (made));
    } catch (error) {
      if (error instanceof ServerError && error.status) this.once = { content: "", key: "" };
      throw error;
    }
  }

  /** @param {unknown} error say what is in the way, keep the text and offer what can be done */
  #refused(error) {
    const code = error instanceof ServerError ? error.code : "";
    if (code === "conversation_changed") return guarded(() => this.#changed());
    const shown = [h("p", {}, words(this.#reason(code, error)))];
    if (code === "held_by_another") {
      const { conversation } = this;
      shown.push(h("p", { class: "actions" },
        button("Take over", () => guarded(async () => {
          this.obstacle.replaceChildren();
          await this.#takeOver(conversation);
        })),
        button("Send anyway", () => this.#send(true))));
    }
    this.obstacle.replaceChildren(h("div", { class: "failure" }, ...shown));
  }

  /** @param {string} code @param {unknown} error */
  #reason(code, error) {
    const entry = this.store.entries.get(this.conversation);
    const holder = entry ? this.#holder(entry) : "";
    return code === "held_by_another" && holder ? `${holder} has taken this conversation meanwhile. Your text was not sent.` : explain(error);
  }

  /** Show what was written meanwhile. */
  async #changed() {
    const { conversation } = this;
    const before = this.thread.newest;
    await this.thread.refresh();
    if (conversation !== this.conversation) return;
    this.thread.toEnd();
    const { newest } = this.thread;
    const said = newest && newest.id !== before?.id ? newest : this.thread.newest;
    const who = said?.author === "visitor" ? "The visitor" : said?.author === "assistant" ? "The assistant" : "A colleague";
    this.obstacle.replaceChildren(h("div", { class: "failure" },
      h("p", {}, `Your text was not sent: ${who.toLowerCase()} wrote meanwhile.`),
      said && h("blockquote", { dir: "auto" }, said.content.slice(0, 300)),
      h("p", { class: "actions" },
        button("Send anyway", () => this.#send(true)),
        button("Keep writing", () => {
          this.obstacle.replaceChildren();
          this.field.focus();
        }))));
  }
}

/** Where the page is not served by https, browsers have no `randomUUID`. */
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

/** @param {string} state */
function sendLabel(state) {
  if (state === "ai") return "Take over and reply";
  return state === "closed" ? "Reopen and reply" : "Reply";
}
