// @ts-check
/** The embedding model: which one is served, its change as it goes on, and the way back. */

import { badge, button, byId, confirmed, facts, guarded, h, tell, words } from "./dom.js";
import { count, duration, sentence } from "./format.js";

/**
 * @typedef {import("./shapes.js").Embedding} Embedding
 * @typedef {import("./shapes.js").ModelChange} ModelChange
 * @typedef {import("./shapes.js").PreviousModel} PreviousModel
 */

const LOOK_SECONDS = 2;

export class ModelView {
  /** @param {import("./api.js").Api} api @param {boolean} canWrite */
  constructor(api, canWrite) {
    this.api = api;
    this.canWrite = canWrite;
    this.root = byId("view-model");
    this.box = byId("model");
    this.timer = 0;
    this.written = "";
    this.changingTo = "";
    this.bar = h("progress", { max: 1, "aria-label": "Progress of the change" });
    this.waiting = badge("warn", "Waiting");
    this.pace = h("p", { class: "row-note" });
    this.trouble = h("p", { class: "reason" });
    this.status = byId("model-status");
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
      const again = () => {
        if (!this.root.hidden) this.#load().catch(() => (this.timer = setTimeout(again, LOOK_SECONDS * 3000)));
      };
      this.timer = setTimeout(again, LOOK_SECONDS * 1000);
    }
  }

  /** @param {Embedding} now */
  #write(now) {
    if (now.change) this.#showProgress(now.change);
    else this.status.textContent = "";
    if (!now.change && this.changingTo === now.space) tell(`${now.space} is served now.`);
    this.changingTo = now.change?.to ?? "";
    // What has not changed is left alone, so that no focus is lost.
    const written = JSON.stringify(now.change ? [now.space, now.usable, now.change.to] : now);
    if (written === this.written) return;
    this.written = written;
    const hadFocus = this.box.contains(document.activeElement);
    const served = now.available.find((one) => one.space === now.space);
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
    if (hadFocus) this.#lead();
  }

  /** Lead to the title, where the button that somebody was at may be no more. */
  #lead() {
    byId("model-title").focus({ preventScroll: true });
  }

  /** @param {ModelChange} change */
  #showProgress(change) {
    const part = change.total ? change.done / change.total : 0;
    const told = [`${count(change.done)} of ${count(change.total)} passages`];
    if (change.chunks_per_minute) told.push(`${count(Math.round(change.chunks_per_minute))} a minute`);
    if (change.seconds_left !== null) told.push(`${duration(change.seconds_left)} left`);
    this.bar.value = part;
    this.waiting.hidden = change.state !== "waiting";
    this.pace.textContent = told.join(" · ");
    this.trouble.hidden = !change.error;
    this.trouble.textContent = change.error ? sentence(change.error) : "";
    // Aloud only now and then.
    const said = `Changing to ${change.to}: ${Math.floor(part * 4) * 25} percent`;
    if (this.status.textContent !== said) this.status.textContent = said;
  }

  /** @param {ModelChange} change */
  #change(change) {
    return h(
      "section",
      { class: "sync", "aria-label": "The change of the model" },
      h("div", { class: "sync-head" }, h("strong", {}, "Changing to ", words(change.to)),
        this.waiting,
        this.canWrite && button("Cancel", () => guarded(() => this.#do("/embedding/cancel", "The change was cancelled.")))),
      this.bar,
      this.pace,
      this.trouble,
    );
  }

  /** @param {Embedding} now */
  #choice(now) {
    const others = now.available.filter((one) => one.space !== now.space);
    if (!others.length) {
      return h("p", { class: "note" }, "No other model is set up here. The operator adds one with the setting ANSWERDESK_EMBEDDING_URL.");
    }
    const select = h("select", { id: "model-choice" }, ...others.map((one) => h("option", { value: one.space }, one.dimensions ? `${one.space} (${count(one.dimensions)} numbers)` : one.space)));
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
    await this.#loadAndLead();
  }

  /** @param {PreviousModel} previous */
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
    await this.#loadAndLead();
  }

  async #loadAndLead() {
    await this.#load();
    this.#lead();
  }

  /** @param {PreviousModel} previous */
  async #forget(previous) {
    const yes = await confirmed({
      title: `Forget the vectors of ${previous.space}?`,
      text: "They take space and are not searched. After that, going back means embedding everything again.",
      yes: "Forget them",
      no: "Keep them",
    });
    if (!yes) return;
    await this.api.remove("/embedding/previous");
    await this.#loadAndLead();
  }
}
