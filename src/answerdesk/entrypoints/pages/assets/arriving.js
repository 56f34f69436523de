// @ts-check
/** Finds out who opened a page, with a log-in or with the owner key in the address. */

import { byId } from "./dom.js";
import { ask, credential, keepOwnerKey, logIn, ownerKey, resume } from "./session.js";

/** The banner's link has the key after the #, which reaches neither the server nor a log. */
const carried = new URLSearchParams(location.hash.slice(1)).get("owner_key");
if (carried) history.replaceState(null, "", location.pathname + location.search);

/** @typedef {{id: string, name: string}} Project */
/** @typedef {{kind: "owner_key" | "user" | "api_key", scopes: string[]}} Caller */

/**
 * Return who came and all their projects, or go to the log-in page and return null.
 *
 * @returns {Promise<{me: Caller, projects: Project[]} | null>}
 */
export async function arrive() {
  if (!(await resume()) && carried) keepOwnerKey(carried);
  if (!credential()) {
    logIn();
    return null;
  }
  const [me, projects] = await Promise.all([ask("GET", "/v1/me"), everyProject()]);
  return { me, projects };
}

/** Have the links to other pages keep the project. @param {string} id */
export function keepProject(id) {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-of-project]"))) {
    link.search = `?project=${encodeURIComponent(id)}`;
  }
}

/** A person who came with the owner key may have no log-in yet; offer to create one. */
export async function offerLogIn() {
  const { items } = await ask("GET", "/v1/members?limit=1");
  if (items.length) return;
  const link = byId("to-account");
  link.textContent = "Create your log-in";
  link.href = `/signup#${new URLSearchParams({ owner_key: ownerKey() ?? "" })}`;
}

/** @returns {Promise<Project[]>} */
async function everyProject() {
  const found = [];
  for (let cursor = ""; ; ) {
    const page = await ask("GET", `/v1/projects?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    found.push(...page.items);
    if (!page.next_cursor) return found;
    cursor = page.next_cursor;
  }
}
