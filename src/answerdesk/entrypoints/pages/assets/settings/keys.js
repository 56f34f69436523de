// @ts-check
/** API keys: the list, the form that makes one, and the one time that its text is shown. */

import { copy } from "../copying.js";
import { badge, button, byId, confirmed, facts, guarded, h, tell, words } from "../dom.js";
import { FieldFaults } from "../faults.js";
import { fields, onSubmit } from "../forms.js";
import { ServerError } from "../server.js";
import { ask } from "../session.js";
import { ago, when } from "../wording.js";

/** @typedef {import("./shapes.js").Key} Key */
/** @typedef {import("./shapes.js").KeyMade} KeyMade */

const AT_ONCE = 50;

export class KeysView {
  /** @type {string | null} */
  #cursor = null;

  /** @param {{projects: import("../arriving.js").Project[], canManage: boolean}} on */
  constructor(on) {
    this.on = on;
    this.form = byId("add");
    this.opener = byId("open-add");
    this.subjects = [...this.form.querySelectorAll("select[data-subject]")];
    this.list = byId("key-project-list");
    byId("keys-actions").hidden = !on.canManage;
    byId("key-list").hidden = !on.canManage;
    byId("keys-refused").hidden = on.canManage;
    if (on.canManage) this.#wire();
  }

  async show() {
    if (!this.on.canManage) return;
    await this.#fill();
    if (!byId("keys").childElementCount && this.form.hidden && byId("made").hidden) this.#open();
  }

