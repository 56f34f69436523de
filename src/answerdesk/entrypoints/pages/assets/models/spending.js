// @ts-check
/** What models have cost, and the caps on it. */

import { byId, facts, h, tell, words } from "../dom.js";
import { FieldFaults } from "../faults.js";
import { onSubmit } from "../forms.js";
import { ask } from "../session.js";
import { count, counted } from "../wording.js";
import { fromField, inField, money } from "./money.js";

/** @typedef {import("./shapes.js").Answers} Answers */
/** @typedef {import("./shapes.js").Cap} Cap */
/** @typedef {import("./shapes.js").Counted} Counted */
/** @typedef {import("./shapes.js").Usage} Usage */

const PERIODS = { per_day: "A day", per_month: "A month" };
const OF_VISITORS = { per_visitor_per_day: "A visitor, a day", per_visitor_per_month: "A visitor, a month" };

export class Spending {
  /** @param {{project: import("../arriving.js").Project | null, projects: import("../arriving.js").Project[], canCap: boolean, canCapAccount: boolean}} on */
  constructor(on) {
    this.on = on;
    this.projectCaps = new CapsForm("project-caps", { ...PERIODS, ...OF_VISITORS }, on.canCap, async (caps) => {
      await ask("PATCH", this.#projectPath, { settings: { spending_caps: caps } });
    });
    this.accountCaps = new CapsForm("account-caps", PERIODS, on.canCapAccount, async (caps) => {
      await ask("PATCH", "/v1/account", { spending_caps: caps });
    });
    for (const one of [this.projectCaps, this.accountCaps]) one.saved = () => this.load();
  }

  get #projectPath() {
    return `/v1/projects/${encodeURIComponent(this.on.project?.id ?? "")}`;
  }

  async load() {
    const { project, canCapAccount } = this.on;
    const [usage, account, of] = await Promise.all([
      /** @type {Promise<Usage>} */ (ask("GET", "/v1/language-models/usage")),
      canCapAccount ? ask("GET", "/v1/account") : null,
      project ? ask("GET", this.#projectPath) : null,
    ]);
    this.#showTotals(usage);
    this.#showUsage(usage);
    if (of && project) {
      byId("project-caps-title").textContent = `Caps of ${project.name}`;
      this.projectCaps.show(of.settings.spending_caps, usage.currency);
    }
    if (account) this.accountCaps.show(account.spending_caps, usage.currency);
    byId("view-spending").hidden = false;
  }

  /** @param {Usage} usage */
  #showTotals({ account, projects, currency }) {
    const own = projects.find((one) => one.project_id === this.on.project?.id);
    const parts = /** @type {[string, import("./shapes.js").Spending | null | undefined][]} */ ([[this.on.project?.name ?? "", own], ["The account", account]]);
    byId("totals").replaceChildren(
      ...parts.filter(([, one]) => one).map(([name, one]) =>
        h("div", {}, h("h3", {}, words(name)), facts([
          ["Today", spent(/** @type {any} */ (one).day, currency)],
          ["This month", spent(/** @type {any} */ (one).month, currency)],
        ]))),
    );
  }

  /** @param {Usage} usage */
  #showUsage({ models, currency }) {
    byId("no-usage").hidden = models.length > 0;
    byId("usage-box").hidden = models.length === 0;
    const cell = (/** @type {Answers} */ one) => {
      const tokens = `${count(one.input_tokens + one.output_tokens)} tokens`;
      return `${counted(one.answers, "answer")}, ${tokens}${currency ? `, ${money(one.money, currency)}` : ""}`;
    };
    byId("usage").replaceChildren(
      ...models.map((one) => {
        const project = this.on.projects.find(({ id }) => id === one.project_id);
        return h("tr", {}, h("th", { scope: "row" }, words(one.name)), h("td", {}, words(project?.name ?? "")), h("td", {}, cell(one.day)), h("td", {}, cell(one.month)));
      }),
    );
  }
}

/** @param {Counted} one @param {string | null} currency */
function spent(one, currency) {
  const tokens = `${count(one.tokens)}${one.most_tokens === null ? "" : ` of ${count(one.most_tokens)}`} tokens`;
  if (!currency && one.most_money === null) return tokens;
  const most = one.most_money === null ? "" : ` of ${money(one.most_money, currency)}`;
  return `${tokens}, ${money(one.money, currency)}${most}`;
}

/** A form with a cap on tokens and one on money, for each of some periods. */
class CapsForm {
  /** @type {() => Promise<unknown>} */
  saved = () => Promise.resolve();

  /**
   * @param {string} id @param {Record<string, string>} periods @param {boolean} canWrite
   * @param {(caps: Record<string, Cap>) => Promise<unknown>} send
   */
  constructor(id, periods, canWrite, send) {
    this.form = byId(id);
    this.names = Object.keys(periods);
    this.canWrite = canWrite;
    const rows = Object.entries(periods).map(([name, title]) =>
      h("fieldset", { class: "choice-set" }, h("legend", {}, title), h("div", { class: "field-pair" },
        this.#field(`${id}-${name}-tokens`, `${name}.tokens`, "Tokens", "1"),
        this.#field(`${id}-${name}-money`, `${name}.money`, "Money", "any"))));
    this.form.querySelector(".cap-rows").replaceChildren(...rows);
    onSubmit(this.form, async () => {
      const caps = this.#caps();
      await send(caps);
      // The form is reset after this, to what is saved.
      for (const one of this.form.querySelectorAll("input")) one.defaultValue = one.value;
      tell("The caps were saved.");
      await this.saved();
    });
  }

  /** @param {Record<string, Cap>} caps @param {string | null} currency */
  show(caps, currency) {
    for (const name of this.names) {
      const { tokens, money: micros } = caps[name];
      this.#write(`${name}.tokens`, tokens === null ? "" : String(tokens));
      this.#write(`${name}.money`, inField(micros));
    }
    for (const one of this.form.querySelectorAll(".currency")) one.textContent = currency ? ` (${currency})` : "";
    for (const one of this.form.elements) one.disabled = !this.canWrite;
    this.form.hidden = false;
  }

  /** @param {string} name @param {string} value */
  #write(name, value) {
    const field = this.form.elements[name];
    field.defaultValue = value;
    field.value = value;
  }

  #caps() {
    const found = this.names
      .flatMap((name) => [this.form.elements[`${name}.tokens`], this.form.elements[`${name}.money`]])
      .filter((one) => !one.validity.valid)
      .map((field) => ({ field, text: "Write a number of 0 or more, or nothing." }));
    if (found.length) throw new FieldFaults(found);
    return Object.fromEntries(
      this.names.map((name) => {
        const { value } = this.form.elements[`${name}.tokens`];
        return [name, { tokens: value === "" ? null : Number(value), money: fromField(this.form.elements[`${name}.money`].value) }];
      }),
    );
  }

  /** @param {string} id @param {string} name @param {string} title @param {string} step */
  #field(id, name, title, step) {
    const currency = title === "Money" && h("span", { class: "currency" });
    return h("p", {}, h("label", { for: id }, title, currency), h("input", { id, name, type: "number", min: "0", step, inputmode: "decimal" }));
  }
}
