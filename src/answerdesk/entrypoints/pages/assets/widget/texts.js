// @ts-check
/** The widget's texts: ours in each language, and the owner's over them. */

import { byId, h } from "../dom.js";

/** @typedef {import("../settings/shapes.js").Texts} Texts */
/** @typedef {{groups: Record<string, string>, fallback: string, texts: Texts}} Ours */

const PLACE = /\{([a-z_]{1,40})\}/g;
const TAG = /^[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i;

/** @type {Ours} */
export const ours = JSON.parse(byId("own-texts").textContent);

/** @param {string} tag @returns {string} what the language is called */
export function nameOf(tag) {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** @param {string} tag @returns {string} as the server writes it */
const tidy = (tag) => {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? tag;
  } catch {
    return tag;
  }
};

/** @param {string} tag the locale, and what stands behind it: `pt-BR`, `pt` */
const broader = (tag) => tag.split("-").map((_, at, parts) => parts.slice(0, parts.length - at).join("-"));

export class TextsPart {
  /** The owner's, as they are in the form. @type {Texts} */
  #own = {};
  /** As they were saved. @type {Texts} */
  #saved = {};
  /** @type {Map<string, HTMLTextAreaElement>} */
  #fields = new Map();

  /** @param {any} form @param {(languages: string[]) => void} offered told which languages there are */
  constructor(form, offered) {
    this.form = form;
    this.tag = form.elements.tag;
    this.language = byId("texts-language");
    this.offered = offered;
    this.#build();
    this.language.addEventListener("change", () => this.#show());
    byId("texts-search").addEventListener("input", () => this.#search());
    byId("add-language").addEventListener("click", () => this.#addLanguage());
    this.tag.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.#addLanguage();
    });
  }

  /** @param {import("../settings/shapes.js").Project} project */
  of = ({ settings }) => settings.widget.texts;

  /** @param {Texts} saved */
  fill = (saved) => {
    this.#saved = structuredClone(saved);
    this.#own = structuredClone(saved);
    this.#offer(this.language.value || ours.fallback);
  };

  body = () => {
    /** @type {Record<string, Record<string, string | null> | null>} */
    const texts = {};
    for (const [language, said] of Object.entries(this.#own)) {
      const gone = Object.keys(this.#saved[language] ?? {}).filter((key) => !(key in said));
      // A merge patch keeps what it leaves out, so name what goes.
      const isEmpty = !Object.keys(said).length;
      texts[language] = isEmpty ? null : { ...said, ...Object.fromEntries(gone.map((key) => [key, null])) };
    }
    return { settings: { widget: { texts } } };
  };

  check = () => {
    for (const [language, said] of Object.entries(this.#own)) {
      for (const [key, text] of Object.entries(said)) {
        const known = this.#placesOf(ours.texts[ours.fallback][key] ?? "");
        const unknown = this.#placesOf(text).find((one) => !known.includes(one));
        if (unknown === undefined) continue;
        const can = known.length ? `It can have ${known.join(", ")}.` : "It can have nothing in braces.";
        return [{ field: this.#lead(language, key), text: `${unknown} stands for nothing here. ${can}` }];
      }
    }
    return [];
  };

  /** @param {string} path such as settings.widget.texts.fr["composer.send"] */
  fieldOf = (path) => {
    const [, tag = "", quoted = "", key = ""] =
      path.match(/^settings\.widget\.texts(?:\.(\w+)|\["([^"]+)"\])(?:\["([^"]+)"\])?/) ?? [];
    const language = tag || quoted;
    if (language in this.#own && this.#fields.has(key)) return this.#lead(language, key);
    return null;
  };

  /** @param {string} text @returns {string[]} */
  #placesOf = (text) => [...(text.match(PLACE) ?? [])];

  /** Show the field of a text. @param {string} language @param {string} key */
  #lead(language, key) {
    this.language.value = language;
    byId("texts-search").value = "";
    this.#show();
    const field = /** @type {HTMLTextAreaElement} */ (this.#fields.get(key));
    /** @type {HTMLDetailsElement} */ (field.closest("details")).open = true;
    return field;
  }

  #build() {
    const all = Object.keys(ours.texts[ours.fallback]);
    for (const [group, title] of Object.entries(ours.groups)) {
      const keys = all.filter((key) => key.startsWith(`${group}.`));
      const rows = keys.map((key) => {
        const id = `text-${key.replaceAll(/[._]/g, "-")}`;
        const field = h("textarea", { id, name: key, rows: "1", maxlength: "1000", "aria-describedby": `${id}-ours` });
        field.addEventListener("input", () => this.#keep(key, field.value));
        this.#fields.set(key, field);
        return h("li", { "data-key": key }, h("label", { for: id }, h("code", {}, key)), field, h("p", { class: "field-note ours", id: `${id}-ours`, dir: "auto" }));
      });
      byId("text-groups").append(
        h("details", { class: "text-group" }, h("summary", {}, title, " ", h("span", { class: "row-note changed-count" })), h("ul", { class: "text-list" }, ...rows)),
      );
    }
  }

  /** @param {string} key @param {string} text */
  #keep(key, text) {
    const said = (this.#own[this.language.value] ??= {});
    if (text.trim()) said[key] = text.trim();
    else delete said[key];
    const language = this.language.value;
    if (!Object.keys(said).length && !(language in this.#saved)) delete this.#own[language];
    this.#count();
  }

  /** @param {string} language the one to show */
  #offer(language) {
    const tags = [...new Set([...Object.keys(ours.texts), ...Object.keys(this.#own), language])];
    tags.sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
    this.language.replaceChildren(...tags.map((one) => new Option(`${nameOf(one)} (${one})`, one, false, one === language)));
    this.offered(tags);
    this.#show();
  }

  #show() {
    const language = this.language.value;
    for (const [key, field] of this.#fields) {
      const [from] = broader(language).filter((one) => one !== language && this.#own[one]?.[key]);
      const our = from ? this.#own[from][key] : (broader(language).map((one) => ours.texts[one]?.[key]).find(Boolean) ?? ours.texts[ours.fallback][key]);
      field.value = this.#own[language]?.[key] ?? "";
      field.placeholder = our;
      field.lang = language;
      field.dir = "auto";
      /** @type {HTMLElement} */ (byId(`${field.id}-ours`)).textContent = our;
    }
    this.#count();
    this.#search();
  }

  /** Say in each group how many texts are the owner's. */
  #count() {
    for (const group of byId("text-groups").children) {
      const own = [...group.querySelectorAll("textarea")].filter((one) => one.value.trim()).length;
      group.querySelector(".changed-count").textContent = own ? `${own} of your own` : "";
      for (const one of group.querySelectorAll("li")) one.querySelector(".ours").hidden = !one.querySelector("textarea").value;
    }
  }

  #search() {
    const wanted = byId("texts-search").value.trim().toLowerCase();
    let found = 0;
    for (const group of byId("text-groups").children) {
      let here = 0;
      for (const row of group.querySelectorAll("li")) {
        const field = row.querySelector("textarea");
        const isMeant = !wanted || `${row.dataset.key} ${field.value} ${field.placeholder}`.toLowerCase().includes(wanted);
        row.hidden = !isMeant;
        if (isMeant) here++;
      }
      group.hidden = here === 0;
      if (wanted) group.open = here > 0;
      found += here;
    }
    byId("no-text").hidden = found > 0;
  }

  #addLanguage() {
    const field = this.tag;
    const tag = tidy(field.value.trim());
    if (!TAG.test(tag)) {
      field.setCustomValidity("Write a language such as it, pt-BR or fr-CA.");
      field.reportValidity();
      field.setCustomValidity("");
      return;
    }
    field.value = "";
    byId("texts-search").value = "";
    this.#offer(tag);
    this.language.focus();
  }
}
