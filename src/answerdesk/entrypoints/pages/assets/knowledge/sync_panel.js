// @ts-check
/** A running sync: its counts so far, its rate, and the estimated time left. */

import { button, explain, guarded, h } from "../dom.js";
import { ServerError } from "../server.js";
import { isLoggedOut } from "../session.js";
import { count, counted, duration } from "../wording.js";
import { SYNC_STATES, isRunning } from "./format.js";

/**
 * @typedef {import("./shapes.js").Source} Source
 * @typedef {import("./shapes.js").Sync} Sync
 */

const PAUSES_SECONDS = [1, 2, 4, 8, 15, 30];
/** After this long without progress, the panel explains why. */
const SILENT_SECONDS = 12;
const QUEUED =
  "It begins as soon as a worker is free. If it stays like this, ask the operator whether one is running.";
const SILENT =
  "The website has not responded yet. The sync tries again a few times before it gives up, and nothing that was known before is lost. You may close this page.";
/** @type {["found" | "fetched" | "unchanged" | "parsed" | "chunks_embedded" | "failed", string][]} */
const COUNTS = [
  ["found", "Found"],
  ["fetched", "Fetched"],
  ["unchanged", "Unchanged"],
  ["parsed", "Ingested"],
  ["chunks_embedded", "Passages embedded"],
  ["failed", "Failed"],
];

export class SyncPanel {
  /**
   * @param {import("./api.js").Api} api @param {Source} source @param {Sync} sync
   * @param {{canWrite: boolean, moved: (sync: Sync) => void, ended: (sync: Sync) => void}} on
   */
  constructor(api, source, sync, on) {
    this.path = `/sources/${source.id}/syncs/${sync.id}`;
    this.api = api;
    this.on = on;
    this.line = new AbortController();
    this.announced = "";
    this.state = h("strong", {});
    this.pace = h("span", { class: "row-note" });
    this.cancel = button("Cancel", () => guarded(() => this.#cancel()));
    this.bar = h("progress", { max: 1, "aria-label": `Sync of ${source.name}` });
    this.trouble = h("p", { class: "row-note", hidden: true });
    this.silence = h("p", { class: "row-note", role: "status" });
    this.timer = 0;
    this.status = h("p", { class: "visually-hidden", role: "status" });
    this.values = Object.fromEntries(COUNTS.map(([field]) => [field, h("dd", {})]));
    this.element = h(
      "section",
      { class: "sync", "aria-label": "The sync that is running" },
      h("div", { class: "sync-head" }, this.state, this.pace, on.canWrite && this.cancel),
      this.bar,
      h("dl", { class: "counts" }, ...COUNTS.map(([field, name]) => h("div", {}, h("dt", {}, name), this.values[field]))),
      this.trouble,
      this.silence,
      this.status,
    );
    this.#show(sync);
  }

  /** Follow it to its end, reconnecting whenever the connection breaks. */
  async follow() {
    for (let failures = 0; !this.line.signal.aborted; ) {
      try {
        for await (const { name, data } of this.api.progress(`${this.path}/progress`, this.line.signal)) {
          failures = 0;
          this.trouble.hidden = true;
          if (name === "error") continue;
          this.#show(data);
          if (name === "done" || !isRunning(data)) return this.on.ended(data);
        }
      } catch (error) {
        if (this.line.signal.aborted || isLoggedOut(error)) return;
        if (error instanceof ServerError && error.status && error.status < 500 && error.status !== 429) {
          this.trouble.textContent = explain(error);
          this.trouble.hidden = false;
          return;
        }
        const pause = PAUSES_SECONDS[Math.min(failures++, PAUSES_SECONDS.length - 1)];
        this.trouble.textContent = "The connection was lost. The sync goes on at the server, and this page reconnects by itself.";
        this.trouble.hidden = false;
        await new Promise((resolve) => setTimeout(resolve, pause * 1000));
      }
    }
  }

  close() {
    clearTimeout(this.timer);
    this.line.abort(new ServerError("closed"));
  }

  async #cancel() {
    this.#show(await this.api.post(`${this.path}/cancel`, {}));
  }

  /** @param {Sync} sync */
  #show(sync) {
    const running = isRunning(sync);
    this.state.textContent = SYNC_STATES[sync.state];
    this.cancel.hidden = !running;
    for (const [field] of COUNTS) this.values[field].textContent = count(sync[field]);
    const told = [];
    if (running && sync.pages_per_minute) told.push(`${count(Math.round(sync.pages_per_minute))} pages per minute`);
    if (running && sync.seconds_left !== null) told.push(`${duration(sync.seconds_left)} left`);
    this.pace.textContent = told.join(" · ");
    const part = fraction(sync);
    if (part === null) this.bar.removeAttribute("value");
    else this.bar.value = part;
    const percent = part === null ? "" : `${Math.floor(part * 100)} percent`;
    this.bar.setAttribute("aria-valuetext", [SYNC_STATES[sync.state], percent].filter(Boolean).join(", "));
    this.#announce(sync, part ?? 0);
    this.#watchSilence(sync);
    this.on.moved(sync);
  }

  /** @param {Sync} sync explains a sync that doesn't begin or whose website sends nothing */
  #watchSilence(sync) {
    clearTimeout(this.timer);
    const answered = sync.fetched + sync.failed + sync.skipped > 0;
    const why = sync.state === "queued" ? QUEUED : sync.state === "fetching" && !answered ? SILENT : "";
    if (this.silence.textContent !== why) this.silence.textContent = "";
    if (!why) return;
    const since = Date.now() - new Date(sync.started_at ?? sync.created_at).getTime();
    const tell = () => (this.silence.textContent = why);
    this.timer = setTimeout(tell, Math.max(0, SILENT_SECONDS * 1000 - since));
  }

  /** @param {Sync} sync @param {number} part announced only at a new state or quarter */
  #announce(sync, part) {
    const step = `${sync.state} ${Math.floor(part * 4)}`;
    if (step === this.announced) return;
    this.announced = step;
    this.status.textContent = `${SYNC_STATES[sync.state]}: ${counted(sync.found, "page")} found, ${count(sync.parsed)} ingested, ${count(sync.failed)} failed.`;
  }
}

/** @param {Sync} sync @returns {number | null} the share of the known work that is done, 0 to 1 */
function fraction(sync) {
  if (!isRunning(sync)) return 1;
  const looked = Math.max(0, sync.found - sync.waiting);
  const all = sync.found + sync.parsed + sync.indexing;
  return sync.state === "queued" || !all ? null : (looked + sync.parsed) / all;
}
