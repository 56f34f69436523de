// @ts-check
/** Copies what a page shows, or selects it where the browser lets no page copy. */

import { button, tell } from "./dom.js";

/** @param {HTMLElement} element whose text is copied @param {string} name what it is, to say so */
export async function copy(element, name) {
  try {
    await navigator.clipboard.writeText(element.textContent ?? "");
    tell(`${name} was copied.`);
  } catch {
    // Without https a page may not write to the clipboard.
    getSelection()?.selectAllChildren(element);
    tell(`This browser doesn't let the page copy. ${name} is selected; copy it with Ctrl+C or ⌘C.`);
  }
}

/** @param {HTMLElement} element @param {string} name @param {string} [className] */
export const copyButton = (element, name, className) => button("Copy", () => copy(element, name), className);
