// @ts-check
/** A webhook's deliveries: each with its attempts, and sending again. */

import { FormDialog } from "../dialog.js";
import { badge, button, byId, guarded, h, tell, words } from "../dom.js";
import { ask } from "../session.js";
import { ago, counted, sentence, when } from "../wording.js";
import { DELIVERY_STATES, outcome } from "./format.js";

/** @typedef {import("./shapes.js").Attempt} Attempt */
/** @typedef {import("./shapes.js").Delivery} Delivery */
/** @typedef {import("./shapes.js").Webhook} Webhook */

const LOOK_MS = 15_000;
const LOOK_SOON_MS = 3000;
const DAY_MS = 24 * 3600 * 1000;
const MOST_SHOWN = 200;

export class Deliveries {
  /** @param {{canWrite: boolean, looked: () => Promise<void>}} on `looked` is called now and then */
  constructor(on) {
    this.on = on;
    this.list = byId("deliveries");
    this.more = byId("more-deliveries");
    this.only = byId("delivery-state");
    this.replay = new FormDialog("replay");
    this.webhookId = "";
    /** @type {Delivery[]} */
    this.shown = [];
    /** @type {string | null} */
    this.cursor = null;
    this.timer = 0;
    this.asked = 0;
    this.more.addEventListener("click", () => guarded(() => this.#load(this.cursor)));
    this.only.addEventListener("change", () => guarded(() => this.#load(null)));
    byId("open-replay").addEventListener("click", () => this.#openReplay());
  }

  /** @param {Webhook} webhook */
  async show(webhook) {
    if (webhook.id !== this.webhookId) {
      this.only.value = "";
      this.shown = [];
      this.list.replaceChildren();
    }
    this.webhookId = webhook.id;
    await this.#load(null);
  }

  hide() {
    clearTimeout(this.timer);
    this.asked += 1;
  }

  get #path() {
    return `/v1/webhooks/${encodeURIComponent(this.webhookId)}`;
  }

  /** @param {string | null} cursor */
  async #load(cursor) {
    clearTimeout(this.timer);
    const asked = ++this.asked;
    const limit = cursor ? 50 : Math.min(MOST_SHOWN, Math.max(50, this.shown.length));
    const query = new URLSearchParams({ limit: String(limit) });
    if (this.only.value) query.set("state", this.only.value);
    if (cursor) query.set("cursor", cursor);
    /** @type {import("./shapes.js").Listing<Delivery>} */
    const { items, next_cursor: next } = await ask("GET", `${this.#path}/deliveries?${query}`);
    // Show only the newest choice, even if responses arrive out of order.
    if (asked !== this.asked) return;
    this.shown = cursor ? [...this.shown, ...items] : items;
    this.cursor = next;
    this.more.hidden = next === null;
    this.#write();
  }

  #write() {
    const note = byId("no-deliveries");
    note.hidden = this.shown.length > 0;
    note.textContent = this.only.value
      ? "No delivery is in this state."
      : "Nothing was sent yet. Deliveries appear here as events happen, and are kept for a time after they have ended.";
    // Leave unchanged rows alone, so that they keep the focus and what is unfolded.
    const rows = this.shown.map((one) => {
      const known = document.getElementById(one.id);
      const written = JSON.stringify(one);
      if (known?.dataset.written === written) return known;
      const row = this.#row(one, known?.querySelector("details")?.open ?? false);
      row.dataset.written = written;
      return row;
    });
    const focused = document.activeElement?.closest("#deliveries > li")?.id;
    this.list.replaceChildren(...rows);
    if (focused) document.getElementById(focused)?.querySelector("summary")?.focus({ preventScroll: true });
    this.#later();
  }

  #later() {
    const soon = Date.now() + LOOK_MS;
    const moves = this.shown.some((one) => one.next_attempt_at && new Date(one.next_attempt_at).getTime() < soon);
    const again = async () => {
      await this.#load(null);
      await this.on.looked();
    };
    this.timer = setTimeout(() => again().catch(() => this.#later()), moves ? LOOK_SOON_MS : LOOK_MS);
  }

  /** @param {Delivery} delivery @param {boolean} open whether its attempts are unfolded */
  #row(delivery, open) {
    const { id, type, state, attempts, next_attempt_at: next, error, created_at: created } = delivery;
    const told = [
      when(created),
      attempts === 0 ? "not tried yet" : counted(attempts, "attempt"),
      state === "pending" && attempts > 0 && next && `next ${ago(next)}`,
      delivery.private && "private: what was said is not kept",
    ];
    const canReplay = this.on.canWrite && !delivery.private && (state === "failed" || state === "delivered");
    return h(
      "li",
      { id },
      h("div", { class: "list-head" },
        h("div", {}, h("code", { class: "delivery-type" }, type), h("p", { class: "row-note" }, told.filter(Boolean).join(" · "))),
        h("div", { class: "delivery-end" },
          badge(...DELIVERY_STATES[state]),
          canReplay && button("Send again", () => guarded(() => this.#again(id))))),
      error && state !== "delivered" && h("p", { class: "reason" }, words(sentence(error))),
      attempts > 0 && this.#attempts(id, open),
    );
  }

  /** @param {string} id @param {boolean} open */
  #attempts(id, open) {
    const box = h("div", { class: "attempts" });
    const load = async () => {
      box.replaceChildren(h("p", { class: "row-note" }, "Loading…"));
      try {
        /** @type {{log: Attempt[]}} */
        const { log } = await ask("GET", `${this.#path}/deliveries/${encodeURIComponent(id)}`);
        box.replaceChildren(
          h("p", { class: "row-note" }, "webhook-id: ", h("code", {}, id)),
          h("ol", {}, ...[...log].reverse().map((one) => attemptRow(one))),
        );
      } catch (error) {
        box.replaceChildren();
        throw error;
      }
    };
    const details = h("details", { class: "more", open }, h("summary", {}, "Attempts"), box);
    details.addEventListener("toggle", () => details.open && guarded(load));
    return details;
  }

  /** @param {string} id */
  async #again(id) {
    await ask("POST", `${this.#path}/deliveries/${encodeURIComponent(id)}/replay`, {});
    tell("It is sent again, with the same id and content.");
    await this.#load(null);
  }

  #openReplay() {
    const { since, until } = this.replay.form.elements;
    const now = Date.now();
    since.value = local(now - DAY_MS);
    until.value = local(now + 60_000);
    this.replay.open((given) => this.#replayFailed(given));
  }

  /** @param {Record<string, string>} given times without a zone, in the browser's */
  async #replayFailed({ since, until }) {
    const body = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
    const { replayed } = await ask("POST", `${this.#path}/replay`, body);
    if (!replayed) throw new Error("No delivery of this time has failed. Choose a longer time.");
    tell(`${counted(replayed, "delivery is", "deliveries are")} sent again.`);
    await this.#load(null);
  }
}

/** @param {number} time @returns {string} for a field of the type datetime-local, in minutes */
function local(time) {
  const offset = new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - offset).toISOString().slice(0, 16);
}

/** @param {Attempt} attempt */
function attemptRow(attempt) {
  const headers = Object.entries(attempt.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  return h(
    "li",
    { value: attempt.number },
    h("p", { class: "row-note" }, when(attempt.begun_at)),
    ...outcome(attempt),
    headers.length > 0 && h("details", {}, h("summary", {}, "Headers of the response"), h("pre", { class: "answer-text", tabindex: "0", role: "region", "aria-label": "Headers of the response" }, h("code", {}, headers.join("\n")))),
  );
}
