// @ts-check
/** Forms that lose nothing: typed text survives a failed request, a reload and a log-in. */

import { FieldFaults, clearFaults, forgetFaultsWhileTyping, showFaults } from "./faults.js";
import { ServerError } from "./server.js";
import { isLoggedOut } from "./session.js";
import { explain } from "./dom.js";

/** @param {HTMLFormElement} form @returns {Record<string, string>} its text fields, trimmed */
export function fields(form) {
  const texts = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts.map(([name, value]) => [name, String(value).trim()]));
}

/** @param {string} text @returns {string[]} its lines that aren't blank */
export const lines = (text) => text.split("\n").map((one) => one.trim()).filter(Boolean);

/** @param {string} text @returns {string[]} */
export const tags = (text) => text.split(/[,;]/).map((one) => one.trim()).filter(Boolean);

/** @param {string} text @returns {string} the address, with https:// added if it has no scheme */
export const address = (text) => (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);

/**
 * Add https:// to an address without a scheme when the field is left, and say so.
 *
 * @param {HTMLInputElement} field @param {(text: string) => void} say
 */
export function completing(field, say) {
  field.addEventListener("change", () => {
    const typed = field.value.trim();
    if (!typed || /\s/.test(typed) || address(typed) === typed) return;
    field.value = address(typed);
    say("https:// was added to the address.");
  });
}

/**
 * Send a form with `send` and show errors in the form. `send` gets an idempotency key, which stays
 * the same while the content does. After success the form is reset.
 *
 * @param {HTMLFormElement} form
 * @param {(once: string) => Promise<unknown>} send
 * @param {(error: unknown) => void} [failed] also called with the error
 */
export function onSubmit(form, send, failed = () => {}) {
  const failure = /** @type {HTMLElement} */ (form.querySelector(".failure"));
  forgetFaultsWhileTyping(form);
  let busy = false;
  let sent = { content: "", key: "" };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    form.setAttribute("aria-busy", "true");
    failure.hidden = true;
    clearFaults(form);
    const content = JSON.stringify(fields(form));
    if (sent.content !== content) sent = { content, key: newKey() };
    try {
      await send(sent.key);
      sent = { content: "", key: "" };
      form.reset();
      forgetDraft(form);
    } catch (error) {
      // After a response, the next try gets a new key. Without one the request may have succeeded,
      // so the next try repeats its key.
      if (error instanceof ServerError && error.status) sent = { content: "", key: "" };
      if (isLoggedOut(error)) return;
      failed(error);
      if (error instanceof FieldFaults) return showFaults(form, error.found);
      failure.textContent = explain(error);
      failure.hidden = false;
      failure.scrollIntoView({ block: "nearest" });
    } finally {
      busy = false;
      form.removeAttribute("aria-busy");
    }
  });
}

/** @param {HTMLFormElement} form */
const draftOf = (form) => `answerdesk.draft:${location.search}:${form.id}`;

/** @param {HTMLFormElement} form */
const forgetDraft = (form) => sessionStorage.removeItem(draftOf(form));

/**
 * Keep a form's text in this tab, and restore it when the page is reloaded.
 *
 * @param {HTMLFormElement} form @returns {boolean} whether there was something to restore
 */
export function keepDraft(form) {
  const kept = JSON.parse(sessionStorage.getItem(draftOf(form)) ?? "null");
  for (const [name, value] of Object.entries(kept ?? {})) {
    const field = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
    if (field && field.type !== "file") field.value = String(value);
  }
  form.addEventListener("input", () => {
    const typed = fields(form);
    sessionStorage.setItem(draftOf(form), JSON.stringify(typed));
  });
  return kept !== null;
}

/** @returns {string} a new key for `Idempotency-Key` */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
