// @ts-check
/** The forms of a page of settings, none of which loses what was typed. */

import { byId, confirmed, h } from "../dom.js";
import { Section } from "./section.js";

export class Sections {
  /** @type {Record<string, Section>} */
  #all = {};
  #isLeaving = false;

  constructor() {
    addEventListener("beforeunload", (event) => {
      if (!this.#isLeaving && this.isDirty) event.preventDefault();
    });
  }

  get isDirty() {
    return Object.values(this.#all).some((one) => one.isDirty);
  }

  /** What is in the forms, as merge patches. @returns {object[]} */
  get bodies() {
    return Object.values(this.#all).map((one) => one.part.body());
  }

  /**
   * Add the form with this id; its tab shows whether it is saved.
   *
   * @param {string} name @param {import("./resource.js").Resource<any>} resource
   * @param {import("./section.js").Part} part @param {boolean} canWrite
   * @param {() => void} [changed] called when something in the form may have changed
   */
  add(name, resource, part, canWrite, changed = () => {}) {
    const tab = byId("views").querySelector(`a[href="#/${name}"]`);
    const mark = h("span", { class: "tab-mark" });
    tab.append(mark);
    const follow = () => {
      changed();
      const isUnsaved = this.#all[name]?.isDirty;
      if (isUnsaved === (mark.childElementCount > 0)) return;
      mark.replaceChildren(...(isUnsaved ? [h("span", { "aria-hidden": "true" }, " •"), h("span", { class: "visually-hidden" }, " (not saved yet)")] : []));
    };
    this.#all[name] = new Section(byId(name), resource, part, { canWrite, changed: follow });
  }

  /** Ask before another project is opened, if something is not saved. @returns {Promise<boolean>} */
  async mayLeave() {
    this.#isLeaving =
      !this.isDirty ||
      (await confirmed({
        title: "Leave without saving?",
        text: "What you typed on this page is not saved yet. It is lost if you open another project.",
        yes: "Leave",
        no: "Stay",
      }));
    return this.#isLeaving;
  }
}
