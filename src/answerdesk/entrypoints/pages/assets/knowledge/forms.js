// @ts-check
/** Forms that lose nothing: what is typed outlives a failed request, a reload and a log-in. */

import { ServerError } from "../server.js";
import { isLoggedOut } from "../session.js";
import { newKey } from "./api.js";
import { explain } from "./dom.js";

/** @param {HTMLFormElement} form @returns {Record<string, string>} the texts of its fields */
export function fields(form) {
  const texts = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts.map(([name, value]) => [name, String(value).trim()]));
}

/** @param {string} text @returns {string[]} its lines that say something */
export const lines = (text) => text.split("\n").map((one) => one.trim()).filter(Boolean);

/** @param {string} text @returns {string[]} */
export const tags = (text) => text.split(/[,;]/).map((one) => one.trim()).filter(Boolean);

/** @param {string} text @returns {string} an address, also of one typed without its beginning */
export const address = (text) => (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);

/**
 * Complete an address that was typed without its beginning as soon as the field is left, and say so.
 *
 * @param {HTMLInputElement} field @param {(text: string) => void} say
 */
export function completing(field, say) {
  field.addEventListener("change", () => {
    const typed = field.value.trim();
    if (!typed || /\s/.test(typed) || address(typed) === typed) return;
    field.value = address(typed);
    say("https:// was put in front of the address.");
  });
}

/**
 * Send a form with `send`, which gets a key that makes the same content count once, and show in the
 * form what goes wrong. It is emptied when it was sent.
 *
 * @param {HTMLFormElement} form
 * @param {(once: string) => Promise<unknown>} send
 * @param {(error: unknown) => void} [failed] is told what went wrong, too
 */
export function onSubmit(form, send, failed = () => {}) {
  const failure = /** @type {HTMLElement} */ (form.querySelector(".failure"));
  let busy = false;
  let sent = { content: "", key: "" };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    form.setAttribute("aria-busy", "true");
    failure.hidden = true;
    const content = JSON.stringify(fields(form));
    if (sent.content !== content) sent = { content, key: newKey() };
    try {
      await send(sent.key);
      sent = { content: "", key: "" };
      form.reset();
      forgetDraft(form);
    } catch (error) {
      // What was answered is answered; what was not may have been done, and is asked with its key.
      if (error instanceof ServerError && error.status) sent = { content: "", key: "" };
      if (isLoggedOut(error)) return;
      failed(error);
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
 * Keep what is typed into a form in this tab, and put it back when the page is loaded anew.
 *
 * @param {HTMLFormElement} form @returns {boolean} whether there was something to put back
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
