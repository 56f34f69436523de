// @ts-check
/** The list of conversations: one of six, narrowed down by search, project and tag. */

import { badge, byId, guarded, h, words } from "../dom.js";
import { ago, when } from "../wording.js";
import * as api from "./api.js";
import { LISTS, address, belongs, order, query, readFilters } from "./filters.js";

/**
 * @typedef {import("./filters.js").Filters} Filters
 * @typedef {import("./filters.js").ListName} ListName
 * @typedef {import("./shapes.js").Entry} Entry
 */

const PAGE = 50;
const MOST = 200;
const SEARCH_MS = 300;
const SEARCH_AGAIN_MS = 3000;
const CLOCK_MS = 20_000;

export class ListView {
  /**
   * @param {import("./store.js").Store} store
   * @param {import("../arriving.js").Project[]} projects
   */
  constructor(store, projects) {
    this.store = store;
    this.projects = projects;
    this.filters = readFilters(location.search, store.me !== null);
    this.rows = byId("rows");
    this.more = byId("more");
    /** What the server lists for a search. @type {Set<string>} */
    this.found = new Set();
    /** The last entry that was fetched, as it was then; entries after it are not known. @type {Entry | null} */
    this.edge = null;
    /** @type {string | null} */
    this.cursor = null;
    this.asked = 0;
    this.frame = 0;
    this.searchTimer = 0;
    this.open = "";
    this.#wire();
  }

  /** The query of what is shown, for a snapshot. */
  get query() {
    return query(this.filters, Math.min(MOST, Math.max(PAGE, this.rows.childElementCount)));
  }

  /** @param {import("./shapes.js").ListedEntry[]} entries the first page @param {string | null} next */
  began(entries, next) {
    this.asked += 1;
    this.found = new Set(entries.map((one) => one.id));
    this.#fetched(entries, next);
  }

  /** @param {string} id of the conversation that is open; empty if none is */
  mark(id) {
    for (const link of this.rows.querySelectorAll("a[aria-current]")) link.removeAttribute("aria-current");
    this.open = id;
    document.getElementById(`row-${id}`)?.querySelector("a")?.setAttribute("aria-current", "true");
  }

  /** @param {string} id move the focus to a conversation's row, or to the list */
  focus(id) {
    const row = document.getElementById(`row-${id}`)?.querySelector("a") ?? byId("list-title");
    row.focus();
  }

  #wire() {
    this.#fillProjects();
    byId("list-of").replaceChildren(...this.#tabs());
    this.more.addEventListener("click", () => guarded(() => this.#load(this.cursor)));
    byId("search").addEventListener("input", () => this.#searched());
    byId("search-form").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#searched(0);
    });
    byId("project").addEventListener("change", () => this.change({ project: byId("project").value, tag: "" }));
    byId("tag").addEventListener("change", () => this.change({ tag: byId("tag").value }));
    window.addEventListener("popstate", () => this.#followAddress());
    for (const topic of /** @type {const} */ (["entry", "own", "people", "all"])) {
      this.store.on(topic, (_, before) => {
        if (topic === "entry" && !before) this.#searchAgain();
        this.#later();
      });
    }
    this.store.on("counts", () => this.#showCounts());
    setInterval(() => document.hidden || this.#later(), CLOCK_MS);
    document.addEventListener("visibilitychange", () => this.#later());
    this.#showFilters();
    guarded(() => this.#fillTags());
  }

  /** @param {Partial<Filters>} changed */
  change(changed) {
    const wanted = { ...this.filters, ...changed };
    if (address(wanted) === address(this.filters)) return;
    history.pushState(null, "", address(wanted) + location.hash);
    this.#followAddress();
  }

  #followAddress() {
    const before = this.filters;
    this.filters = readFilters(location.search, this.store.me !== null);
    if (address(before) === address(this.filters)) return;
    this.#showFilters();
    if (before.project !== this.filters.project) guarded(() => this.#fillTags());
    this.rows.replaceChildren();
    this.edge = null;
    this.found.clear();
    byId("rows-box").scrollTop = 0;
    byId("none").hidden = true;
    guarded(() => this.#load(null));
  }

  /** @param {string | null} cursor */
  async #load(cursor) {
    const asked = ++this.asked;
    byId("rows-box").setAttribute("aria-busy", "true");
    const { items, next_cursor: next } = await api.list(query(this.filters, PAGE, cursor ?? ""));
    // Show only the newest choice, even if responses arrive out of order.
    if (asked !== this.asked) return;
    if (!cursor) this.found.clear();
    for (const one of items) this.found.add(one.id);
    this.#fetched(items, next);
  }

  /** @param {import("./shapes.js").ListedEntry[]} entries @param {string | null} next */
  #fetched(entries, next) {
    this.cursor = next;
    this.edge = next === null ? null : (entries.at(-1) ?? this.edge);
    this.more.hidden = next === null;
    this.store.keep(entries);
    byId("rows-box").removeAttribute("aria-busy");
    this.#showCounts();
    this.#write();
  }

  /** @param {number} [delay] */
  #searched(delay = SEARCH_MS) {
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => this.change({ q: byId("search").value.trim() }), delay);
  }

  /** Only the server can tell whether a new conversation is found by a search. */
  #searchAgain() {
    if (!this.filters.q) return;
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => guarded(() => this.#load(null)), SEARCH_AGAIN_MS);
  }

  /** Write once per frame, however many entries have changed; a hidden tab waits. */
  #later() {
    if (this.frame || document.hidden) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.#write();
    });
  }

