// @ts-check
/** One webhook: its state, its secret, its settings, a test call, and its deliveries. */

import { copy } from "../copying.js";
import { FormDialog } from "../dialog.js";
import { badge, button, byId, confirmed, facts, guarded, h, tell } from "../dom.js";
import { address, fields, onSubmit } from "../forms.js";
import { ask } from "../session.js";
import { when } from "../wording.js";
import { Deliveries } from "./deliveries.js";
import { EventChoice } from "./events.js";
import { FORMATS, eventsOf, outcome, reasonOf, stateOf } from "./format.js";

/** @typedef {import("./shapes.js").Webhook} Webhook */
/** @typedef {import("./shapes.js").WebhookMade} WebhookMade */

const ONCE = "was made for this webhook. Copy it now: it won't be shown again.";
const AGAIN = "of this webhook. It can be shown again to people who give their password.";

export class WebhookView {
  /** @type {Webhook | null} */
  #shown = null;

  /**
   * @param {{canWrite: boolean, isPerson: boolean, types: import("./shapes.js").EventType[],
   *   projects: import("../arriving.js").Project[], gone: () => void}} on
   */
  constructor(on) {
    this.on = on;
    this.root = byId("view-webhook");
    this.settings = byId("settings");
    this.events = new EventChoice(byId("settings-events"), on.types);
    this.deliveries = new Deliveries({ canWrite: on.canWrite, looked: () => this.#refresh() });
    this.rotation = new FormDialog("rotation");
    this.again = new FormDialog("again");
    /** A secret that was just made, and whose it is. @type {WebhookMade | null} */
    this.fresh = null;
    byId("settings-cancel").addEventListener("click", () => this.#closeSettings());
    onSubmit(this.settings, () => this.#save());
    onSubmit(byId("test"), () => this.#test());
    byId("secret-copy").addEventListener("click", () => copy(byId("secret-text"), "The secret"));
    byId("secret-done").addEventListener("click", () => {
      this.#hideSecret();
      byId("webhook-title").focus({ preventScroll: true });
    });
  }

  get webhook() {
    if (!this.#shown) throw new Error("no webhook is shown yet");
    return this.#shown;
  }

  get #path() {
    return `/v1/webhooks/${encodeURIComponent(this.webhook.id)}`;
  }

  /** @param {string} id */
  async show(id) {
    const isOther = this.#shown?.id !== id;
    this.#shown = await ask("GET", `/v1/webhooks/${encodeURIComponent(id)}`);
    if (isOther) byId("test-answer").replaceChildren();
    this.settings.hidden = true;
    this.#write();
    this.#fillTests();
    await this.deliveries.show(this.webhook);
    this.root.hidden = false;
    if (this.fresh?.id === id) this.#showSecret(this.fresh.secret);
    this.fresh = null;
  }

  hide() {
    this.root.hidden = true;
    this.#hideSecret();
    this.deliveries.hide();
  }

  /** Show the current state, unless it is known; what has the focus keeps it. */
  async #refresh() {
    /** @type {Webhook} */
    const now = await ask("GET", this.#path);
    if (now.id === this.webhook.id && JSON.stringify(now) !== JSON.stringify(this.webhook)) this.#write(now);
  }

  /** @param {Webhook} [now] its new state */
  #write(now = this.webhook) {
    this.#shown = now;
    byId("webhook-title").textContent = now.url;
    const reason = reasonOf(now);
    byId("webhook-state").replaceChildren(badge(...stateOf(now)), reason ? ` ${reason}` : "");
    const project = this.on.projects.find((one) => one.id === now.project_id);
    byId("webhook-facts").replaceChildren(
      facts([
        ["Description", now.description],
        ["Format", FORMATS[now.format]],
        ["Events", now.events ? now.events.join(", ") : eventsOf(now, this.on.types)],
        ["Project", now.project_id ? (project?.name ?? now.project_id) : "All projects"],
        ["Added", when(now.created_at)],
        ["Old secret valid until", this.#oldSecret(now)],
      ]),
    );
    byId("webhook-actions").replaceChildren(...(this.on.canWrite ? this.#actions() : []));
    byId("open-replay").hidden = !now.enabled;
  }

  /** @param {Webhook} now */
  #oldSecret({ old_secret_until: until }) {
    return until && new Date(until) > new Date() ? when(until) : "";
  }

  #actions() {
    const { enabled, format } = this.webhook;
    return [
      enabled
        ? button("Disable", () => guarded(() => this.#disable()))
        : button("Enable", () => guarded(() => this.#enable()), "primary"),
      button("Settings", () => this.#openSettings()),
      button("Replace the secret", () => this.rotation.open((given) => this.#rotate(given))),
      ...(format === "orac" && this.on.isPerson
        ? [button("Show the secret", () => this.again.open((given) => this.#showAgain(given)))]
        : []),
      button("Remove", () => guarded(() => this.#remove())),
    ];
  }

  async #enable() {
    this.#write(await ask("POST", `${this.#path}/enable`, {}));
    tell("It is enabled. Events are sent from now on.");
    this.#lead();
  }

  async #disable() {
    this.#write(await ask("PATCH", this.#path, { enabled: false }));
    tell("It is disabled. Nothing is sent until it is enabled again.");
    this.#lead();
  }

  /** Move the focus to the title, since the focused button has disappeared. */
  #lead() {
    byId("webhook-title").focus({ preventScroll: true });
  }

  /** @param {Record<string, string>} given */
  async #rotate({ overlap_hours: hours }) {
    /** @type {WebhookMade} */
    const { secret, ...now } = await ask("POST", `${this.#path}/rotate-secret`, { overlap_hours: Number(hours) });
    this.#write(now);
    // The dialog returns the focus when it closes, after this.
    setTimeout(() => this.#showSecret(secret));
  }

  /** @param {Record<string, string>} given */
  async #showAgain({ password }) {
    const { secret } = await ask("POST", `${this.#path}/secret`, { password });
    setTimeout(() => this.#showSecret(secret));
  }

  /** @param {string} secret */
  #showSecret(secret) {
    byId("secret-note").textContent = this.webhook.format === "orac" ? AGAIN : ONCE;
    byId("secret-text").textContent = secret;
    byId("secret").hidden = false;
    byId("secret").focus();
  }

  #hideSecret() {
    byId("secret-text").textContent = "";
    byId("secret").hidden = true;
  }

  #openSettings() {
    const { url, description, format, events } = this.webhook;
    const { elements } = this.settings;
    elements.url.value = url;
    elements.description.value = description;
    this.events.show(format, events);
    this.settings.querySelector(".failure").hidden = true;
    this.settings.hidden = false;
    elements.url.focus();
  }

  #closeSettings() {
    this.settings.hidden = true;
    this.#lead();
  }

  async #save() {
    const { url, description } = fields(this.settings);
    this.events.check();
    const body = { url: address(url), description, events: this.events.value };
    this.#write(await ask("PATCH", this.#path, body));
    this.#fillTests();
    tell("Saved. What waits to be sent goes to the new address, too.");
    this.#closeSettings();
  }

  #fillTests() {
    const { format, events } = this.webhook;
    const told = this.on.types.filter((one) => one.formats[format]);
    const select = byId("test-event");
    // First what it is sent; the others can be tested, too.
    const sent = told.filter((one) => events === null || events.includes(one.name));
    const others = told.filter((one) => !sent.includes(one));
    const option = (/** @type {{name: string}} */ one) => new Option(one.name, one.name);
    select.replaceChildren(...[...sent, ...others].map(option));
    byId("testing").hidden = told.length === 0;
  }

  async #test() {
    const box = byId("test-answer");
    box.replaceChildren(h("p", { class: "row-note" }, "Waiting for the receiver…"));
    const select = byId("test-event");
    try {
      const came = await ask("POST", `${this.#path}/test`, { type: select.value });
      box.replaceChildren(...outcome(came));
      // The form is reset after success; keep what was chosen.
      for (const one of select.options) one.defaultSelected = one.selected;
    } catch (error) {
      box.replaceChildren();
      throw error;
    }
  }

  async #remove() {
    const { url } = this.webhook;
    const yes = await confirmed({
      title: "Remove this webhook?",
      text: `${url} gets nothing more, and the record of its deliveries is deleted, also of those that wait. To stop it for a time, disable it.`,
      yes: "Remove it",
      no: "Keep it",
    });
    if (!yes) return;
    await ask("DELETE", this.#path);
    tell("The webhook was removed.");
    this.on.gone();
  }
}
