// @ts-check
/** The line that shows how many documents are ingested. */

import { request } from "./server.js";
import { part } from "./text.js";

const LOOK_SECONDS = 2;

export class Intake {
  /** @param {HTMLElement} desk @param {() => void} changed */
  constructor(desk, changed) {
    const { project = "", ready, pending, failed } = desk.dataset;
    this.projectId = project;
    this.line = part(desk, "#progress");
    this.changed = changed;
    this.now = { ready: Number(ready), pending: Number(pending), failed: Number(failed) };
  }

  /** Show the progress and poll until nothing is pending. */
  follow() {
    this.#show();
    if (this.now.pending) setTimeout(() => this.#look(), LOOK_SECONDS * 1000);
  }

  /** Whether there is anything to answer from yet. */
  get isReady() {
    return this.now.ready > 0;
  }

  #show() {
    const { ready, pending, failed } = this.now;
    const all = ready + pending + failed;
    const unread = failed === 1 ? "1 could not be read." : `${failed} could not be read.`;
    this.line.hidden = pending === 0 && ready > 0;
    this.line.textContent = pending
      ? `Ingesting the documents: ${ready} of ${all} are ready.${failed ? ` ${unread}` : ""}`
      : `None of the ${all} documents could be read, so there is nothing to answer from.`;
    this.changed();
  }

  async #look() {
    try {
      this.now = await (await request(`/progress/${this.projectId}`, {})).json();
    } catch {
      // The next poll may succeed; the line stays as it was.
    }
    this.follow();
  }
}
