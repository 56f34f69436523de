// @ts-check
/** The contents of a source: a website's pages with their states, or its documents. */

import { badge, byId, guarded, facts, h, linkOut, warn, words } from "../dom.js";
import { ago, count, counted, sentence, when } from "../wording.js";
import { DOCUMENT_STATES, PAGE_STATES, isWeb } from "./format.js";

/**
 * @typedef {import("./shapes.js").AnswerThatUsed} AnswerThatUsed
 * @typedef {import("./shapes.js").Source} Source
 * @typedef {import("./shapes.js").StoredDocument} StoredDocument
 * @typedef {import("./shapes.js").WebPage} WebPage
 */
/** @template T @typedef {import("./shapes.js").Listing<T>} Listing */

const LOOK_AGAIN_MS = 3000;
const SHOWN = 30;
/** @type {Record<string, string>} */
const FOUND_BY = { start: "as the source's address", sitemap: "in the sitemap", link: "through a link" };

export class Contents {
  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.api = api;
    this.list = byId("contents");
    this.state = byId("page-state");
    this.more = byId("more-contents");
    /** @type {Source | null} */
    this.source = null;
    /** @type {string | null} */
    this.cursor = null;
    this.timer = 0;
    this.state.addEventListener("change", () => guarded(() => this.#load(null)));
    this.more.addEventListener("click", () => guarded(() => this.#load(this.cursor)));
  }

  /** @param {Source} source @param {boolean} isNew */
  async show(source, isNew) {
    this.source = source;
    if (isNew) this.state.value = "";
    byId("contents-title").textContent = isWeb(source) ? "Pages" : "Documents";
    this.state.closest("p").hidden = !isWeb(source);
    await this.#load(null);
  }

  /** @param {string} state show the pages in this state, and scroll to them */
  async only(state) {
    this.state.value = state;
    await this.#load(null);
    this.state.focus();
    byId("contents-title").scrollIntoView({ block: "start" });
  }

  /** Reload the list after a short delay. */
  refreshSoon() {
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = 0;
      // Don't replace rows while one is open or has the focus.
      const isRead = this.list.querySelector("[open]") || this.list.contains(document.activeElement);
      if (!byId("view-source").hidden && !isRead) this.#load(null).catch(() => {});
    }, LOOK_AGAIN_MS);
  }

  /** @param {string | null} cursor */
  async #load(cursor) {
    const source = this.source;
    if (!source) return;
    const path = `/sources/${source.id}/${isWeb(source) ? "pages" : "documents"}`;
    const state = isWeb(source) ? this.state.value : "";
    const found = await this.api.get(path, { cursor, limit: String(SHOWN), state });
    if (source !== this.source) return;
    const write = isWeb(source) ? pageRow : documentRow;
    const rows = found.items.map((/** @type {WebPage & StoredDocument} */ one) => write(this.api, one));
    if (!cursor) this.list.replaceChildren();
    this.list.append(...rows);
    this.cursor = found.next_cursor;
    this.more.hidden = found.next_cursor === null;
    if (!this.list.children.length) {
      this.list.append(h("li", { class: "row-note" }, this.state.value ? "No page is in this state." : "Nothing yet."));
    }
  }
}

