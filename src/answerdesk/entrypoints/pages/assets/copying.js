// @ts-check
/** Copies what a page shows, and says so. */

import { toClipboard } from "./clipboard.js";
import { button, tell } from "./dom.js";

/** @param {HTMLElement} element whose text is copied @param {string} name what it is, to say so */
export async function copy(element, name) {
  if (await toClipboard(element)) tell(`${name} was copied.`);
  else tell(`This browser doesn't let the page copy. ${name} is selected; copy it with Ctrl+C or ⌘C.`);
}

/** @param {HTMLElement} element @param {string} name @param {string} [className] */
export const copyButton = (element, name, className) => button("Copy", () => copy(element, name), className);
