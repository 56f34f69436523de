// @ts-check
/** What a person is told, how, and when not. */

import { byId, guarded, h, tell } from "../dom.js";
import { FormDialog } from "../dialog.js";
import * as api from "./api.js";

/** @typedef {import("./shapes.js").NoticeKind} NoticeKind */

/** @type {Record<NoticeKind, string>} */
const KINDS = {
  waiting: "A visitor waits for a person",
  assigned: "A conversation is assigned to me",
  reply: "A visitor replies in a conversation of mine",
  lead: "A visitor leaves their contact",
  sla: "A reply is overdue",
};
const KIND_NAMES = /** @type {NoticeKind[]} */ (Object.keys(KINDS));
const DAYS = { mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday", sat: "Saturday", sun: "Sunday" };

export class PreferencesDialog {
  /** @param {import("../arriving.js").Project[]} projects */
  constructor(projects) {
    this.projects = projects;
    this.form = byId("notices-form");
    byId("open-notices").addEventListener("click", () => guarded(() => this.#open()));
    this.quiet = byId("quiet");
    this.quiet.addEventListener("change", () => (byId("quiet-hours").hidden = !this.quiet.checked));
    this.dialog = new FormDialog("notices");
  }

  async #open() {
    const preferences = await api.preferences();
    this.#show(preferences);
    this.dialog.open(() => this.#save());
  }

  /** @param {import("./shapes.js").Preferences} preferences */
  #show(preferences) {
    byId("notice-kinds").replaceChildren(...KIND_NAMES.map((kind) => kindRow(kind, preferences[kind])));
    byId("mail-note").textContent = preferences.mail_note ?? "";
    byId("mail-note").hidden = !preferences.mail_note;
    const hours = preferences.quiet_hours;
    this.quiet.checked = hours !== null;
    byId("quiet-hours").hidden = hours === null;
    byId("timezone").value = hours?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    byId("quiet-days").replaceChildren(...Object.entries(DAYS).map(([day, name]) => dayRow(day, name, hours?.days[day]?.[0])));
    this.hours = hours;
    byId("notice-projects").hidden = this.projects.length < 2;
    const chosen = preferences.projects;
    byId("notice-project-list").replaceChildren(...this.projects.map((one) =>
      h("label", { class: "tick" }, h("input", { type: "checkbox", "data-project": one.id, checked: chosen === null || chosen.includes(one.id) }), ` ${one.name}`)));
  }

  async #save() {
    /** @type {Record<string, unknown>} */
    const body = {};
    for (const kind of KIND_NAMES) body[kind] = { mail: this.#ticked(kind, "mail"), browser: this.#ticked(kind, "browser") };
    const boxes = [...byId("notice-project-list").querySelectorAll("input")];
    const chosen = boxes.filter((one) => one.checked).map((one) => one.dataset.project);
    // All means those of the future, too.
    body.projects = chosen.length === boxes.length ? null : chosen;
    body.quiet_hours = this.quiet.checked ? this.#quietHours() : null;
    await api.savePreferences(body);
    tell("Saved.");
  }

  /** @param {string} kind @param {string} channel */
  #ticked(kind, channel) {
    return this.form.elements.namedItem(`${kind}-${channel}`).checked;
  }

  #quietHours() {
    /** @type {Record<string, {start: string, end: string}[]>} */
    const days = {};
    for (const [day, name] of Object.entries(DAYS)) {
      const [start, end] = ["start", "end"].map((edge) => this.form.elements.namedItem(`${day}-${edge}`).value);
      if (Boolean(start) !== Boolean(end)) throw new Error(`Give both times for ${name}, or neither.`);
      // Further times of the day, made with the API, stay.
      if (start) days[day] = [{ start, end }, ...(this.hours?.days[day]?.slice(1) ?? [])];
    }
    return { timezone: byId("timezone").value.trim(), days };
  }
}

/** @param {NoticeKind} kind @param {import("./shapes.js").Channels} channels */
function kindRow(kind, channels) {
  const box = (/** @type {"mail" | "browser"} */ channel, /** @type {string} */ label) =>
    h("label", { class: "tick" }, h("input", { type: "checkbox", name: `${kind}-${channel}`, checked: channels[channel] }), ` ${label}`);
  return h("fieldset", { class: "notice-kind" }, h("legend", {}, KINDS[kind]), box("mail", "Mail"), box("browser", "Browser"));
}

/** @param {string} day @param {string} name @param {{start: string, end: string} | undefined} hours */
function dayRow(day, name, hours) {
  const time = (/** @type {string} */ edge, /** @type {string} */ label, /** @type {string} */ value) =>
    h("input", { type: "time", name: `${day}-${edge}`, value, "aria-label": `${name}, ${label}` });
  return h("li", {}, h("span", {}, name), time("start", "quiet from", hours?.start ?? ""), " to ", time("end", "quiet until", hours?.end ?? ""));
}
