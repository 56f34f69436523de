// @ts-check
/** The parts of a page of settings, one of which is shown, by the address's fragment. */

import { byId, guarded } from "../dom.js";

/**
 * Show the part that the address names, now and whenever it changes, and lead to its title.
 *
 * @param {string[]} names @param {string} usual the part for an address that names none
 * @param {(name: string) => unknown} shown called before a part appears
 */
export async function followViews(names, usual, shown) {
  let isFirst = true;
  const follow = async () => {
    const [, name = ""] = location.hash.match(/^#\/(\w+)$/) ?? [];
    if (location.hash && !name) return;
    const wanted = names.includes(name) ? name : usual;
    for (const one of names) byId(`view-${one}`).hidden = one !== wanted;
    for (const link of byId("views").querySelectorAll("a")) {
      if (link.hash === `#/${wanted}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    await shown(wanted);
    if (!isFirst) byId(`${wanted}-title`).focus();
    isFirst = false;
  };
  window.addEventListener("hashchange", () => guarded(follow));
  byId("views").hidden = false;
  await follow();
}
