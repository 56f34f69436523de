// @ts-check
/** One form that edits a part of a resource, and overwrites nobody's change. */

import { byId, explain, tell } from "../dom.js";
import { FieldFaults, clearFaults, forgetFaultsWhileTyping, showFaults } from "../faults.js";
import { ServerError } from "../server.js";
import { isLoggedOut } from "../session.js";
import { placed } from "./refusal.js";

/** @typedef {import("../faults.js").Fault} Fault */

/**
 * What a form edits: `of` takes its part out of the resource, `fill` writes that into the form,
 * `body` reads the form as a merge patch, `check` says what has to be done first, and `fieldOf`
 * names the field that a path in the server's refusal means.
 *
 * @typedef {{of: (value: any) => any, fill: (part: any) => void, body: () => object,
 *   check?: () => Fault[],
 *   fieldOf: (path: string) => import("../faults.js").Field | null}} Part
 */

const OUTDATED = 412;
const MOST_TRIES = 5;

export class Section {
  /** The part as it was when the form was filled. */
  #base = "";
  /** The form's body then. */
  #clean = "";
  #busy = false;

  /**
   * @param {HTMLFormElement} form @param {import("./resource.js").Resource<any>} resource
   * @param {Part} part @param {{canWrite: boolean, changed: () => void}} on
   */
  constructor(form, resource, part, on) {
    this.form = form;
    this.resource = resource;
    this.part = part;
    this.on = on;
    form.append(byId("section-end").content.cloneNode(true));
    this.conflict = /** @type {HTMLElement} */ (form.querySelector(".conflict"));
    this.failure = /** @type {HTMLElement} */ (form.querySelector(".failure"));
    this.unsaved = /** @type {HTMLElement} */ (form.querySelector(".unsaved"));
    this.undo = /** @type {HTMLButtonElement} */ (form.querySelector(".form-actions button[type=button]"));
    this.#wire();
    this.refill();
  }

  /** Whether there is something that is not saved. */
  get isDirty() {
    return JSON.stringify(this.part.body()) !== this.#clean;
  }

  /** Show what is saved. */
  refill() {
    const saved = this.#saved();
    this.part.fill(saved);
    this.#base = JSON.stringify(saved);
    this.#clean = JSON.stringify(this.part.body());
    this.conflict.hidden = true;
    this.failure.hidden = true;
    clearFaults(this.form);
    this.#mark();
    if (!this.on.canWrite) for (const one of this.form.elements) one.setAttribute("disabled", "");
  }

  #wire() {
    const { form } = this;
    const [show, force] = this.conflict.querySelectorAll("button");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    form.addEventListener("input", () => this.#mark());
    form.addEventListener("change", () => this.#mark());
    forgetFaultsWhileTyping(form);
    this.undo.addEventListener("click", () => this.#drop());
    show.addEventListener("click", () => this.#drop());
    force.addEventListener("click", () => {
      this.#base = JSON.stringify(this.#saved());
      this.#save();
    });
    // What others changed meanwhile, or this page in another part, is shown where nobody is typing.
    this.resource.follow(() => {
      if (!this.isDirty && !this.#busy) this.refill();
    });
  }

  #saved() {
    return this.part.of(this.resource.value);
  }

  #drop() {
    this.refill();
    this.#lead();
  }

  /** Move the focus to the title, since the focused button has disappeared. */
  #lead() {
    /** @type {HTMLElement | null | undefined} */ (this.form.closest("section")?.querySelector("h2"))?.focus();
  }

  #mark() {
    const { isDirty } = this;
    this.unsaved.hidden = !isDirty;
    this.undo.disabled = !isDirty;
    this.on.changed();
  }

  async #save() {
    if (this.#busy) return;
    this.#busy = true;
    this.form.setAttribute("aria-busy", "true");
    this.failure.hidden = true;
    clearFaults(this.form);
    try {
      const found = this.part.check?.() ?? [];
      if (found.length) throw new FieldFaults(found);
      if (await this.#send()) {
        this.refill();
        tell("Saved.");
      }
    } catch (error) {
      this.#refused(error);
    } finally {
      this.#busy = false;
      this.form.removeAttribute("aria-busy");
    }
  }

  /** @returns {Promise<boolean>} false if somebody else has changed the same part */
  async #send() {
    for (let left = MOST_TRIES; ; left--) {
      if (JSON.stringify(this.#saved()) !== this.#base) {
        this.conflict.hidden = false;
        this.conflict.scrollIntoView({ block: "nearest" });
        return false;
      }
      this.conflict.hidden = true;
      try {
        await this.resource.change(this.part.body());
        return true;
      } catch (error) {
        if (!(error instanceof ServerError) || error.status !== OUTDATED || !left) throw error;
        // If only other parts were changed, nothing is overwritten by trying again.
        await this.resource.load();
      }
    }
  }

  /** @param {unknown} error */
  #refused(error) {
    if (isLoggedOut(error)) return;
    const { found, rest } =
      error instanceof FieldFaults ? { found: error.found, rest: "" } : placed(explain(error), this.part.fieldOf);
    showFaults(this.form, found);
    this.failure.textContent = rest;
    this.failure.hidden = rest === "";
    if (!found.length) this.failure.scrollIntoView({ block: "nearest" });
  }
}
