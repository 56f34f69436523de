// @ts-check
/** Beside a conversation: who the visitor is, its tags, its notes, and what they asked before. */

import { badge, button, byId, facts, guarded, h, words } from "../dom.js";
import { fields, onSubmit } from "../forms.js";
import { counted, when } from "../wording.js";
import * as api from "./api.js";

/** @typedef {import("./shapes.js").Contact} Contact */

const MOST_TAGS = 20;
const MOST_SHOWN = 12;

export class Side {
  /**
   * @param {import("./store.js").Store} store @param {import("./thread.js").Thread} thread
   * @param {{canWrite: boolean, canReadLeads: boolean}} may
   */
  constructor(store, thread, { canWrite, canReadLeads }) {
    this.store = store;
    this.thread = thread;
    this.canWrite = canWrite;
    this.canReadLeads = canReadLeads;
    this.conversation = "";
    this.visitor = "";
    this.tagged = "";
    this.form = byId("contact-form");
    onSubmit(this.form, () => this.#saveContact());
    byId("change-contact").addEventListener("click", () => this.#edit(this.form.hidden));
    byId("contact-cancel").addEventListener("click", () => this.#edit(false));
    onSubmit(byId("tag-form"), () => this.#addTag());
    store.on("entry", (entry) => entry.id === this.conversation && this.#showTags());
    store.on("note", () => this.#showNotes());
    byId("new-tag").addEventListener("focus", () => guarded(() => this.#offerTags()), { once: true });
    byId("toggle-side").addEventListener("click", () => this.#toggle());
    byId("close-side").addEventListener("click", () => this.#toggle());
    byId("side").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && byId("inbox").classList.contains("with-side")) this.#toggle();
    });
  }

  /** @param {string} conversation */
  async open(conversation) {
    this.conversation = conversation;
    this.tagged = "";
    this.#edit(false);
    this.#showTags();
    byId("lead-part").hidden = true;
    const visitor = this.store.entries.get(conversation)?.visitor?.id ?? "";
    if (visitor !== this.visitor) {
      byId("contact-facts").replaceChildren();
      byId("visits").replaceChildren();
      byId("visits-part").hidden = true;
    }
    this.visitor = visitor;
    byId("change-contact").hidden = !visitor || !this.canWrite;
    if (!visitor) return;
    const [contact, { items }] = await Promise.all([api.contact(visitor), api.conversationsOf(visitor)]);
    if (conversation !== this.conversation) return;
    this.#showContact(contact);
    this.#showVisits(items.filter((one) => one.id !== conversation));
    await this.#showLead(contact);
  }

  /** Show where the visitor wants to be replied to. @param {Contact} contact */
  async #showLead({ lead_count: leads, project_id: project }) {
    const { conversation } = this;
    if (!leads || !this.canReadLeads) return;
    const lead = await api.lead(project, conversation);
    if (!lead || conversation !== this.conversation) return;
    const told = facts([["E-mail", lead.email ?? ""], ["Phone", lead.phone ?? ""], ["Message", lead.message ?? ""]]);
    byId("lead-part").hidden = told.childElementCount === 0;
    byId("lead").replaceChildren(told);
  }

  /** Show the notes that the thread has. */
  notes() {
    this.#showNotes();
  }

  #toggle() {
    const isOpen = byId("toggle-side").getAttribute("aria-expanded") !== "true";
    byId("toggle-side").setAttribute("aria-expanded", String(isOpen));
    byId("inbox").classList.toggle("with-side", isOpen);
    byId(isOpen ? "contact-title" : "toggle-side").focus();
  }

  /** @param {Contact} contact */
  #showContact(contact) {
    this.contact = contact;
    const { name, email, identity, external_id: outside, verified } = contact;
    const attributes = Object.entries(contact.attributes).slice(0, MOST_SHOWN);
    byId("contact-facts").replaceChildren(
      facts([
        ["Name", name ?? ""],
        ["E-mail", email ?? ""],
        ["Their id at the site", identity ?? outside ?? ""],
        ["First seen", when(contact.first_seen_at)],
        ["Last seen", when(contact.last_seen_at)],
        ...attributes.map(([key, value]) => /** @type {[string, string]} */ ([key, plain(value)])),
      ]),
      verified ? badge("good", "Identity verified by the site") : badge("calm", "Identity not verified"),
      h("p", { class: "row-note" }, `${counted(contact.conversation_count, "conversation")}, ${counted(contact.lead_count, "lead")}`),
    );
  }

  /** @param {import("./shapes.js").Entry[]} others */
  #showVisits(others) {
    byId("visits-part").hidden = others.length === 0;
    byId("visits").replaceChildren(...others.slice(0, 5).map((one) =>
      h("li", {}, h("a", { href: `#/conversation/${encodeURIComponent(one.id)}` }, words(one.latest_message?.content.slice(0, 80) || "Conversation")),
        h("span", { class: "row-note" }, ` ${when(one.updated_at)}`))));
  }

  #showTags() {
    const tags = this.store.entries.get(this.conversation)?.tags ?? [];
    const written = JSON.stringify([this.conversation, tags]);
    if (written === this.tagged) return;
    this.tagged = written;
    byId("tags").replaceChildren(...tags.map((one) =>
      h("li", { class: "tag" }, words(one),
        this.canWrite && h("button", { type: "button", class: "tag-remove", "aria-label": `Remove the tag ${one}`, onclick: () => guarded(() => this.#tag(tags.filter((other) => other !== one))) }, "×"))));
    byId("no-tags").hidden = tags.length > 0;
  }

  async #addTag() {
    const added = fields(byId("tag-form")).tag.split(",").map((one) => one.trim()).filter(Boolean);
    const tags = this.store.entries.get(this.conversation)?.tags ?? [];
    const all = [...tags, ...added];
    if (all.length > MOST_TAGS) throw new Error(`A conversation has at most ${MOST_TAGS} tags. Remove one first.`);
    if (added.length) await this.#tag(all);
  }

  /** @param {string[]} tags */
  async #tag(tags) {
    const { conversation } = this;
    await api.tag(conversation, tags);
    byId("new-tag").focus();
  }

  /** Offer the tags that are in use. */
  async #offerTags() {
    const found = await api.tags("");
    byId("known-tags").replaceChildren(...found.map((one) => new Option(one.tag, one.tag)));
  }

  #showNotes() {
    const notes = this.thread.notes;
    byId("no-notes").hidden = notes.length > 0;
    byId("note-list").replaceChildren(...notes.map((one) =>
      h("li", {}, button(one.content.replace(/\s+/g, " ").slice(0, 80), () => document.getElementById(one.id)?.scrollIntoView({ block: "center" }), "link"),
        h("span", { class: "row-note" }, ` ${this.thread.noteAuthor(one)}, ${when(one.created_at)}`))));
  }

  /** @param {boolean} isOn */
  #edit(isOn) {
    this.form.hidden = !isOn;
    byId("change-contact").setAttribute("aria-expanded", String(isOn));
    if (!isOn) return;
    this.form.elements.name.value = this.contact?.name ?? "";
    this.form.elements.email.value = this.contact?.email ?? "";
    this.form.elements.name.focus();
  }

  async #saveContact() {
    const { visitor } = this;
    const { name, email } = fields(this.form);
    const contact = await api.changeContact(visitor, { name: name || null, email: email || null });
    if (visitor !== this.visitor) return;
    this.#edit(false);
    this.#showContact(contact);
    byId("change-contact").focus();
  }
}

/** @param {unknown} value an attribute's */
const plain = (value) => (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 200);
