// @ts-check
/** The list of webhooks, and the form that adds one. */

import { badge, byId, h, tell, words } from "../dom.js";
import { address, completing, fields, keepDraft, onSubmit } from "../forms.js";
import { ask } from "../session.js";
import { EventChoice } from "./events.js";
import { FORMATS, eventsOf, reasonOf, stateOf } from "./format.js";

/** @typedef {import("./shapes.js").EventType} EventType */
/** @typedef {import("./shapes.js").Webhook} Webhook */
/** @typedef {import("./shapes.js").WebhookMade} WebhookMade */

const NONE =
  "There is no webhook yet. A webhook sends events to your own server as they happen: a visitor left a contact, a conversation waits for a person, a question had no answer.";
const NONE_TO_SEE = "There is no webhook yet. An owner or admin of this account can add one.";

export class ListView {
  /**
   * @param {{canWrite: boolean, projects: import("../arriving.js").Project[], types: EventType[],
   *   added: (made: WebhookMade) => void}} on
   */
  constructor(on) {
    this.on = on;
    this.root = byId("view-list");
    this.form = byId("add");
    this.opener = byId("open-add");
    this.events = new EventChoice(byId("add-events"), on.types);
    this.#fillProjects();
    this.#wire();
  }

  async show() {
    /** @type {import("./shapes.js").Listing<Webhook>} */
    const { items } = await ask("GET", "/v1/webhooks?limit=200");
    byId("webhooks").replaceChildren(...items.map((one) => this.#row(one)));
    const note = byId("none-yet");
    note.hidden = items.length > 0;
    note.textContent = this.on.canWrite ? NONE : NONE_TO_SEE;
    this.root.hidden = false;
    if (!items.length && this.on.canWrite && this.form.hidden) this.#open();
  }

  hide() {
    this.root.hidden = true;
  }

  #wire() {
    const { format, url } = this.form.elements;
    const drafted = keepDraft(this.form);
    this.events.show(format.value);
    format.addEventListener("change", () => this.events.show(format.value));
    // A reset empties the fields only after this event.
    this.form.addEventListener("reset", () => setTimeout(() => this.events.show(format.value, null)));
    completing(url, tell);
    this.opener.addEventListener("click", () => (this.form.hidden ? this.#open() : this.#close()));
    onSubmit(this.form, (once) => this.#add(once));
    if (drafted) this.#open();
  }

  #open() {
    this.form.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.form.elements.url.focus({ preventScroll: true });
  }

  #close() {
    this.form.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    this.opener.focus();
  }

  #fillProjects() {
    const options = this.on.projects.map((one) => new Option(one.name, one.id));
    this.form.elements.project.replaceChildren(new Option("All projects", ""), ...options);
  }

  /** @param {string} once an idempotency key */
  async #add(once) {
    const { url, format, project, description } = fields(this.form);
    this.events.check();
    const body = { url: address(url), format, events: this.events.value, project_id: project || null, description };
    const made = await ask("POST", "/v1/webhooks", body, { "Idempotency-Key": once });
    this.#close();
    this.on.added(made);
  }

  /** @param {Webhook} webhook */
  #row(webhook) {
    const project = this.on.projects.find((one) => one.id === webhook.project_id);
    const told = [
      webhook.description,
      FORMATS[webhook.format],
      eventsOf(webhook, this.on.types),
      webhook.project_id ? (project?.name ?? webhook.project_id) : "All projects",
    ];
    const reason = reasonOf(webhook);
    const isWrong = webhook.failing_since || webhook.disabled_reason !== "owner";
    return h(
      "li",
      { class: "card" },
      h("div", { class: "card-head" },
        h("a", { href: `#/webhook/${encodeURIComponent(webhook.id)}`, class: "card-title address" }, webhook.url),
        badge(...stateOf(webhook))),
      h("p", { class: "row-note" }, words(told.filter(Boolean).join(" · "))),
      reason && h("p", { class: isWrong ? "reason" : "row-note" }, reason),
    );
  }
}
