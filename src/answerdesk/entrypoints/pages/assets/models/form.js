// @ts-check
/** The form that adds a model, or changes one. */

import { byId } from "../dom.js";
import { FieldFaults } from "../faults.js";
import { fields, onSubmit } from "../forms.js";
import { ask } from "../session.js";
import { fromField, inField } from "./money.js";

/** @typedef {import("./shapes.js").Model} Model */

const KEY_NOTES = {
  new: "It is stored encrypted and never shown again. A model on your own machine often needs none.",
  kept: "It stays as it is if you leave this empty.",
};

export class ModelForm {
  /** The model that is changed; null while one is added. @type {Model | null} */
  #changed = null;

  /**
   * @param {{projects: import("../arriving.js").Project[], models: () => Model[],
   *   saved: (model: Model, isNew: boolean) => Promise<void>}} on
   */
  constructor(on) {
    this.on = on;
    this.form = byId("model-form");
    this.opener = byId("open-add");
    const options = on.projects.map((one) => new Option(one.name, one.id));
    this.form.elements.project_id.replaceChildren(new Option("All projects", ""), ...options);
    this.opener.addEventListener("click", () => (this.form.hidden ? this.add() : this.close()));
    byId("model-cancel").addEventListener("click", () => this.close());
    this.form.elements.provider.addEventListener("change", () => this.#adjust());
    onSubmit(this.form, (once) => this.#send(once));
  }

  /** @param {Partial<Model>} [given] what to fill in */
  add(given = {}) {
    this.#open(null, given);
  }

  /** @param {Model} model */
  change(model) {
    this.#open(model, model);
  }

  close() {
    this.form.hidden = true;
    this.form.reset();
    this.opener.setAttribute("aria-expanded", "false");
    this.opener.focus();
  }

  /** @param {Model | null} changed @param {Partial<Model>} given */
  #open(changed, given) {
    this.#changed = changed;
    this.form.reset();
    const { elements } = this.form;
    for (const name of ["provider", "model", "url", "name", "max_tokens", "currency", "project_id"]) {
      const value = /** @type {Record<string, any>} */ (given)[name];
      if (value !== undefined && value !== null) elements[name].value = value;
    }
    elements.input_price.value = inField(given.input_price ?? null);
    elements.output_price.value = inField(given.output_price ?? null);
    const others = this.on.models().filter((one) => one.id !== changed?.id);
    elements.fallback.replaceChildren(new Option("Answer without a model", ""), ...others.map((one) => new Option(one.name, one.id)));
    elements.fallback.value = given.fallback ?? "";
    elements.provider.disabled = elements.project_id.disabled = changed !== null;
    byId("form-title").textContent = changed ? `Change ${changed.name}` : "Add a model";
    byId("model-submit").textContent = changed ? "Save" : "Add and test it";
    byId("model-key-note").textContent = changed?.has_key ? KEY_NOTES.kept : KEY_NOTES.new;
    this.form.querySelector(".failure").hidden = true;
    this.form.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.#adjust();
    (elements.model.value ? elements.name : elements.model).focus();
    this.form.scrollIntoView({ block: "nearest" });
  }

  #adjust() {
    byId("of-url").hidden = this.form.elements.provider.value !== "compatible";
  }

  /** @param {string} once an idempotency key */
  async #send(once) {
    const body = this.#body();
    const query = this.form.elements.unchecked.checked ? "?unchecked=true" : "";
    const changed = this.#changed;
    const saved = changed
      ? await ask("PATCH", `/v1/language-models/${encodeURIComponent(changed.id)}${query}`, body)
      : await ask("POST", `/v1/language-models${query}`, body, { "Idempotency-Key": once });
    this.close();
    await this.on.saved(saved, changed === null);
  }

  #body() {
    const { elements } = this.form;
    const given = fields(this.form);
    const isCompatible = elements.provider.value === "compatible";
    const found = [];
    if (!given.model) found.push({ field: elements.model, text: "Write what its provider calls the model." });
    if (isCompatible && !given.url) found.push({ field: elements.url, text: "Write the service's base address." });
    for (const one of [elements.max_tokens, elements.input_price, elements.output_price]) {
      if (!one.validity.valid) found.push({ field: one, text: "Write a number in the allowed range." });
    }
    const prices = [given.input_price, given.output_price, given.currency];
    if (prices.some(Boolean) && !prices.every(Boolean)) {
      const empty = [elements.input_price, elements.output_price, elements.currency].find((one) => !one.value.trim());
      found.push({ field: empty, text: "Write both prices and their currency, or none of them." });
    }
    if (found.length) {
      this.form.querySelector("details").open ||= found.some(({ field }) => field.closest("details"));
      throw new FieldFaults(found);
    }
    return {
      ...(this.#changed ? {} : { provider: elements.provider.value, project_id: given.project_id || null }),
      name: given.name || given.model,
      model: given.model,
      url: isCompatible ? given.url : null,
      max_tokens: given.max_tokens ? Number(given.max_tokens) : null,
      input_price: fromField(given.input_price),
      output_price: fromField(given.output_price),
      currency: given.currency ? given.currency.toUpperCase() : null,
      fallback: given.fallback || null,
      ...(given.key ? { key: given.key } : {}),
    };
  }
}