  #wire() {
    const { elements } = this.form;
    this.list.replaceChildren(
      ...this.on.projects.map(({ id, name }) =>
        h("label", { class: "tick" }, h("input", { type: "checkbox", "data-project": id }), words(name))),
    );
    byId("key-projects").hidden = this.on.projects.length === 0;
    elements.until.min = new Date().toLocaleDateString("sv");
    this.opener.addEventListener("click", () => (this.form.hidden ? this.#open() : this.#close()));
    byId("add-cancel").addEventListener("click", () => this.#close());
    elements.program.addEventListener("change", () => this.#suit());
    this.form.addEventListener("change", () => this.#adjust());
    // A reset empties the fields only after this event.
    this.form.addEventListener("reset", () => setTimeout(() => this.#adjust()));
    onSubmit(this.form, (once) => this.#make(once));
    byId("made-copy").addEventListener("click", () => copy(byId("made-text"), "The key"));
    byId("made-done").addEventListener("click", () => {
      this.#forget();
      byId("keys-title").focus();
    });
    byId("key-state").addEventListener("change", () => guarded(() => this.#fill()));
    byId("more-keys").addEventListener("click", () => guarded(() => this.#more()));
    const program = new URLSearchParams(location.search).get("program");
    if ([...elements.program.options].some((one) => one.value === program)) {
      elements.program.value = program;
      this.#suit();
      this.#open();
    }
    this.#adjust();
  }

  /** Suggest what programs of the chosen service usually need. */
  #suit() {
    const { program, access } = this.form.elements;
    if (access.value !== "some") access.value = program.value === "answerdesk" ? "read" : "write";
  }

  #adjust() {
    const { access, reach } = this.form.elements;
    byId("key-subjects").hidden = access.value !== "some";
    this.list.hidden = reach.value !== "some";
  }

  #open() {
    this.#forget();
    this.form.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.form.elements.name.focus({ preventScroll: true });
  }

  #close() {
    this.form.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    this.opener.focus();
  }

  /** @param {string} once an idempotency key */
  async #make(once) {
    const body = this.#body();
    /** @type {KeyMade} */
    let made;
    try {
      made = await ask("POST", "/v1/api-keys", body, { "Idempotency-Key": once });
    } catch (error) {
      const isPast = error instanceof ServerError && error.code === "expiry_past";
      throw isPast ? new FieldFaults([{ field: this.form.elements.until, text: "This day is over. Choose a later one." }]) : error;
    }
    this.#close();
    byId("made-name").textContent = made.name;
    byId("made-text").textContent = made.key;
    byId("made").hidden = false;
    byId("made").focus();
    await this.#fill();
  }

  #body() {
    const { name, until } = fields(this.form);
    const { elements } = this.form;
    const ticked = [...this.list.querySelectorAll("input")].filter((one) => one.checked);
    const found = [];
    if (!name) found.push({ field: elements.name, text: "Give the key a name that says where it is used." });
    const scopes = this.#scopes();
    if (!scopes.length) found.push({ field: this.subjects[0], text: "Choose at least one thing that the key may read." });
    const isLimited = elements.reach.value === "some";
    if (isLimited && !ticked.length) {
      found.push({ field: this.list.querySelector("input"), text: "Tick at least one project, or choose all." });
    }
    if (found.length) throw new FieldFaults(found);
    return {
      name,
      prefix: elements.program.selectedOptions[0].dataset.prefix,
      scopes,
      project_ids: isLimited ? ticked.map((one) => one.dataset.project) : null,
      expires_at: until ? endOf(until) : null,
    };
  }

  /** @returns {string[]} */
  #scopes() {
    const { value } = this.form.elements.access;
    if (value !== "some") return [value];
    return this.subjects.filter((one) => one.value).map((one) => `${one.dataset.subject}:${one.value}`);
  }

  /** The text must not stay in the page after it was copied. */
  #forget() {
    byId("made-text").textContent = "";
    byId("made").hidden = true;
  }

  async #fill() {
    this.#cursor = null;
    byId("keys").replaceChildren();
    await this.#more();
    byId("no-keys").hidden = byId("keys").childElementCount > 0;
  }

  async #more() {
    const query = new URLSearchParams({ limit: String(AT_ONCE) });
    if (byId("key-state").value === "working") query.set("working", "true");
    if (this.#cursor) query.set("cursor", this.#cursor);
    /** @type {{items: Key[], next_cursor: string | null}} */
    const { items, next_cursor } = await ask("GET", `/v1/api-keys?${query}`);
    this.#cursor = next_cursor;
    byId("more-keys").hidden = next_cursor === null;
    byId("keys").append(...items.map((one) => this.#row(one)));
  }

  /** @param {Key} key */
  #row(key) {
    const state = stateOf(key);
    return h(
      "li",
      { class: "card" },
      h("div", { class: "card-head" },
        h("h3", { class: "card-title" }, words(key.name)),
        state ? badge("calm", state) : button("Revoke", () => guarded(() => this.#revoke(key)))),
      facts([
        ["Key", h("code", { dir: "ltr" }, key.hint)],
        ["May", this.#may(key)],
        ["Projects", this.#reach(key)],
        ["Last used", key.last_used_at ? ago(key.last_used_at) : "never"],
        ["Made", `${when(key.created_at)} by ${key.created_by}`],
        ["Works until", state ? "" : key.expires_at ? when(key.expires_at) : "it is revoked"],
      ]),
    );
  }

  /** @param {Key} key @returns {string} its scopes in words */
  #may({ scopes }) {
    const said = new Map(this.subjects.map((one) => [one.dataset.subject, one.dataset.said]));
    const of = (/** @type {string} */ action) =>
      scopes.filter((one) => one.endsWith(`:${action}`)).map((one) => said.get(one.split(":")[0]) ?? one.split(":")[0]);
    const every = (/** @type {string} */ action) => (scopes.includes(action) ? ["everything"] : []);
    const parts = [["read", [...every("read"), ...of("read")]], ["read and write", [...every("write"), ...of("write")]]];
    return parts.filter(([, names]) => names.length).map(([may, names]) => `${may} ${/** @type {string[]} */ (names).join(", ")}`).join("; ");
  }

  /** @param {Key} key */
  #reach({ project_ids: ids }) {
    if (ids === null) return "all";
    return ids.map((id) => this.on.projects.find((one) => one.id === id)?.name ?? id).join(", ");
  }

  /** @param {Key} key */
  async #revoke({ id, name, hint }) {
    const yes = await confirmed({
      title: "Revoke this key?",
      text: `Programs that send “${name}” (${hint}) are refused at once. This can't be undone.`,
      yes: "Revoke it",
      no: "Keep it",
    });
    if (!yes) return;
    await ask("DELETE", `/v1/api-keys/${encodeURIComponent(id)}`);
    tell("The key was revoked.");
    await this.#fill();
    byId("keys-title").focus();
  }
}

/** @param {Key} key @returns {string} why it doesn't work any more; empty if it does */
function stateOf({ revoked_at: revoked, expires_at: expires }) {
  if (revoked) return `Revoked ${when(revoked)}`;
  return expires && new Date(expires) <= new Date() ? `Expired ${when(expires)}` : "";
}

/** @param {string} day @returns {string} the moment at which a day ends here */
function endOf(day) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + 1).toISOString();
}
