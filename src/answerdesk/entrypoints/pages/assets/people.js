// @ts-check
/** The forms of accounts: each sends its fields, and what the address carries, to one path. */

import { json, request } from "./server.js";
import { afterLogIn, keepSession } from "./session.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("form"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
const trouble = /** @type {HTMLElement} */ (document.getElementById("trouble"));
const told = /** @type {HTMLElement} */ (document.getElementById("told"));

/** What a link carries (a token, the owner's key) stands behind the #, which no server sees. */
const carried = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  trouble.hidden = true;
  button.disabled = true;
  try {
    const response = await request(form.dataset.sends ?? "", json({ ...carried, ...fields() }));
    await next(response);
  } catch (error) {
    trouble.textContent = error instanceof Error ? error.message : String(error);
    trouble.hidden = false;
  } finally {
    button.disabled = false;
  }
});

/** @returns {Record<string, string>} the fields that were filled in */
function fields() {
  const entries = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

/** @param {Response} response */
async function next(response) {
  if (form.dataset.then === "log-in") {
    keepSession(await response.json());
    location.assign(afterLogIn());
  } else if (form.dataset.then === "to-log-in") {
    say("The password is set. You can log in with it now.");
  } else {
    say("If there is an account for this address, a message is on its way. Look into the spam folder, too.");
  }
}

/** @param {string} text */
function say(text) {
  form.hidden = true;
  told.textContent = text;
  told.hidden = false;
}
