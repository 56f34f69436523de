// @ts-check
/** A list of cards that are decided one after the other, page by page. */

import { byId, guarded, h } from "../dom.js";

/** @template {{id: string, conversation_id: string}} T */
export class DecisionList {
  /**
   * @param {string} name of the parts of the page: `view-<name>`, `<name>`, `more-<name>`, …
   * @param {{load: (cursor: string | null) => Promise<{items: T[], next_cursor: string | null}>,
   *   row: (one: T) => HTMLElement, nothing: () => string}} on
   */
  constructor(name, on) {
    this.on = on;
    this.root = byId(`view-${name}`);
    this.title = byId(`${name}-title`);
    this.list = byId(name);
    this.note = byId(`no-${name}`);
    this.more = byId(`more-${name}`);
    /** @type {string | null} */
    this.cursor = null;
    this.asked = 0;
    this.more.addEventListener("click", () => guarded(() => this.load(this.cursor)));
  }

  async show() {
    await this.load(null);
    this.root.hidden = false;
  }

  hide() {
    this.root.hidden = true;
  }

  /** @param {string | null} cursor */
  async load(cursor) {
    const asked = ++this.asked;
    const { items, next_cursor: next } = await this.on.load(cursor);
    // Show only the newest request, even if responses arrive out of order.
    if (asked !== this.asked) return;
    if (!cursor) this.list.replaceChildren();
    const rows = items.map((one) => this.on.row(one));
    this.list.append(...rows);
    // The focused button is hidden at the end of the list.
    if (cursor && next === null) /** @type {HTMLElement | null} */ (rows[0]?.querySelector("button, a"))?.focus();
    this.cursor = next;
    this.more.hidden = next === null;
    this.#say();
  }

  /**
   * Take a decided row away, and have the focus on the next one.
   *
   * @param {HTMLElement} row
   */
  async decided(row) {
    const near = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    if (!this.list.children.length && this.cursor) await this.load(null);
    this.#say();
    const next = /** @type {HTMLElement | null} */ (near?.querySelector("button"));
    if (next) next.focus();
    else this.title.focus({ preventScroll: true });
  }

  #say() {
    this.note.hidden = this.list.children.length > 0;
    this.note.textContent = this.on.nothing();
  }
}

/** @param {string} id of a conversation */
export const conversationLink = (id) =>
  h("a", { href: `/inbox#/conversation/${encodeURIComponent(id)}` }, "Show the conversation");
