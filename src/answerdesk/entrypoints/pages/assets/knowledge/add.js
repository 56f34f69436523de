// @ts-check
/** Adding knowledge: one form for each kind, opened by its button. */

import { byId, tell } from "../dom.js";
import { address, completing, fields, keepDraft, lines, onSubmit, tags } from "../forms.js";
import { Importing } from "./importing.js";
import { Uploads } from "./uploads.js";

/** @typedef {import("./shapes.js").Source} Source */

export class Adding {
  /**
   * @param {import("./api.js").Api} api
   * @param {{added: (source: Source) => void, changed: () => void}} on
   *   `added` is called for a website or page, `changed` for anything else that was added
   */
  constructor(api, on) {
    this.api = api;
    this.on = on;
    this.buttons = /** @type {HTMLButtonElement[]} */ ([
      ...byId("choices").querySelectorAll("button"),
    ]);
    for (const one of this.buttons) one.addEventListener("click", () => this.#toggle(one));
    this.uploads = new Uploads(api, on.changed);
    new Importing(api, on.changed);
    this.#wire();
  }

  /** Whether one of the forms is open. */
  get isOpen() {
    return this.buttons.some((one) => one.getAttribute("aria-expanded") === "true");
  }

  /** @param {string} id open only the form `id`; "" closes all */
  open(id) {
    if (id && !this.buttons.some((one) => one.getAttribute("aria-controls") === id)) return;
    for (const one of this.buttons) {
      const target = one.getAttribute("aria-controls") ?? "";
      one.setAttribute("aria-expanded", String(target === id));
      byId(target).hidden = target !== id;
    }
    if (id) byId(id).querySelector("input, textarea")?.focus({ preventScroll: true });
  }

  /** @param {HTMLButtonElement} one */
  #toggle(one) {
    const isOpen = one.getAttribute("aria-expanded") === "true";
    this.open(isOpen ? "" : (one.getAttribute("aria-controls") ?? ""));
    if (isOpen) one.focus();
  }

  #wire() {
    for (const id of ["site-url", "page-url", "text-url"]) {
      completing(/** @type {HTMLInputElement} */ (byId(id)), tell);
    }
    for (const id of ["add-site", "add-page"]) {
      onSubmit(byId(id), (once) => this.#addWeb(byId(id), once));
    }
    onSubmit(byId("add-text"), (once) => this.#addText(fields(byId("add-text")), once));
    onSubmit(byId("add-question"), (once) => this.#addQuestion(fields(byId("add-question")), once));
    for (const id of ["add-site", "add-page", "add-text", "add-question"]) {
      if (keepDraft(byId(id))) this.open(id);
    }
  }

  /** @param {HTMLFormElement} form @param {string} once */
  async #addWeb(form, once) {
    const given = fields(form);
    const body = {
      kind: form.dataset.kind,
      url: address(given.url),
      sync_every_hours: given.sync_every_hours ? Number(given.sync_every_hours) : null,
      ...(given.name && { name: given.name }),
      ...(given.include && { include: lines(given.include) }),
      ...(given.exclude && { exclude: lines(given.exclude) }),
      ...(given.max_pages && { max_pages: Number(given.max_pages) }),
    };
    const source = await this.api.post("/sources", body, once);
    this.open("");
    this.on.added(source);
  }

  /** @param {Record<string, string>} given @param {string} once */
  async #addText({ title, content, format, url }, once) {
    const body = { title, content, format, ...(url && { url: address(url) }) };
    await this.api.post("/texts", body, once);
    tell(`“${title}” was added. Answers can use it in a moment.`);
    this.open("");
    this.on.changed();
  }

  /** @param {Record<string, string>} given @param {string} once */
  async #addQuestion({ question, answer, category, tags: typed }, once) {
    const body = { question, answer, tags: tags(typed), ...(category && { category }) };
    await this.api.post("/items", body, once);
    tell(`“${question}” was added. It is answered from now on.`);
    this.on.changed();
  }
}
