// @ts-check
/** What the syncs of a source have changed: each sync, or all since a chosen one. */

import { badge, button, byId, guarded, h, linkOut, warn, words } from "../dom.js";
import { ago, count, sentence, when } from "../wording.js";
import { CHANGES, SYNC_STATES, isRunning, isWeb, tally } from "./format.js";

/**
 * @typedef {import("./shapes.js").PageChange} PageChange
 * @typedef {import("./shapes.js").Source} Source
 * @typedef {import("./shapes.js").Sync} Sync
 */
/** @template T @typedef {import("./shapes.js").Listing<T>} Listing */

/** @type {Record<string, string>} */
const CAUSES = { added: "when it was added", manual: "started by hand", scheduled: "on schedule", retry: "failed pages again" };
const SHOWN = 10;
/** Changes that need a person's attention come first. */
const ORDER = ["held", "failed", "removed", "changed", "added"];

export class Changes {
  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.api = api;
    this.box = byId("source-changes");
  }

  /** @param {Source} source */
  async show(source) {
    this.box.replaceChildren();
    byId("changes").hidden = !isWeb(source);
    if (!isWeb(source)) return;
    /** @type {Listing<Sync>} */
    const { items } = await this.api.get(`/sources/${source.id}/syncs`, { limit: String(SHOWN) });
    this.box.replaceChildren(
      items.length > 1 ? this.#since(source, items.slice(1)) : "",
      h("ul", { class: "listing", "aria-label": "The last syncs" }, ...items.map((sync) => this.#row(source, sync))),
    );
  }

  /** @param {Source} source @param {Sync} sync */
  #row(source, sync) {
    const box = h("div", {});
    const path = `/sources/${source.id}/syncs/${sync.id}/changes`;
    const any = sync.added + sync.changed + sync.removed + sync.failed + sync.removals_held > 0;
    return h(
      "li",
      {},
      h("p", {}, h("strong", {}, when(sync.created_at)), ` ${CAUSES[sync.cause] ?? sync.cause} · ${SYNC_STATES[sync.state]}`),
      !isRunning(sync) && h("p", { class: "row-note" }, tally(sync)),
      sync.error && h("p", { class: "reason" }, words(sentence(sync.error))),
      any && this.#lazily("The pages", () => this.#list(box, path, {}), box),
    );
  }

  /** @param {Source} source @param {Sync[]} syncs */
  #since(source, syncs) {
    const box = h("div", {});
    const select = h("select", { id: "changes-since" }, h("option", { value: "" }, "…"),
      ...syncs.map((sync) => h("option", { value: sync.id }, `${when(sync.created_at)} (${ago(sync.created_at)})`)));
    select.addEventListener("change", () => {
      if (!select.value) return box.replaceChildren();
      this.#list(box, `/sources/${source.id}/changes`, { since: select.value }).catch(warn);
    });
    return h("div", {}, h("p", { class: "filter" }, h("label", { for: "changes-since" }, "All changes since"), " ", select), box);
  }

  /** @param {string} label @param {() => Promise<void>} load @param {HTMLElement} box */
  #lazily(label, load, box) {
    const made = h("details", { class: "more" }, h("summary", {}, label), box);
    made.addEventListener("toggle", () => {
      if (made.open && !box.childElementCount) load().catch(warn);
    });
    return made;
  }

  /**
   * @param {HTMLElement} box @param {string} path
   * @param {Record<string, string | null>} query
   * @param {PageChange[]} known the changes loaded before
   */
  async #list(box, path, query, known = []) {
    /** @type {Listing<PageChange>} */
    const { items, next_cursor: next } = await this.api.get(path, { ...query, limit: "200" });
    const all = [...known, ...items].sort(compared);
    const more = () => this.#list(box, path, { ...query, cursor: next }, all);
    box.replaceChildren(
      h("ul", { class: "changes" }, ...(all.length ? all.map(changeRow) : [h("li", { class: "row-note" }, "Nothing.")])),
      next === null ? "" : h("p", { class: "more-rows" }, button("Show more", () => guarded(more))),
    );
    if (known.length) box.querySelector("button")?.focus({ preventScroll: true });
  }
}

/** @param {PageChange} one @param {PageChange} other */
const compared = (one, other) =>
  ORDER.indexOf(one.change) - ORDER.indexOf(other.change) || one.url.localeCompare(other.url, "en", { numeric: true });

/** @param {PageChange} change */
function changeRow(change) {
  const [tone, label] = CHANGES[change.change] ?? ["calm", change.change];
  const passages = [
    change.chunks_added ? `${count(change.chunks_added)} new` : "",
    change.chunks_removed ? `${count(change.chunks_removed)} old` : "",
  ].filter(Boolean);
  return h(
    "li",
    {},
    h("div", { class: "list-head" }, linkOut(change.url, change.title || change.url), badge(tone, label)),
    passages.length > 0 && h("p", { class: "row-note" }, `Passages: ${passages.join(", ")}`),
    change.reason && h("p", { class: tone === "calm" ? "row-note" : "reason" }, words(sentence(change.reason))),
  );
}
