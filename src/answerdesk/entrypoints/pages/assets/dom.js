// @ts-check
/** Builds elements. Data from outside becomes text, and an address at most a link. */

import { isLoggedOut } from "./session.js";

/** @param {string} id @returns {any} the element with this id; throws if the page has none */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * Make an element. Text in `children` stays text; null and false are left out.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, any>} [attributes] `on…` are listeners
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((one) => one !== null && one !== false && one !== undefined));
  return made;
}

/** @param {string} text text in any language @param {string} [className] */
export const words = (text, className) => h("span", { dir: "auto", class: className }, text);

/** @param {string} label @param {() => unknown} action @param {string} [className] */
export const button = (label, action, className = "quiet") =>
  h("button", { type: "button", class: className, onclick: action }, label);

/**
 * A link to an outside page if its address is an http or https one; otherwise only the text.
 *
 * @param {string} address @param {string} text
 */
export function linkOut(address, text) {
  if (!URL.canParse(address)) return words(text);
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:") return words(text);
  return h(
    "a",
    { href: url.href, target: "_blank", rel: "noopener noreferrer", dir: "auto" },
    text,
    h("span", { class: "visually-hidden" }, " (opens in a new tab)"),
  );
}

/** @param {string} tone good, busy, warn, bad or calm @param {string} text */
export const badge = (tone, text) => h("span", { class: `badge ${tone}` }, text);

/** @param {[string, string | Node | null][]} pairs names and values; empty values are left out */
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== "");
  return h(
    "dl",
    { class: "facts" },
    ...shown.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { dir: "auto" }, value))),
  );
}

/**
 * Show a message: successes for 12 seconds, failures until closed or replaced.
 *
 * @param {"told" | "trouble"} where @param {string} text
 */
function message(where, text) {
  const bar = byId(where);
  const one = h("p", {}, words(text), button("Close", () => bar.replaceChildren(), "link"));
  bar.replaceChildren(one);
  if (where === "told") setTimeout(() => one.remove(), 12_000);
}

/** @param {string} text something that was done */
export function tell(text) {
  byId("trouble").replaceChildren();
  message("told", text);
}

/** @param {unknown} error */
export const explain = (error) => (error instanceof Error ? error.message : String(error));

/** @param {unknown} error a failure that no form can show */
export const warn = (error) => {
  if (!isLoggedOut(error)) message("trouble", explain(error));
};

/** @param {() => Promise<unknown>} action run it, and show its errors */
export const guarded = (action) => action().catch(warn);

/**
 * Ask for confirmation in a dialog.
 *
 * @param {{title: string, text: string, yes: string, list?: string[], more?: number,
 *   no?: string}} question
 * @returns {Promise<boolean>}
 */
export function confirmed({ title, text, yes, no = "Cancel", list = [], more = 0 }) {
  const dialog = byId("question");
  byId("question-title").textContent = title;
  byId("question-text").textContent = text;
  byId("question-yes").textContent = yes;
  byId("question-no").textContent = no;
  const rows = list.map((one) => h("li", {}, words(one)));
  if (more) rows.push(h("li", {}, `and ${more.toLocaleString()} more`));
  byId("question-list").replaceChildren(...rows);
  byId("question-list").hidden = rows.length === 0;
  dialog.returnValue = "";
  dialog.showModal();
  byId("question-no").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
