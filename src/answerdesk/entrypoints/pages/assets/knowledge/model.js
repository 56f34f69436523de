// @ts-check
/** The embedding model: which one is served, its change as it goes on, and the way back. */

import { badge, button, byId, confirmed, facts, guarded, h, tell, words } from "./dom.js";
import { count, duration } from "./format.js";

const LOOK_SECONDS = 2;

export class ModelView {
  /** @param {import("./api.js").Api} api @param {boolean} canWrite */
  constructor(api, canWrite) {
    this.api = api;
    this.canWrite = canWrite;
    this.root = byId("view-model");
    this.box = byId("model");
    this.timer = 0;
    this.bar = h("progress", { max: 1, "aria-label": "Progress of the change" });
  }

  async show() {
    await this.#load();
    this.root.hidden = false;
  }

  hide() {
    this.root.hidden = true;
    clearTimeout(this.timer);
  }

  async #load() {
    clearTimeout(this.timer);
    const now = await this.api.get("/embedding");
    this.#write(now);
    if (now.change) {
      const again = () => this.#load().catch(() => (this.timer = setTimeout(again, LOOK_SECONDS * 3000)));
      this.timer = setTimeout(again, LOOK_SECONDS * 1000);
    }
  }

  /** @param {any} now */
  #write(now) {
    const served = now.available.find((/** @type {any} */ one) => one.space === now.space);
    this.box.replaceChildren(
      facts([
        ["Served", words(now.space)],
        ["Numbers in a vector", served?.dimensions ? count(served.dimensions) : ""],
      ]),
      now.usable ? "" : h("p", { class: "failure" }, "This model is not set up here any more, so search goes by words alone. Change to another one, or have the operator set it up again."),
      now.change ? this.#change(now.change) : "",
      !now.change && this.canWrite ? this.#choice(now) : "",
      !now.change && now.previous ? this.#previous(now.previous) : "",
    );
  }

  /** @param {any} change */
  #change(change) {
    const told = [`${count(change.done)} of ${count(change.total)} passages`];
    if (change.chunks_per_minute) told.push(`${count(Math.round(change.chunks_per_minute))} a minute`);
    if (change.seconds_left !== null) told.push(`${duration(change.seconds_left)} left`);
    this.bar.value = change.total ? change.done / change.total : 0;
    return h(
      "section",
      { class: "sync", "aria-label": "The change of the model" },
      h("div", { class: "sync-head" }, h("strong", {}, "Changing to ", words(change.to)),
        change.state === "waiting" && badge("warn", "Waiting"),
        this.canWrite && button("Cancel", () => guarded(() => this.#do("/embedding/cancel", "The change was cancelled.")))),
      this.bar,
      h("p", { class: "row-note" }, told.join(" · ")),
      change.error && h("p", { class: "reason" }, words(change.error)),
    );
  }

  /** @param {any} now */
  #choice(now) {
    const others = now.available.filter((/** @type {any} */ one) => one.space !== now.space);
    if (!others.length) {
      return h("p", { class: "note" }, "No other model is set up here. The operator adds one in the settings of the server.");
    }
    const select = h("select", { id: "model-choice" }, ...others.map((/** @type {any} */ one) => h("option", { value: one.space }, one.dimensions ? `${one.space} (${count(one.dimensions)} numbers)` : one.space)));
    return h(
      "p",
      { class: "filter" },
      h("label", { for: "model-choice" }, "Change to"),
      " ",
      select,
      " ",
      button("Change", () => guarded(() => this.#begin(select.value)), "primary"),
    );
  }

  /** @param {string} space */
  async #begin(space) {
    const yes = await confirmed({
      title: `Change to ${space}?`,
      text: "Every passage of this project is embedded once more. Questions are answered with the present model until that is done, and you can go back with one click.",
      yes: "Change",
    });
    if (!yes) return;
    await this.api.post("/embedding/change", { space });
    await this.#load();
  }

  /** @param {any} previous */
  #previous(previous) {
    return h(
      "div",
      { class: "note held" },
      h("p", {}, "The vectors of the model before, ", words(previous.space), previous.complete ? ", are still here: going back takes a moment." : ", are still here, though some are missing: a change to it makes those."),
      this.canWrite &&
        h(
          "p",
          { class: "actions" },
          previous.complete && button(`Go back to ${previous.space}`, () => guarded(() => this.#do("/embedding/rollback", `${previous.space} is served again.`))),
          button("Forget them", () => guarded(() => this.#forget(previous))),
        ),
    );
  }

  /** @param {string} path @param {string} done */
  async #do(path, done) {
    await this.api.post(path, {});
    tell(done);
    await this.#load();
    byId("model-title").focus({ preventScroll: true });
  }

  /** @param {any} previous */
  async #forget(previous) {
    const yes = await confirmed({
      title: `Forget the vectors of ${previous.space}?`,
      text: "They take space and are not searched. After that, going back means embedding everything again.",
      yes: "Forget them",
      no: "Keep them",
    });
    if (!yes) return;
    await this.api.remove("/embedding/previous");
    await this.#load();
  }
}
