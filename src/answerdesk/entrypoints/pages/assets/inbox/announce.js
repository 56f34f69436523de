// @ts-check
/** Says something to people who hear the page. */

import { byId } from "../dom.js";

/** @param {string} text */
export function announce(text) {
  // Screen readers don't repeat an unchanged text, so clear it first.
  byId("status").textContent = "";
  setTimeout(() => (byId("status").textContent = text.slice(0, 500)), 100);
}
