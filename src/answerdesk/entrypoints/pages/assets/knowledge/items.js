// @ts-check
/** The questions with their answers: search, edit in place, delete, export. */

import { badge, button, byId, confirmed, guarded, h, tell, warn, words } from "../dom.js";
import { fields } from "../forms.js";
import { ago, count, sentence } from "../wording.js";
import { ChangedMeanwhile } from "./api.js";
import { DOCUMENT_STATES } from "./format.js";
import { itemForm } from "./item_form.js";

/**
 * @typedef {import("./shapes.js").Category} Category
 * @typedef {import("./shapes.js").Item} Item
 */
/** @template T @typedef {import("./shapes.js").Listing<T>} Listing */

const TYPING_MS = 300;
const LOOK_AGAIN_MS = 3000;

export class ItemsView {
  /** @param {import("./api.js").Api} api @param {boolean} canWrite */
  constructor(api, canWrite) {
    this.api = api;
    this.canWrite = canWrite;
    this.root = byId("view-items");
    this.list = byId("items");
    this.more = byId("more-items");
    this.search = byId("item-search");
    /** @type {string | null} */
    this.cursor = null;
    this.timer = 0;
    this.asked = 0;
    this.more.addEventListener("click", () => guarded(() => this.#load(this.cursor)));
    this.search.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      guarded(() => this.#load(null));
    });
    this.search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => guarded(() => this.#load(null)), TYPING_MS);
    });
    for (const format of ["csv", "json"]) {
      byId(`export-${format}`).addEventListener("click", () => guarded(() => this.#export(format)));
    }
  }

  async show() {
    await Promise.all([this.#load(null), this.#loadCategories()]);
    this.root.hidden = false;
  }

  hide() {
    this.root.hidden = true;
    clearTimeout(this.timer);
  }

  async refresh() {
    if (!this.root.hidden) await this.show();
  }

  /** @param {string | null} cursor */
  async #load(cursor) {
    clearTimeout(this.timer);
    const asked = ++this.asked;
    /** @type {Listing<Item>} */
    const { items, next_cursor: next } = await this.api.get("/items", { ...fields(this.search), cursor });
    // Show only the newest search, even if responses arrive out of order.
    if (asked !== this.asked) return;
    if (!cursor) this.list.replaceChildren();
    this.list.append(...items.map((item) => this.#row(item)));
    this.cursor = next;
    this.more.hidden = next === null;
    const note = byId("no-items");
    note.hidden = this.list.children.length > 0;
    note.textContent = Object.values(fields(this.search)).some(Boolean)
      ? "No question matches."
      : "There is no question yet. When a visitor asks a question from this list, the reply is its answer, word for word.";
    if (!cursor && items.some((one) => one.status === "pending")) {
      this.timer = setTimeout(() => this.#lookAgain(), LOOK_AGAIN_MS);
    }
  }

  /** Reload while questions are pending, unless a row has the focus. */
  #lookAgain() {
    if (this.root.hidden) return;
    if (!this.list.contains(document.activeElement)) this.#load(null).catch(warn);
    else this.timer = setTimeout(() => this.#lookAgain(), LOOK_AGAIN_MS);
  }

  async #loadCategories() {
    /** @type {{items: Category[]}} */
    const { items } = await this.api.get("/items/categories");
    const select = byId("item-category");
    const chosen = select.value;
    select.replaceChildren(
      h("option", { value: "" }, "all"),
      ...items.map((one) => h("option", { value: one.category }, `${one.category} (${count(one.count)})`)),
    );
    select.value = chosen;
    if (select.selectedIndex < 0) select.value = "";
    byId("categories").replaceChildren(...items.map((one) => h("option", { value: one.category })));
  }

  /** @param {Item} item @returns {HTMLElement} */
  #row(item) {
    const told = [item.category, ...item.tags.map((tag) => `#${tag}`), `changed ${ago(item.updated_at)}`];
    /** @type {HTMLElement} */
    const row = h(
      "li",
      { class: "card", "data-id": item.id },
      h(
        "div",
        { class: "card-head" },
        h("h3", { class: "card-title", dir: "auto" }, item.question),
        item.status !== "ready" && badge(...DOCUMENT_STATES[item.status]),
      ),
      h("p", { class: "item-answer", dir: "auto" }, item.answer),
      item.error && h("p", { class: "reason" }, words(sentence(item.error))),
      h("p", { class: "row-note" }, words(told.filter(Boolean).join(" · "))),
      this.canWrite &&
        h(
          "p",
          { class: "actions" },
          button("Edit", () => guarded(() => this.#edit(row, item.id))),
          button("Delete", () => guarded(() => this.#remove(row, item))),
        ),
    );
    return row;
  }

  /** @param {HTMLElement} row @param {string} itemId */
  async #edit(row, itemId) {
    // Fetch the current state with its tag, so that the server notices if somebody changes it.
    /** @type {{body: Item, tag: string}} */
    let { body: item, tag } = await this.api.tagged(`/items/${itemId}`);
    const close = (/** @type {Item} */ shown) => {
      const made = this.#row(shown);
      holder.replaceWith(made);
      made.querySelector("button")?.focus();
    };
    const form = itemForm({
      name: "Edit the question",
      of: item.id,
      texts: item,
      yes: "Save",
      cancel: () => close(item),
      send: async (given) => {
        try {
          close(await this.api.change("PUT", `/items/${item.id}`, given, tag));
        } catch (error) {
          if (error instanceof ChangedMeanwhile) {
            tag = error.tag;
            item = await this.api.get(`/items/${itemId}`);
          }
          throw error;
        }
        tell("Saved. Visitors get this answer from now on.");
        this.#loadCategories().catch(() => {});
      },
    });
    // The form replaces the row, so that the rest of the page moves as little as possible.
    const holder = h("li", { class: "card" }, form);
    row.replaceWith(holder);
    form.querySelector("input")?.focus();
  }

  /** @param {HTMLElement} row @param {Item} item */
  async #remove(row, item) {
    const yes = await confirmed({
      title: "Delete this question?",
      text: `Visitors immediately stop getting the answer to “${item.question}”.`,
      yes: "Delete it",
      no: "Keep it",
    });
    if (!yes) return;
    await this.api.remove(`/items/${item.id}`);
    row.remove();
    tell("The question was deleted.");
    byId("items-title").focus({ preventScroll: true });
    await this.refresh();
  }

  /** @param {string} format */
  async #export(format) {
    const blob = await this.api.download("/items/export", { format });
    const link = h("a", { href: URL.createObjectURL(blob), download: `questions.${format}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}
