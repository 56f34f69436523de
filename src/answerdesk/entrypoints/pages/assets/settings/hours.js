// @ts-check
/** The office hours: a time zone, times on each weekday, holidays. */

import { button, byId, h } from "../dom.js";

/**
 * @typedef {import("./section.js").Part} Part
 * @typedef {import("./shapes.js").Hours} Hours
 * @typedef {import("./shapes.js").Interval} Interval
 * @typedef {import("./shapes.js").Holiday} Holiday
 * @typedef {import("../faults.js").Fault} Fault
 */

const MIDNIGHT = "00:00";
const USUAL = { start: "09:00", end: "17:00" };

/** @type {(iso: string) => string} hours and minutes of a time of the API */
const clock = (iso) => iso.slice(0, 5);

export class HoursPart {
  #made = 0;

  /** @param {any} form */
  constructor(form) {
    this.form = form;
    this.elements = form.elements;
    this.list = byId("days");
    this.rows = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("li[data-day]")]);
    this.holidays = byId("holidays");
    byId("zones").replaceChildren(...Intl.supportedValuesOf("timeZone").map((one) => h("option", { value: one })));
    for (const row of this.rows) {
      row.append(button("Add times", () => this.#add(row), "quiet writing"));
      this.#end(row).setAttribute("aria-label", `Add times on ${row.dataset.name}`);
    }
    byId("add-holiday").addEventListener("click", () => {
      this.#addHoliday({ date: "", name: null }).focus();
      this.#changed();
    });
    form.addEventListener("change", () => this.#adjust());
  }

  /** @param {import("./shapes.js").Project} project @returns {Hours} */
  of = ({ settings }) => settings.office_hours;

  /** @param {Hours} hours */
  fill = ({ timezone, days, holidays }) => {
    this.elements.timezone.value = timezone;
    this.elements.when.value = Object.keys(days).length ? "days" : "always";
    for (const row of this.rows) {
      const box = this.#box(row);
      box.replaceChildren();
      for (const one of days[row.dataset.day ?? ""] ?? []) this.#addInterval(row, one);
    }
    this.holidays.replaceChildren();
    for (const one of holidays) this.#addHoliday(one);
    this.#adjust();
  };

  body = () => {
    const always = this.elements.when.value === "always";
    // A merge patch keeps the days that it leaves out, so name all of them.
    const days = Object.fromEntries(
      this.rows.map((row) => [row.dataset.day, always ? null : this.#intervals(row).map(({ start, end }) => ({ start: start.value, end: end.value }))]),
    );
    const holidays = this.#holidays().map(({ date, name }) => ({ date: date.value, name: name.value.trim() || null }));
    return { settings: { office_hours: { timezone: this.elements.timezone.value.trim(), days, holidays } } };
  };

  check = () => {
    const found = this.elements.when.value === "always" ? [] : this.rows.flatMap((row) => this.#wrongIn(row));
    const dates = new Set();
    for (const { date } of this.#holidays()) {
      if (!date.value) found.push({ field: date, text: "Choose the day, or remove this line." });
      else if (dates.has(date.value)) found.push({ field: date, text: "This day is listed twice." });
      dates.add(date.value);
    }
    return found;
  };

  /** @param {string} path */
  fieldOf = (path) => {
    const [, index = ""] = path.match(/^settings\.office_hours\.holidays\[(\d+)\]/) ?? [];
    if (index) return this.#holidays()[Number(index)]?.date ?? null;
    return path === "settings.office_hours.timezone" ? this.elements.timezone : null;
  };

  /** @param {HTMLElement} row @returns {Fault[]} */
  #wrongIn(row) {
    const intervals = this.#intervals(row);
    const partial = intervals.find(({ start, end }) => !start.value || !end.value);
    if (partial) return [{ field: partial.start.value ? partial.end : partial.start, text: "Write both times, or remove this line." }];
    const backward = intervals.find(({ start, end }) => end.value !== MIDNIGHT && end.value <= start.value);
    if (backward) return [{ field: backward.end, text: "This is not after the beginning. For hours past midnight, add the rest to the next day." }];
    const ordered = [...intervals].sort((one, other) => one.start.value.localeCompare(other.start.value));
    const over = ordered.findIndex(({ start }, at) => {
      const before = ordered[at - 1]?.end.value;
      return before !== undefined && (before === MIDNIGHT || start.value < before);
    });
    return over < 0 ? [] : [{ field: ordered[over].start, text: `These times overlap others on ${row.dataset.name}.` }];
  }

  /** @param {HTMLElement} row */
  #box(row) {
    return /** @type {HTMLElement} */ (row.querySelector(".intervals"));
  }

  /** @param {HTMLElement} row */
  #end(row) {
    return /** @type {HTMLElement} */ (row.lastElementChild);
  }

  /** @param {HTMLElement} row */
  #intervals(row) {
    return [...this.#box(row).querySelectorAll(".interval")].map((one) => {
      const [start, end] = one.querySelectorAll("input");
      return { start, end };
    });
  }

  #holidays() {
    return [...this.holidays.querySelectorAll("li")].map((one) => {
      const [date, name] = one.querySelectorAll("input");
      return { date, name };
    });
  }

  /** @param {HTMLElement} row */
  #add(row) {
    const last = this.#intervals(row).at(-1);
    this.#addInterval(row, last ? { start: "", end: "" } : USUAL).focus();
    this.#changed();
  }

  /** @param {HTMLElement} row @param {Interval} interval */
  #addInterval(row, { start, end }) {
    const id = `time-${this.#made++}`;
    const { name } = row.dataset;
    const from = h("input", { type: "time", id, "aria-label": `${name}: from`, value: clock(start) });
    const until = h("input", { type: "time", id: `${id}-end`, "aria-label": `${name}: until`, value: clock(end) });
    const line = h("div", { class: "interval" }, h("span", { class: "time" }, from), h("span", { "aria-hidden": "true" }, "–"), h("span", { class: "time" }, until));
    line.append(this.#remover(line, `Remove these times on ${name}`, () => this.#end(row)));
    this.#box(row).append(line);
    return from;
  }

  /** @param {Holiday} holiday */
  #addHoliday({ date, name }) {
    const id = `holiday-${this.#made++}`;
    const day = h("input", { type: "date", id, "aria-label": "Day", value: date });
    const line = h("li", {}, h("span", { class: "time" }, day), h("input", { id: `${id}-name`, maxlength: "100", "aria-label": "Name (optional)", placeholder: "Name (optional)", autocomplete: "off", dir: "auto", value: name ?? "" }));
    line.append(this.#remover(line, "Remove this holiday", () => byId("add-holiday")));
    this.holidays.append(line);
    return day;
  }

  /** @param {HTMLElement} line @param {string} label @param {() => HTMLElement} next what gets the focus */
  #remover(line, label, next) {
    const made = button("×", () => {
      line.remove();
      this.#changed();
      next().focus();
    }, "quiet remove writing");
    made.setAttribute("aria-label", label);
    made.title = label;
    return made;
  }

  #changed() {
    this.form.dispatchEvent(new Event("change"));
  }

  #adjust() {
    this.list.hidden = this.elements.when.value !== "days";
    byId("days-note").hidden = this.list.hidden;
    byId("no-holidays").hidden = this.holidays.childElementCount > 0;
    for (const row of this.rows) {
      const closed = /** @type {HTMLElement} */ (row.querySelector(".closed-note"));
      closed.hidden = this.#box(row).childElementCount > 0;
    }
  }
}
