// @ts-check
/** The embedding model: the one in use, a change in progress, and going back. */

import { badge, button, byId, confirmed, facts, guarded, h, tell, words } from "../dom.js";
import { count, duration, sentence } from "../wording.js";

/**
 * @typedef {import("./shapes.js").Embedding} Embedding
 * @typedef {import("./shapes.js").ModelChange} ModelChange
 * @typedef {import("./shapes.js").ModelSuggestion} ModelSuggestion
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
    if (!now.change && this.changingTo === now.space) tell(`${now.space} is in use now.`);
    this.changingTo = now.change?.to ?? "";
    // Leave unchanged parts alone, so that they keep the focus.
    const written = JSON.stringify(now.change ? [now.space, now.usable, now.change.to] : now);
    if (written === this.written) return;
    this.written = written;
    const hadFocus = this.box.contains(document.activeElement);
    const served = now.available.find((one) => one.space === now.space);
    this.box.replaceChildren(
      facts([
        ["In use", words(now.space)],
        ["Dimensions", served?.dimensions ? count(served.dimensions) : ""],
      ]),
      now.usable ? "" : h("p", { class: "failure" }, "This model is no longer set up here, so search uses words alone. Change to another model, or ask the operator to set this one up again."),
      !now.change && now.suggestion ? this.#suggestion(now.suggestion) : "",
      now.change ? this.#change(now.change) : "",
      !now.change && this.canWrite ? this.#choice(now) : "",
      !now.change && now.previous ? this.#previous(now.previous) : "",
    );
    if (hadFocus) this.#lead();
  }

  /** Move the focus to the title, since the focused button may have disappeared. */
  #lead() {
    byId("model-title").focus({ preventScroll: true });
  }

  /** @param {ModelChange} change */
  #showProgress(change) {
    const part = change.total ? change.done / change.total : 0;
    const told = [`${count(change.done)} of ${count(change.total)} passages`];
    if (change.chunks_per_minute) told.push(`${count(Math.round(change.chunks_per_minute))} per minute`);
    if (change.seconds_left !== null) told.push(`${duration(change.seconds_left)} left`);
    this.bar.value = part;
    this.waiting.hidden = change.state !== "waiting";
    this.pace.textContent = told.join(" · ");
    this.trouble.hidden = !change.error;
    this.trouble.textContent = change.error ? sentence(change.error) : "";
    // Announce only every 25 percent.
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
      return h("p", { class: "note" }, "No other model is set up here. The operator can add one with the setting ANSWERDESK_EMBEDDING_URL.");
    }
    const select = h("select", { id: "model-choice" }, ...others.map((one) => h("option", { value: one.space }, one.dimensions ? `${one.space} (${count(one.dimensions)} dimensions)` : one.space)));
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
      text: "Every passage of this project is embedded again. Until that is done, questions are answered with the current model. Afterwards you can go back with one click.",
      yes: "Change",
    });
    if (!yes) return;
    await this.api.post("/embedding/change", { space });
    await this.#loadAndLead();
  }

  /** @param {ModelSuggestion} better */
  #suggestion(better) {
    const names = new Intl.DisplayNames(["en"], { type: "language" });
    const languages = better.languages.map((one) => names.of(one) ?? one).join(", ");
    return h(
      "div",
      { class: "note held" },
      h("p", {}, `Some documents are in other languages than English (${languages}). The model `, words(better.space), " knows a hundred languages: it finds more of them, and answers questions in one language from pages in another."),
      better.installed
        ? this.canWrite && h("p", { class: "actions" }, button(`Change to ${better.space}`, () => guarded(() => this.#begin(better.space))))
        : h("p", {}, "The operator can install it: ", h("code", {}, "answerdesk models install multilingual")),
    );
  }

  /** @param {PreviousModel} previous */
  #previous(previous) {
    return h(
      "div",
      { class: "note held" },
      h("p", {}, "The vectors of the previous model, ", words(previous.space), previous.complete ? ", are still stored, so going back takes only a moment." : ", are still stored, but some are missing. Changing to it creates those."),
      this.canWrite &&
        h(
          "p",
          { class: "actions" },
          previous.complete && button(`Go back to ${previous.space}`, () => guarded(() => this.#do("/embedding/rollback", `${previous.space} is in use again.`))),
          button("Delete them", () => guarded(() => this.#forget(previous))),
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
      title: `Delete the vectors of ${previous.space}?`,
      text: "They take up space and are not searched. Without them, going back means embedding everything again.",
      yes: "Delete them",
      no: "Keep them",
    });
    if (!yes) return;
    await this.api.remove("/embedding/previous");
    await this.#loadAndLead();
  }
}
