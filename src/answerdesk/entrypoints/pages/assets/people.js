// @ts-check
/** The forms of accounts: each sends its fields, and what the address carries, to one path. */

import { keysTold } from "./keys_left.js";
import { json, request } from "./server.js";
import { afterLogIn, begin, resume } from "./session.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("form"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
const trouble = /** @type {HTMLElement} */ (document.getElementById("trouble"));
const told = /** @type {HTMLElement} */ (document.getElementById("told"));

/** What a link carries (a token, the owner's key) stands behind the #, which no server sees. */
const carried = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

start();

/** Send on whoever is logged in, unless the form is for them or a link has brought them to it. */
async function start() {
  const next = new URLSearchParams(location.search).get("next");
  for (const link of document.querySelectorAll(".people-links a")) {
    if (next) link.setAttribute("href", `${link.getAttribute("href")}?${new URLSearchParams({ next })}`);
  }
  if (form.dataset.stays === undefined && !Object.keys(carried).length) {
    try {
      if (await resume()) return location.replace(afterLogIn());
    } catch {
      // Whatever it is, it is told when the form is sent.
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

/** @returns {Record<string, string | boolean>} the fields that were filled in, the boxes ticked */
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
    // Whether mail leaves at all, and never whether somebody has the address.
    say((await response.json()).message);
  }
}

/** @param {string} text */
function say(text) {
  form.hidden = true;
  told.textContent = text;
  told.hidden = false;
}
