// @ts-check
/** The catalogue: its models, one test each, and an Ollama that was noticed. */

import { badge, button, byId, confirmed, facts, guarded, h, tell, words } from "../dom.js";
import { ask } from "../session.js";
import { count, sentence } from "../wording.js";
import { ModelForm } from "./form.js";
import { money } from "./money.js";

/** @typedef {import("./shapes.js").Model} Model */
/** @typedef {import("./shapes.js").Nearby} Nearby */
/** @typedef {import("./shapes.js").Tested} Tested */

const PROVIDERS = { openai: "OpenAI", anthropic: "Anthropic", google: "Google", compatible: "Another service" };
const NONE =
  "There is no model yet, so answers are made of your knowledge's own sentences. Add a model with the key of its provider, or one on your own machine, then choose it for an agent below.";
const NONE_TO_SEE =
  "There is no model yet, so answers are made of your knowledge's own sentences. An owner or admin of this account can add one.";

export class ModelList {
  /** @type {Model[]} */
  #models = [];

  /**
   * @param {{canWrite: boolean, projects: import("../arriving.js").Project[],
   *   changed: (models: Model[]) => Promise<void>}} on
   */
  constructor(on) {
    this.on = on;
    this.root = byId("view-models");
    this.form = new ModelForm({
      projects: on.projects,
      models: () => this.#models,
      saved: async ({ name }, isNew) => {
        tell(isNew ? `${name} was added. Choose it for an agent below.` : `${name} was changed.`);
        await this.load();
      },
    });
  }

  async load() {
    /** @type {{items: Model[]}} */
    const { items } = await ask("GET", "/v1/language-models?limit=200");
    this.#models = items;
    byId("models").replaceChildren(...items.map((one) => this.#card(one)));
    const note = byId("none-yet");
    note.hidden = items.length > 0;
    note.textContent = this.on.canWrite ? NONE : NONE_TO_SEE;
    this.root.hidden = false;
    await this.on.changed(items);
  }

  /** Offer the models of an Ollama beside this server, if there is one. */
  async look() {
    /** @type {Nearby} */
    const { url, models, setting } = await ask("GET", "/v1/language-models/nearby");
    if (!url || !this.on.canWrite) return;
    const known = new Set(this.#models.filter((one) => one.url === url).map((one) => one.model));
    const offered = models.filter((one) => !known.has(one));
    if (!setting && !offered.length) return;
    byId("nearby-title").textContent = setting
      ? "An Ollama seems to run on this machine. To use its models, start Answerdesk with this setting:"
      : "An Ollama runs on this machine. Add one of its models with one click:";
    const box = byId("nearby-setting");
    box.hidden = !setting;
    box.querySelector("code").textContent = setting ?? "";
    byId("nearby-models").hidden = Boolean(setting);
    byId("nearby-models").replaceChildren(
      ...offered.map((model) => button(model, () => guarded(() => this.#addNearby(url, model)))),
    );
    byId("nearby").hidden = false;
  }

  /** @param {string} url @param {string} model */
  async #addNearby(url, model) {
    tell(`${model} is asked for a word. The first time, that may take a while.`);
    await ask("POST", "/v1/language-models", { name: model, provider: "compatible", url, model });
    tell(`${model} was added. Choose it for an agent below.`);
    byId("nearby").hidden = true;
    await this.load();
    await this.look();
  }

  /** @param {Model} model */
  #card(model) {
    const project = this.on.projects.find((one) => one.id === model.project_id);
    const fallback = this.#models.find((one) => one.id === model.fallback);
    const told = h("div", { role: "status" });
    const price = (/** @type {number | null} */ micros) => (micros === null ? "" : money(micros, model.currency));
    const prices = model.currency ? `${price(model.input_price)} read, ${price(model.output_price)} written` : "";
    return h(
      "li",
      { class: "card" },
      h("h3", { class: "card-title" }, words(model.name)),
      facts([
        ["Model", `${PROVIDERS[model.provider]}: ${model.model}`],
        ["Address", model.url && h("span", { dir: "ltr" }, model.url)],
        ["Key", model.has_key ? (model.key_end ? `…${model.key_end}` : "set") : "none"],
        ["For", model.project_id ? (project?.name ?? model.project_id) : "all projects"],
        ["A million tokens", prices],
        ["Longest answer", `${count(model.max_tokens)} tokens`],
        ["If unavailable", fallback ? fallback.name : ""],
        ["Used by", model.agents.length ? this.#users(model) : "no agent"],
      ]),
      told,
      this.on.canWrite &&
        h("p", { class: "actions" },
          button("Test it", () => guarded(() => this.#test(model, told))),
          button("Change", () => this.form.change(model)),
          button("Remove", () => guarded(() => this.#remove(model)))),
    );
  }

  /** @param {Model} model */
  #users({ agents }) {
    const named = agents.map(({ name, project_id }) => {
      const project = this.on.projects.find((one) => one.id === project_id);
      return project ? `${name} (${project.name})` : name;
    });
    return named.length > 3 ? `${named.slice(0, 3).join(", ")} and ${named.length - 3} more` : named.join(", ");
  }

  /** @param {Model} model @param {HTMLElement} told */
  async #test(model, told) {
    told.replaceChildren(h("p", { class: "row-note" }, "Waiting for its answer…"));
    try {
      /** @type {Tested} */
      const { milliseconds, answer, error } = await ask("POST", `/v1/language-models/${encodeURIComponent(model.id)}/test`);
      told.replaceChildren(
        h("p", {}, badge(error ? "bad" : "good", error ? "Does not answer" : "Answers"), ` after ${count(milliseconds)} ms`),
        ...(error ? [h("p", { class: "reason" }, words(sentence(error)))] : []),
        ...(answer ? [h("p", { class: "row-note" }, words(`“${answer}”`))] : []),
      );
    } catch (error) {
      told.replaceChildren();
      throw error;
    }
  }

  /** @param {Model} model */
  async #remove({ id, name }) {
    const yes = await confirmed({
      title: "Remove this model?",
      text: `${name} is removed from the catalogue, with its key. What it has cost stays counted.`,
      yes: "Remove it",
      no: "Keep it",
    });
    if (!yes) return;
    await ask("DELETE", `/v1/language-models/${encodeURIComponent(id)}`);
    tell(`${name} was removed.`);
    byId("models-title").focus();
    await this.load();
  }
}
