// @ts-check
/** The list of sources, each with its state at a glance. */

import { badge, byId, guarded, h, words } from "../dom.js";
import { counted, sentence } from "../wording.js";
import { KINDS, glance, isRunning, stateOf } from "./format.js";
import { ReadingNote } from "./reading.js";

/** @typedef {import("./shapes.js").Source} Source */
/** @template T @typedef {import("./shapes.js").Listing<T>} Listing */

const LOOK_SECONDS = 3;
const NOTHING =
  "Nothing is known yet. Begin with your website: enter its address above, and Answerdesk reads its pages and keeps up with their changes. Or add files, texts, or questions with their answers.";
const NOTHING_TO_SEE = "Nothing is known yet. An owner or admin of this account can add a website or files.";

export class SourcesView {
  /**
   * @param {import("./api.js").Api} api
   * @param {{canWrite: boolean, add: (what: string) => void,
   *   empty: () => void}} on
   */
  constructor(api, on) {
    this.api = api;
    this.on = on;
    this.root = byId("view-sources");
    this.reading = new ReadingNote(api, on.canWrite);
    this.list = byId("sources");
    this.more = byId("more-sources");
    this.more.addEventListener("click", () => guarded(() => this.#load(this.cursor)));
    /** @type {Map<string, Source>} */
    this.sources = new Map();
    /** @type {string | null} */
    this.cursor = null;
    this.timer = 0;
  }

  /** @param {string} what the form to open, if any */
  async show(what) {
    await Promise.all([this.#load(null), this.reading.show()]);
    this.root.hidden = false;
    if (what) this.on.add(what);
    else if (!this.sources.size) this.on.empty();
  }

  hide() {
    this.root.hidden = true;
    this.reading.hide();
    clearTimeout(this.timer);
  }

  /** Reload the list if it is visible. */
  async refresh() {
    clearTimeout(this.timer);
    if (this.root.hidden) return;
    await this.#load(null);
  }

  /** @param {string | null} cursor */
  async #load(cursor) {
    clearTimeout(this.timer);
    const shown = cursor ? 50 : Math.min(200, Math.max(50, this.sources.size));
    /** @type {Listing<Source>} */
    const { items, next_cursor: next } = await this.api.get("/sources", { cursor, limit: String(shown) });
    if (!cursor) this.sources.clear();
    for (const source of items) this.sources.set(source.id, source);
    this.cursor = next;
    this.more.hidden = next === null;
    this.#write();
  }

  #write() {
    const sources = [...this.sources.values()];
    const note = byId("nothing-yet");
    note.hidden = sources.length > 0;
    note.textContent = this.on.canWrite ? NOTHING : NOTHING_TO_SEE;
    byId("sources-count").textContent = this.#count(sources);
    // Leave unchanged rows alone, so that they keep the focus.
    const rows = sources.map((source) => {
      const known = document.getElementById(source.id);
      const written = JSON.stringify([source, glance(source)]);
      if (known?.dataset.written === written) return known;
      const row = sourceRow(source);
      row.dataset.written = written;
      return row;
    });
    const focused = document.activeElement?.closest("li")?.id;
    this.list.replaceChildren(...rows);
    if (focused) document.getElementById(focused)?.querySelector("a")?.focus({ preventScroll: true });
    if (sources.some((source) => source.pending || isRunning(source.last_sync))) {
      this.timer = setTimeout(() => this.refresh().catch(() => this.#later()), LOOK_SECONDS * 1000);
    }
  }

  #later() {
    this.timer = setTimeout(() => this.refresh().catch(() => this.#later()), LOOK_SECONDS * 3000);
  }

  /** @param {Source[]} sources */
  #count(sources) {
    if (!sources.length) return "";
    const ready = sources.reduce((sum, one) => sum + one.ready, 0);
    const more = this.cursor ? "more than " : "";
    return `${more}${counted(sources.length, "source")} · ${more}${counted(ready, "document")} in the answers`;
  }
}

/** @param {Source} source */
function sourceRow(source) {
  const [tone, text] = stateOf(source);
  const address = source.kind === "qa" ? "#/items" : `#/source/${encodeURIComponent(source.id)}`;
  const failed = source.last_sync?.state === "failed" && source.last_sync.error;
  return h(
    "li",
    { id: source.id, class: "card" },
    h(
      "div",
      { class: "card-head" },
      h("a", { href: address, class: "card-title", dir: "auto" }, source.name),
      badge(tone, text),
    ),
    h("p", { class: "row-note" }, `${KINDS[source.kind]} · ${glance(source)}`),
    failed && h("p", { class: "reason" }, words(sentence(failed))),
  );
}
