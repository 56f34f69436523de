// @ts-check
/** Documents that an older version has read, above the sources: how many, and reading them again. */

import { button, byId, guarded, h, tell } from "../dom.js";
import { count, counted, sentence } from "../wording.js";

/**
 * @typedef {import("./shapes.js").Reading} Reading
 * @typedef {import("./shapes.js").Rereading} Rereading
 */

const LOOK_SECONDS = 2;

export class ReadingNote {
  /** @param {import("./api.js").Api} api @param {boolean} canWrite */
  constructor(api, canWrite) {
    this.api = api;
    this.canWrite = canWrite;
    this.box = byId("reading");
    this.status = byId("reading-status");
    this.timer = 0;
    this.written = "";
    this.wasRunning = false;
    this.bar = h("progress", { max: 1, "aria-label": "Progress of reading again" });
    this.progress = h("p", { class: "row-note" });
    this.trouble = h("p", { class: "reason" });
  }

  async show() {
    clearTimeout(this.timer);
    this.#write(await this.api.get("/reading"));
  }

  hide() {
    clearTimeout(this.timer);
  }

  #later() {
    this.timer = setTimeout(() => this.show().catch(() => this.#later()), LOOK_SECONDS * 1000);
  }

  /** @param {Reading} now */
  #write(now) {
    if (now.running) {
      this.#showProgress(now.running);
      this.#later();
    } else if (this.wasRunning) {
      this.status.textContent = "";
      if (!now.older) tell("All documents are read by the current version now.");
    }
    this.wasRunning = now.running !== null;
    // Leave unchanged parts alone, so that they keep the focus.
    const written = JSON.stringify(now.running ? "running" : [now.older, now.kept]);
    if (written === this.written) return;
    this.written = written;
    const hadFocus = this.box.contains(document.activeElement);
    const part = now.running ? this.#running() : now.older ? this.#older(now.older) : "";
    this.box.replaceChildren(part, !now.running && now.kept ? keptNote(now.kept) : "");
    if (hadFocus) byId("sources-title").focus({ preventScroll: true });
  }

  /** @param {Rereading} running */
  #showProgress(running) {
    const part = running.total ? running.done / running.total : 0;
    this.bar.value = part;
    this.progress.textContent = `${count(running.done)} of ${counted(running.total, "document")}`;
    this.trouble.hidden = !running.error;
    this.trouble.textContent = running.error ? sentence(running.error) : "";
    // Announce only every 25 percent.
    const said = `Reading again: ${Math.floor(part * 4) * 25} percent`;
    if (this.status.textContent !== said) this.status.textContent = said;
  }

  #running() {
    return h(
      "section",
      { class: "sync", "aria-label": "Reading documents again" },
      h("div", { class: "sync-head" }, h("strong", {}, "Reading documents again"),
        this.canWrite && button("Cancel", () => guarded(() => this.#do("/reading/cancel")))),
      this.bar,
      this.progress,
      this.trouble,
    );
  }

  /** @param {number} older */
  #older(older) {
    const were = older === 1 ? "was" : "were";
    return h(
      "div",
      { class: "note held" },
      h("p", {}, `${counted(older, "document")} ${were} read by an older version. The current one may read more of ${older === 1 ? "it" : "them"}, and more precisely. Answers go on meanwhile, and only what has changed is embedded again.`),
      this.canWrite &&
        h("p", { class: "actions" }, button(older === 1 ? "Read it again" : "Read them again", () => guarded(() => this.#do("/reading/again")))),
    );
  }

  /** @param {string} path */
  async #do(path) {
    await this.api.post(path, {});
    // It may be over before it is looked at.
    this.wasRunning = true;
    await this.show();
  }
}

/** @param {number} kept */
const keptNote = (kept) =>
  h(
    "p",
    { class: "row-note" },
    kept === 1
      ? "1 document could not be read by the current version, and answers use the older reading. Its note says why."
      : `${count(kept)} documents could not be read by the current version, and answers use the older readings. Their notes say why.`,
  );
