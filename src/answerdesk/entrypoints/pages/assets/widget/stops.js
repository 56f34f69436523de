// @ts-check
/** The colours of the header's gradient, each with its place in per cent. */

import { button, byId, h } from "../dom.js";

/** @typedef {import("../settings/shapes.js").Stop} Stop */

const MOST = 20;

export class StopList {
  #made = 0;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.list = byId("stops");
    this.opener = byId("add-stop");
    this.opener.addEventListener("click", () => {
      const color = /** @type {any} */ (form.elements).color.value;
      this.#add({ color, at: this.#rows().length ? 100 : 0 }).focus();
      this.#changed();
    });
  }

  /** @param {Stop[]} stops */
  fill(stops) {
    this.list.replaceChildren();
    for (const one of stops) this.#add(one);
    this.#adjust();
  }

  /** @returns {Stop[]} */
  get value() {
    return this.#rows().map(({ color, at }) => ({ color: color.value, at: at.value === "" ? 0 : Number(at.value) }));
  }

  check() {
    return this.#rows()
      .filter(({ at }) => at.value === "" || !at.validity.valid)
      .map(({ at }) => ({ field: at, text: "Write a number from 0 to 100." }));
  }

  /** @param {string} path such as settings.look.gradient_stops[1].at */
  fieldOf(path) {
    const [, index = "", name = ""] = path.match(/\[(\d+)\]\.?(\w*)/) ?? [];
    const row = this.#rows()[Number(index)];
    return row ? (name === "color" ? row.color : row.at) : null;
  }

  #rows() {
    return [...this.list.querySelectorAll("li")].map((one) => {
      const [color, at] = one.querySelectorAll("input");
      return { color, at };
    });
  }

  /** @param {Stop} stop */
  #add({ color, at }) {
    const id = `stop-${this.#made++}`;
    const field = h("input", { type: "color", id, "aria-label": "Colour", value: color.toLowerCase() });
    const place = h("input", { type: "number", id: `${id}-at`, min: "0", max: "100", step: "any", inputmode: "decimal", "aria-label": "Place, in per cent", value: String(at) });
    const line = h("li", {}, field, h("span", { class: "time" }, place), h("span", { "aria-hidden": "true" }, "%"));
    const remove = button("×", () => {
      line.remove();
      this.#changed();
      this.opener.focus();
    }, "quiet remove writing");
    remove.setAttribute("aria-label", "Remove this colour");
    remove.title = "Remove this colour";
    line.append(remove);
    this.list.append(line);
    return field;
  }

  #changed() {
    this.#adjust();
    this.form.dispatchEvent(new Event("change"));
  }

  #adjust() {
    this.opener.hidden = this.#rows().length >= MOST;
  }
}
