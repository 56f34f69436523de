// @ts-check
/** Canned replies: a list under the composer that `/` opens, and a dialog to change them. */

import { badge, button, byId, confirmed, guarded, h, tell, words } from "../dom.js";
import { fields, onSubmit } from "../forms.js";
import * as api from "./api.js";

/** @typedef {import("./shapes.js").CannedReply} CannedReply */

const SEARCH_MS = 150;
const SHORT = 120;

export class Canned {
  /**
   * @param {import("./store.js").Store} store @param {import("./composer.js").Composer} composer
   * @param {(text: string) => void} announce
   */
  constructor(store, composer, announce) {
    this.store = store;
    this.composer = composer;
    this.announce = announce;
    this.list = byId("canned-list");
    this.dialog = byId("canned");
    this.form = byId("canned-form");
    /** @type {CannedReply[]} */
    this.offered = [];
    this.chosen = 0;
    this.asked = 0;
    this.searched = 0;
    this.timer = 0;
    /** The one that the form changes; empty for a new one. */
    this.changing = "";
    this.#wire();
  }

  #wire() {
    const { field } = this.composer;
    field.addEventListener("input", () => this.#typed());
    field.addEventListener("blur", () => setTimeout(() => this.#hide(), 200));
    this.composer.intercept = (event) => this.#key(event);
    byId("open-canned").addEventListener("click", () => this.#open());
    byId("canned-close").addEventListener("click", () => this.dialog.close());
    byId("canned-new").addEventListener("click", () => this.#edit(null));
    byId("canned-cancel").addEventListener("click", () => this.#listing());
    byId("canned-search").addEventListener("input", () => guarded(() => this.#fill()));
    onSubmit(this.form, () => this.#save());
  }

  get #project() {
    return this.store.entries.get(this.composer.conversation)?.project_id ?? "";
  }

  /** `/` at the beginning, with no blank yet, asks for a canned reply. */
  #typed() {
    clearTimeout(this.timer);
    const [, typed = null] = /^\/(\S*)$/.exec(this.composer.field.value) ?? [];
    if (typed === null || this.composer.mode !== "reply") return this.#hide();
    this.timer = setTimeout(() => guarded(() => this.#offer(typed)), SEARCH_MS);
  }

  /** @param {string} typed */
  async #offer(typed) {
    const asked = ++this.asked;
    const found = await api.cannedReplies(this.#project, typed);
    if (asked !== this.asked) return;
    this.offered = found.slice(0, 8);
    this.chosen = 0;
    const rows = this.offered.map((one, place) =>
      h("li", { id: `canned-${place}`, role: "option", onmousedown: (/** @type {Event} */ event) => event.preventDefault(), onclick: () => this.#insert(one) },
        h("code", {}, `/${one.shortcut}`), " ", words(one.title), h("span", { class: "row-note" }, words(one.content.slice(0, SHORT)))));
    const none = h("li", { class: "row-note", role: "option", "aria-disabled": "true" }, "No canned reply begins like this.");
    this.list.replaceChildren(...(rows.length ? rows : [none]));
    this.list.hidden = false;
    this.announce(rows.length ? `${rows.length} canned replies. Choose with the arrow keys and Enter.` : "No canned reply begins like this.");
    this.#mark();
  }

  #mark() {
    [...this.list.children].forEach((one, place) => one.setAttribute("aria-selected", String(place === this.chosen)));
    if (this.offered.length) this.composer.field.setAttribute("aria-activedescendant", `canned-${this.chosen}`);
    this.list.children[this.chosen]?.scrollIntoView({ block: "nearest" });
  }

  #hide() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.list.hidden = true;
    this.composer.field.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was for the list */
  #key(event) {
    if (this.list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.offered.length) {
      this.chosen = (this.chosen + step + this.offered.length) % this.offered.length;
      this.#mark();
    } else if ((event.key === "Enter" || event.key === "Tab") && this.offered.length && !event.shiftKey) {
      this.#insert(this.offered[this.chosen]);
    } else if (event.key === "Escape") {
      this.#hide();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  /** @param {CannedReply} one instead of the `/…` that was typed, or where the cursor is */
  #insert(one) {
    this.#hide();
    if (this.dialog.open) this.dialog.close();
    const { conversation } = this.composer;
    guarded(async () => {
      const { content } = await api.rendered(one.id, conversation);
      if (conversation !== this.composer.conversation) return;
      if (/^\/\S*$/.test(this.composer.field.value)) this.composer.replace(content);
      else this.composer.insert(content);
    });
  }

  #open() {
    byId("canned-search").value = "";
    this.#listing();
    this.dialog.showModal();
    byId("canned-search").focus();
  }

  #listing() {
    this.form.hidden = true;
    byId("canned-all").hidden = false;
    guarded(() => this.#fill());
  }

  async #fill() {
    const asked = ++this.searched;
    const found = await api.cannedReplies(this.#project, byId("canned-search").value.trim());
    if (asked !== this.searched) return;
    byId("canned-rows").replaceChildren(...found.map((one) => this.#row(one)));
    byId("canned-none").hidden = found.length > 0;
  }

  /** @param {CannedReply} one */
  #row(one) {
    return h("li", {},
      h("p", {}, h("code", {}, `/${one.shortcut}`), " ", words(one.title), " ", one.personal && badge("calm", "Only yours")),
      h("p", { class: "row-note" }, words(one.content.slice(0, SHORT))),
      h("p", { class: "actions" },
        button("Insert", () => this.#insert(one)),
        button("Change", () => this.#edit(one), "link"),
        button("Delete", () => guarded(() => this.#remove(one)), "link")),
    );
  }

  /** @param {CannedReply | null} one */
  #edit(one) {
    const { shortcut, title, content, personal } = this.form.elements;
    this.changing = one?.id ?? "";
    shortcut.value = one?.shortcut ?? "";
    title.value = one?.title ?? "";
    content.value = one?.content ?? (this.composer.field.value.startsWith("/") ? "" : this.composer.field.value);
    personal.checked = one?.personal ?? false;
    byId("canned-personal").hidden = one !== null || !this.store.me;
    this.form.querySelector(".failure").hidden = true;
    byId("canned-all").hidden = true;
    this.form.hidden = false;
    shortcut.focus();
  }

  async #save() {
    const { shortcut, title, content } = fields(this.form);
    const { personal } = this.form.elements;
    const changed = { shortcut: shortcut.replace(/^\//, ""), title, content };
    await api.saveCanned(this.changing, this.changing ? changed : { ...changed, personal: personal.checked });
    this.#listing();
    byId("canned-search").focus();
  }

  /** @param {CannedReply} one */
  async #remove(one) {
    const sure = await confirmed({ title: `Delete /${one.shortcut}?`, text: "Nobody can insert it any more.", yes: "Delete it", no: "Keep it" });
    if (!sure) return;
    await api.removeCanned(one.id);
    tell(`/${one.shortcut} is deleted.`);
    await this.#fill();
  }
}
