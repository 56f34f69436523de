// @ts-check
/** Tells what was done, with a way to undo it. */

import { button, byId, guarded, h, words } from "../dom.js";

/** @param {string} text @param {string} label @param {() => Promise<unknown>} undo */
export function tellUndoable(text, label, undo) {
  const bar = byId("told");
  byId("trouble").replaceChildren();
  /** @type {HTMLElement} */
  const one = h("p", {}, words(text),
    button(label, () => {
      one.remove();
      guarded(undo);
    }),
    button("Close", () => one.remove(), "link"),
  );
  bar.replaceChildren(one);
  setTimeout(() => one.remove(), 15_000);
}
