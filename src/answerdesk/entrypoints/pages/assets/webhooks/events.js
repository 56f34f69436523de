// @ts-check
/** The choice of events in a form: all, or some of those that the format can tell. */

import { h } from "../dom.js";

/** @typedef {import("./shapes.js").EventType} EventType */
/** @typedef {import("./shapes.js").Format} Format */

export class EventChoice {
  /**
   * @param {HTMLElement} box where to put it; its id makes those of the fields
   * @param {EventType[]} types
   */
  constructor(box, types) {
    this.types = types;
    this.box = box;
    this.all = this.#radio("all");
    this.some = this.#radio("some");
    this.list = h("div", { class: "event-list" });
    this.none = h("p", { class: "note" }, "This format tells no events, only replies that were asked for.");
    // The form's text fields are what is kept as a draft, and what tells two requests apart.
    this.field = h("input", { type: "hidden", name: "events" });
    this.fieldset = h(
      "fieldset",
      { class: "events" },
      h("legend", {}, "Events"),
      h("label", { class: "tick" }, this.all, " All that the format can tell, also those of later releases"),
      h("label", { class: "tick" }, this.some, " Only these:"),
      this.list,
    );
    box.replaceChildren(this.fieldset, this.none, this.field);
    this.fieldset.addEventListener("change", () => {
      this.#changed();
      this.field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  /** @param {Format} format @param {string[] | null} [events] those to tick; null for all */
  show(format, events = this.value) {
    const told = this.types.filter((one) => one.formats[format]);
    this.none.hidden = told.length > 0;
    this.fieldset.hidden = told.length === 0;
    this.list.replaceChildren(...told.map((one) => this.#row(one, format, events ?? [])));
    this.some.checked = events !== null && told.length > 0;
    this.all.checked = !this.some.checked;
    this.#changed();
  }

  /** The names that are ticked; null for all. @returns {string[] | null} */
  get value() {
    return this.field.value === "" ? null : this.field.value.split(" ").filter((one) => one !== "-");
  }

  /** Throw what a person has to do before this can be sent. */
  check() {
    if (this.value?.length === 0) throw new Error("Tick at least one event, or choose all.");
  }

  #changed() {
    this.list.hidden = !this.some.checked;
    const ticked = [...this.list.querySelectorAll("input")].filter((one) => one.checked);
    const names = ticked.map((one) => one.dataset.type).join(" ") || "-";
    this.field.value = this.some.checked ? names : "";
  }

  /** @param {string} which */
  #radio(which) {
    return h("input", { type: "radio", name: `${this.box.id}-which`, value: which });
  }

  /** @param {EventType} type @param {Format} format @param {string[]} events */
  #row({ name, summary, formats }, format, events) {
    const id = `${this.box.id}-${name}`;
    const theirs = formats[format] === name ? "" : ` (sent as ${formats[format]})`;
    return h(
      "div",
      { class: "event" },
      h("label", { class: "tick" }, h("input", { type: "checkbox", "data-type": name, checked: events.includes(name), "aria-describedby": id }), h("code", {}, name)),
      h("p", { class: "field-note", id }, summary.replaceAll("`", "") + theirs),
    );
  }
}
