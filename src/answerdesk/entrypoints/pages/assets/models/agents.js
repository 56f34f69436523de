// @ts-check
/** Which model each agent of the chosen project answers with. */

import { badge, byId, guarded, h, tell, words } from "../dom.js";
import { ask } from "../session.js";

/** @typedef {import("./shapes.js").Agent} Agent */
/** @typedef {import("./shapes.js").Model} Model */

export class AgentChoice {
  /** @type {Agent[]} */
  #agents = [];

  /** @param {{project: import("../arriving.js").Project, canWrite: boolean, chosen: () => Promise<void>}} on */
  constructor(on) {
    this.on = on;
    this.path = `/v1/projects/${encodeURIComponent(on.project.id)}/agents`;
    byId("agents-note").textContent = `Agents of ${on.project.name}. One without a model answers in your knowledge's own words.`;
  }

  async load() {
    const found = await ask("GET", `${this.path}?limit=200`);
    this.#agents = found.items;
    byId("view-agents").hidden = false;
  }

  /** @param {Model[]} models */
  show(models) {
    const usable = models.filter((one) => one.project_id === null || one.project_id === this.on.project.id);
    const names = [...new Set(usable.map((one) => one.name))];
    byId("agents").replaceChildren(...this.#agents.map((one) => this.#row(one, names)));
  }

  /** @param {Agent} agent @param {string[]} names */
  #row(agent, names) {
    const id = `model-of-${agent.id}`;
    const choice = h("select", { id, disabled: !this.on.canWrite },
      new Option("No model", ""), ...names.map((one) => new Option(one, one)));
    if (agent.model && !names.includes(agent.model)) choice.append(new Option(`${agent.model} (not in the catalogue)`, agent.model));
    choice.value = agent.model ?? "";
    choice.addEventListener("change", () => guarded(() => this.#choose(agent, choice)));
    return h("li", { class: "list-head" },
      h("span", {}, words(agent.name), agent.active && " ", agent.active && badge("good", "Active")),
      h("span", { class: "filter" }, h("label", { for: id }, "Answers with", h("span", { class: "visually-hidden" }, ` (${agent.name})`)), choice));
  }

  /** @param {Agent} agent @param {HTMLSelectElement} choice */
  async #choose(agent, choice) {
    const model = choice.value || null;
    choice.disabled = true;
    try {
      await ask("PATCH", `${this.path}/${encodeURIComponent(agent.id)}`, { model });
      agent.model = model;
      tell(model ? `${agent.name} answers with ${model} from now on.` : `${agent.name} answers without a model from now on.`);
      await this.on.chosen();
    } catch (error) {
      choice.value = agent.model ?? "";
      throw error;
    } finally {
      choice.disabled = false;
    }
  }
}