/** @param {import("./api.js").Api} api @param {WebPage} page */
function pageRow(api, page) {
  const [tone, label] = PAGE_STATES[page.state] ?? ["calm", page.state];
  const times = [
    page.chunk_count ? counted(page.chunk_count, "passage") : "",
    page.last_seen_at ? `seen ${ago(page.last_seen_at)}` : "",
    page.changed_at ? `changed ${ago(page.changed_at)}` : "",
    page.gone_at ? `gone since ${ago(page.gone_at)}` : "",
  ];
  return h(
    "li",
    {},
    h("div", { class: "list-head" }, linkOut(page.url, page.title || shortened(page.url)), badge(tone, label)),
    page.title && h("p", { class: "row-note" }, words(shortened(page.url))),
    page.reason &&
      h(
        "p",
        { class: reasonOf(tone) },
        words(sentence(page.reason)),
        page.state === "failed" && page.chunk_count ? " Answers still use its earlier content." : "",
      ),
    page.state === "failed" &&
      page.linked_from &&
      h("p", { class: "row-note" }, "Linked from ", linkOut(page.linked_from, shortened(page.linked_from)), "."),
    h("p", { class: "row-note" }, times.filter(Boolean).join(" · ")),
    details(api, `/pages/${page.id}/answers`, page.title || page.url, [
      ["Found", FOUND_BY[page.found_by] ?? page.found_by],
      ["Linked from", page.linked_from ?? ""],
      ["First seen", when(page.first_seen_at)],
      ["Last fetched", when(page.fetched_at)],
      ["Last changed", when(page.changed_at)],
      ["HTTP status", page.http_status ? String(page.http_status) : ""],
      ["Redirects to", page.redirected_to ?? ""],
    ]),
  );
}

/** @param {import("./api.js").Api} api @param {StoredDocument} one */
function documentRow(api, one) {
  const [tone, label] = DOCUMENT_STATES[one.status];
  const name = one.title || one.path;
  return h(
    "li",
    {},
    h("div", { class: "list-head" }, one.url ? linkOut(one.url, name) : words(name), badge(tone, label)),
    one.title && one.title !== one.path && h("p", { class: "row-note" }, words(one.path)),
    one.error && h("p", { class: reasonOf(tone) }, words(sentence(one.error))),
    one.note && h("p", { class: "row-note" }, words(sentence(one.note))),
    h("p", { class: "row-note" }, `${counted(one.chunk_count, "passage")} · changed ${ago(one.changed_at)}`),
    details(api, `/documents/${one.id}/answers`, name, [
      ["Added", when(one.created_at)],
      ["Last changed", when(one.changed_at)],
      ["Read as", one.media_type],
    ]),
  );
}

/** @param {string} tone @returns {string} the class of a reason: inconspicuous if it needs no action */
const reasonOf = (tone) => (tone === "calm" ? "row-note" : "reason");

/**
 * Details on demand: the particulars, and the answers that used it, loaded when opened.
 *
 * @param {import("./api.js").Api} api @param {string} path @param {string} name
 * @param {[string, string][]} particulars
 */
function details(api, path, name, particulars) {
  const answers = h("div", { class: "answers" });
  const box = h(
    "details",
    { class: "more" },
    h("summary", {}, "Details and answers", h("span", { class: "visually-hidden" }, ` of ${name}`)),
    facts(particulars),
    answers,
  );
  box.addEventListener("toggle", () => {
    if (!box.open || answers.childElementCount) return;
    showAnswers(api, path, answers).catch(warn);
  });
  return box;
}

/** @param {import("./api.js").Api} api @param {string} path @param {HTMLElement} box */
async function showAnswers(api, path, box) {
  /** @type {Listing<AnswerThatUsed>} */
  const { items, next_cursor: next } = await api.get(path);
  if (!items.length) return box.replaceChildren(h("p", { class: "row-note" }, "No answer has used it yet."));
  const many = next ? `more than ${count(items.length)} answers` : counted(items.length, "answer");
  const rows = items.map((one) =>
    h(
      "li",
      {},
      h("p", {}, h("strong", { dir: "auto" }, one.question ?? "")),
      h("p", { dir: "auto" }, one.answer_excerpt),
      h("p", { class: "row-note" }, when(one.created_at)),
    ),
  );
  box.replaceChildren(h("p", {}, `Used in ${many}:`), h("ul", {}, ...rows));
}

/** @param {string} url @returns {string} a readable address: no scheme, no escapes */
function shortened(url) {
  const bare = url.replace(/^https?:\/\//, "");
  try {
    // Characters that could change the line's direction or look stay escaped.
    return decodeURI(bare).replace(/[\p{C}\p{Z}]/gu, (sign) => encodeURIComponent(sign));
  } catch {
    return bare;
  }
}