  /** @returns {Entry[]} what the list shows now, in its order */
  #shown() {
    const now = Date.now();
    const compare = order(this.filters);
    const me = this.store.me?.id ?? null;
    return [...this.store.entries.values()]
      .filter((one) => belongs(this.filters, one, me, now))
      .filter((one) => !this.filters.q || this.found.has(one.id))
      .filter((one) => !this.edge || this.found.has(one.id) || compare(one, this.edge) <= 0)
      .sort(compare);
  }

  #write() {
    const shown = this.#shown();
    const focused = document.activeElement?.closest("#rows > li")?.id;
    const rows = shown.map((one) => this.#row(one));
    // Leave unchanged rows alone, so that they keep the focus and a long list stays quick.
    let place = this.rows.firstElementChild;
    for (const row of rows) {
      if (row === place) place = place.nextElementSibling;
      else this.rows.insertBefore(row, place);
    }
    while (place) {
      const next = place.nextElementSibling;
      place.remove();
      place = next;
    }
    if (focused && !document.activeElement?.closest("#rows")) document.getElementById(focused)?.querySelector("a")?.focus({ preventScroll: true });
    this.#showNone(rows.length);
  }

  /** @param {number} shown */
  #showNone(shown) {
    const note = byId("none");
    note.hidden = shown > 0 || byId("rows-box").hasAttribute("aria-busy");
    const isNarrow = this.filters.q || this.filters.tag || this.filters.project;
    note.textContent = isNarrow
      ? "No conversation matches. Change the search or the filters, or look in another list."
      : LISTS[this.filters.list].none;
  }

  /** @param {Entry} entry */
  #row(entry) {
    const known = document.getElementById(`row-${entry.id}`);
    const told = this.#told(entry);
    const written = JSON.stringify(told);
    if (known?.dataset.written === written) return known;
    const made = h("li", { id: `row-${entry.id}`, class: told.unread ? "row unread" : "row", "data-written": written },
      h("a", { href: `#/conversation/${encodeURIComponent(entry.id)}`, "aria-current": this.open === entry.id && "true" },
        h("span", { class: "row-top" },
          h("span", { class: "row-name" }, told.unread && h("span", { class: "visually-hidden" }, "Unread: "), words(told.name)),
          h("span", { class: told.waits ? "row-wait" : "row-time", title: when(entry.waiting_since ?? entry.updated_at) }, told.time)),
        h("span", { class: "row-text" }, told.author && h("span", {}, `${told.author}: `), words(told.text)),
        h("span", { class: "row-marks" },
          h("span", { class: `hand ${entry.state}` }, words(told.hand)),
          told.draft && badge("warn", "Draft"),
          told.breached && badge("bad", "Target missed"),
          told.due && badge("warn", told.due),
          ...told.tags.map((one) => h("span", { class: "tag" }, words(one))))),
    );
    if (known) known.replaceWith(made);
    return made;
  }

  /** @param {Entry} entry what its row says */
  #told(entry) {
    const { visitor, latest_message: latest, state, waiting_since: since } = entry;
    const waits = since !== null && (state === "waiting" || state === "human");
    // Who waits has been told the same by the assistant as everybody; what they want tells them apart.
    const said = waits ? entry.visitor_said : null;
    const other = said === null && latest && latest.author !== "visitor" ? latest.author : "";
    return {
      name: nameOf(entry),
      author: other && (other === "human" ? "Team" : "Assistant"),
      text: (said ?? latest?.content ?? "").slice(0, 160),
      hand: this.#handOf(entry),
      waits,
      time: waits && since ? `waits ${span(since)}` : ago(entry.updated_at),
      unread: this.store.isUnread(entry.id),
      draft: (this.store.own.get(entry.id)?.drafts.length ?? 0) > 0,
      breached: entry.sla_breached,
      due: entry.sla_due_at ? `Due ${ago(entry.sla_due_at)}` : "",
      tags: entry.tags,
      id: visitor?.id,
    };
  }

  /** @param {Entry} entry */
  #handOf({ state, assignee_id: who, snoozed_until: until }) {
    if (until && new Date(until).getTime() > Date.now()) return `Snoozed until ${when(until)}`;
    if (state === "ai") return "Assistant";
    if (state === "waiting") return "Nobody has it";
    if (state === "closed") return "Closed";
    return this.store.nameOf(who);
  }

  #tabs() {
    const names = /** @type {ListName[]} */ (Object.keys(LISTS));
    return names
      .filter((name) => this.store.me || name !== "mine")
      .map((name) => {
        const link = h("a", { href: address({ ...this.filters, list: name }), "data-list": name }, LISTS[name].name, h("span", { class: "count" }));
        link.addEventListener("click", (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          if (location.hash.startsWith("#/conversation/") && byId("inbox").dataset.pane === "conversation") location.hash = "#/";
          this.change({ list: name });
        });
        return h("li", {}, link);
      });
  }

  #showFilters() {
    const { list, project, tag, q } = this.filters;
    for (const link of byId("list-of").querySelectorAll("a")) {
      if (link.dataset.list === list) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
      link.href = address({ ...this.filters, list: link.dataset.list });
    }
    byId("list-title").textContent = LISTS[list].name;
    byId("project").value = project;
    byId("tag").value = tag;
    if (document.activeElement !== byId("search")) byId("search").value = q;
  }

  #showCounts() {
    const { counts } = this.store;
    if (!counts) return;
    for (const link of byId("list-of").querySelectorAll("a")) {
      const key = LISTS[/** @type {ListName} */ (link.dataset.list)].count;
      link.querySelector(".count").textContent = key && counts[key] ? ` ${counts[key].toLocaleString()}` : "";
    }
  }

  #fillProjects() {
    const options = this.projects.map((one) => new Option(one.name, one.id));
    byId("project").replaceChildren(new Option("All projects", ""), ...options);
    byId("project").hidden = this.projects.length < 2 && !this.filters.project;
  }

  async #fillTags() {
    const found = await api.tags(this.filters.project);
    const names = found.map((one) => one.tag);
    if (this.filters.tag && !names.includes(this.filters.tag)) names.unshift(this.filters.tag);
    byId("tag").replaceChildren(new Option("All tags", ""), ...names.map((one) => new Option(one, one)));
    byId("tag").value = this.filters.tag;
    byId("tag").hidden = names.length === 0;
  }
}

/** @param {{visitor: import("./shapes.js").VisitorBrief | null}} entry */
export const nameOf = ({ visitor }) => visitor?.name || visitor?.email || "Visitor";

/** @param {string} iso @returns {string} how long ago, in short */
export function span(iso) {
  const minutes = Math.max(0, Math.floor((Date.now() - new Date(iso).getTime()) / 60_000));
  if (minutes < 1) return "under 1 min";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} days`;
}
