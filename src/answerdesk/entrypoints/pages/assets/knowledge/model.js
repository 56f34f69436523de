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
    if (now.change && !this.#isOver(now.change)) {
      const again = () => this.#load().catch(() => (this.timer = setTimeout(again, LOOK_SECONDS * 3000)));
      this.timer = setTimeout(again, LOOK_SECONDS * 1000);
    }
  }

  /** @param {any} change */
  #isOver(change) {
    return change.state === "failed" || change.state === "done" || change.state === "cancelled";
  }

  /** @param {any} now */
  #write(now) {
    const served = now.available.find((/** @type {any} */ one) => one.space === now.space);
    const going = now.change && !this.#isOver(now.change);
    this.box.replaceChildren(
      facts([
        ["Served", words(now.space)],
        ["Numbers in a vector", served ? count(served.dimensions) : ""],
      ]),
      now.change ? this.#change(now.change, Boolean(going)) : "",
      !going && this.canWrite ? this.#choice(now) : "",
      now.previous && !going ? this.#previous(now.previous) : "",
    );
  }

  /** @param {any} change @param {boolean} going */
  #change(change, going) {
    const told = [`${count(change.done)} of ${count(change.total)} passages`];
    if (going && change.chunks_per_minute) told.push(`${count(Math.round(change.chunks_per_minute))} a minute`);
    if (going && change.seconds_left !== null) told.push(`${duration(change.seconds_left)} left`);
    this.bar.value = change.total ? change.done / change.total : 0;
    return h(
      "section",
      { class: "sync", "aria-label": "The change of the model" },
      h("div", { class: "sync-head" }, h("strong", {}, going ? "Changing to " : "Change to ", words(change.to)),
        badge(going ? "busy" : change.error ? "bad" : "calm", change.state),
        going && this.canWrite && button("Cancel", () => guarded(() => this.#do("/embedding/cancel", "The change was cancelled.")))),
      going && this.bar,
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
    const select = h("select", { id: "model-choice" }, ...others.map((/** @type {any} */ one) => h("option", { value: one.space }, `${one.space} (${count(one.dimensions)} numbers)`)));
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
      h("p", {}, "The vectors of the model before, ", words(previous.space), ", are still here: going back takes a moment."),
      this.canWrite &&
        h(
          "p",
          { class: "actions" },
          button(`Go back to ${previous.space}`, () => guarded(() => this.#do("/embedding/rollback", `${previous.space} is served again.`))),
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
