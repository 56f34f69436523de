// @ts-check
/** Errors at the fields that they are about. */

import { h } from "./dom.js";

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */
/** @typedef {{field: Field, text: string}} Fault */

/** What has to be done before a form can be sent, field by field. */
export class FieldFaults extends Error {
  /** @param {Fault[]} found */
  constructor(found) {
    super(found.map((one) => one.text).join(" "));
    this.found = found;
  }
}

/** Show the errors, and lead to the first. @param {HTMLElement} form @param {Fault[]} found */
export function showFaults(form, found) {
  clearFaults(form);
  for (const { field, text } of found) {
    if (field.getAttribute("aria-invalid")) continue;
    const id = `${field.id}-fault`;
    // Not a paragraph: some fields stand in one.
    field.after(h("span", { class: "field-error", id }, text));
    field.setAttribute("aria-invalid", "true");
    const described = field.getAttribute("aria-describedby") ?? "";
    field.setAttribute("aria-describedby", `${id} ${described}`.trim());
  }
  found[0]?.field.focus();
}

/** @param {HTMLElement} form */
export function clearFaults(form) {
  for (const field of form.querySelectorAll("[aria-invalid]")) clearFault(field);
}

/** @param {Element} field */
export function clearFault(field) {
  const id = `${field.id}-fault`;
  document.getElementById(id)?.remove();
  field.removeAttribute("aria-invalid");
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
  if (described.length) field.setAttribute("aria-describedby", described.join(" "));
  else field.removeAttribute("aria-describedby");
}

/** Let an error go as soon as its field is changed. @param {HTMLFormElement} form */
export function forgetFaultsWhileTyping(form) {
  form.addEventListener("input", ({ target }) => {
    if (target instanceof Element && target.hasAttribute("aria-invalid")) clearFault(target);
  });
}
