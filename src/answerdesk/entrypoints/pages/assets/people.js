// @ts-check
/** Account forms: each sends its fields and the parameters of the address to one path. */

import { keysTold } from "./keys_left.js";
import { json, request } from "./server.js";
import { afterLogIn, begin, isLoggedIn } from "./session.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("form"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
const trouble = /** @type {HTMLElement} */ (document.getElementById("trouble"));
const told = /** @type {HTMLElement} */ (document.getElementById("told"));

/** A link's token or owner key comes after the #, which browsers don't send to the server. */
const carried = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

start();

/** Redirect people who are logged in, unless the form is for them or a link carries a token. */
async function start() {
  const next = new URLSearchParams(location.search).get("next");
  for (const link of document.querySelectorAll(".people-links a")) {
    if (next) link.setAttribute("href", `${link.getAttribute("href")}?${new URLSearchParams({ next })}`);
  }
  if (form.dataset.stays === undefined && !Object.keys(carried).length) {
    try {
      if (await isLoggedIn()) return location.replace(afterLogIn());
    } catch {
      // Sending the form will report the error.
    }
  }
  form.hidden = false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  trouble.hidden = true;
  button.disabled = true;
  try {
    await send({ ...carried, ...fields() });
  } catch (error) {
    trouble.textContent = error instanceof Error ? error.message : String(error);
    trouble.hidden = false;
  } finally {
    button.disabled = false;
  }
});

/** @returns {Record<string, string | boolean>} filled-in fields and ticked boxes */
function fields() {
  const entries = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  const ticked = [...form.querySelectorAll("input:checked")].map((box) => [box.getAttribute("name"), true]);
  return Object.fromEntries([...entries.filter(([, value]) => value !== ""), ...ticked]);
}

/** @param {Record<string, string | boolean>} body */
async function send(body) {
  const path = form.dataset.sends ?? "";
  if (form.dataset.then === "log-in") {
    await begin(path, body);
    location.assign(afterLogIn());
    return;
  }
  const response = await request(path, json(body));
  if (form.dataset.then === "to-log-in") {
    const told = keysTold(await response.json());
    say(`The password is set. You can log in with it now. ${told}`);
  } else {
    // The message says whether mail can be sent, and never whether the address has an account.
    say((await response.json()).message);
  }
}

/** @param {string} text */
function say(text) {
  form.hidden = true;
  told.textContent = text;
  told.hidden = false;
}
