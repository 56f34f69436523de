// @ts-check
/** The drafts: questions with answers that people gave to visitors, to approve, edit or reject. */

import { badge, button, byId, guarded, h, tell, words } from "../dom.js";
import { itemForm } from "../knowledge/item_form.js";
import { ServerError } from "../server.js";
import { ask } from "../session.js";
import { ago } from "../wording.js";
import { DecisionList, conversationLink } from "./list.js";

/** @typedef {import("./shapes.js").Draft} Draft */

const NOTHING = {
  pending:
    "Nothing waits for review. When a person has answered a visitor and the conversation is closed, the questions with their answers come here.",
  approved: "No draft has been approved yet.",
  rejected: "No draft has been rejected.",
};

export class DraftsView {
  /** @param {import("../knowledge/api.js").Api} api @param {boolean} canWrite */
  constructor(api, canWrite) {
    this.api = api;
    this.canWrite = canWrite;
    this.status = byId("draft-status");
    this.list = new DecisionList("drafts", {
      load: (cursor) => api.get("/item-drafts", { status: this.status.value, cursor }),
      row: (/** @type {Draft} */ draft) => this.#row(draft),
      nothing: () => NOTHING[/** @type {keyof typeof NOTHING} */ (this.status.value)],
    });
    this.root = this.list.root;
    this.status.addEventListener("change", () => guarded(() => this.list.load(null)));
  }

  show() {
    return this.list.show();
  }

  hide() {
    this.list.hide();
  }

  /** @param {Draft} draft @returns {HTMLElement} */
  #row(draft) {
    const told = [draft.category, ...draft.tags.map((tag) => `#${tag}`), `drawn ${ago(draft.created_at)}`];
    const isOpen = draft.status === "pending";
    /** @type {HTMLElement} */
    const row = h(
      "li",
      { class: "card", "data-id": draft.id },
      h(
        "div",
        { class: "card-head" },
        h("h3", { class: "card-title", dir: "auto" }, draft.question),
        draft.status === "approved" && badge("good", "Approved"),
        draft.status === "rejected" && badge("calm", "Rejected"),
      ),
      h("p", { class: "whole-answer", dir: "auto" }, draft.answer),
      h("p", { class: "row-note" }, words(told.filter(Boolean).join(" · ")), " · ", conversationLink(draft.conversation_id)),
      this.canWrite &&
        draft.status !== "approved" &&
        h(
          "p",
          { class: "actions" },
          button("Approve", () => guarded(() => this.#approve(row, draft)), isOpen ? "primary" : "quiet"),
          isOpen && button("Edit", () => guarded(() => this.#edit(row, draft))),
          isOpen && button("Reject", () => guarded(() => this.#reject(row, draft))),
        ),
    );
    return row;
  }

  /** @param {HTMLElement} row @param {Draft} draft */
  async #approve(row, draft) {
    if (await this.#decide(row, draft, "approve")) {
      tell("Approved. Visitors get this answer from now on; it is among the questions of the knowledge.");
    }
  }

  /** @param {HTMLElement} row @param {Draft} draft */
  async #reject(row, draft) {
    if (await this.#decide(row, draft, "reject")) tell("Rejected. This question is not drawn again.");
  }

  /**
   * Decide about what is shown: if the draft has changed since, show it again instead.
   *
   * @param {HTMLElement} row @param {Draft} draft @param {"approve" | "reject"} what
   */
  async #decide(row, draft, what) {
    const path = `/item-drafts/${draft.id}`;
    const { body: now, tag } = await this.api.tagged(path);
    try {
      if (now.version !== draft.version) throw new ServerError("It has changed", "", 412);
      await ask("POST", `${this.api.base}${path}/${what}`, {}, { "If-Match": tag });
    } catch (error) {
      if (!(error instanceof ServerError) || error.status !== 412) throw error;
      const shown = this.#row(await this.api.get(path));
      row.replaceWith(shown);
      shown.querySelector("button")?.focus();
      tell("This draft has changed meanwhile. It is shown as it is now; please look again.");
      return false;
    }
    await this.list.decided(row);
    return true;
  }

  /** @param {HTMLElement} row @param {Draft} draft */
  async #edit(row, draft) {
    /** @type {{body: Draft, tag: string}} */
    let { body: now, tag } = await this.api.tagged(`/item-drafts/${draft.id}`);
    const close = (/** @type {Draft} */ shown) => {
      const made = this.#row(shown);
      holder.replaceWith(made);
      made.querySelector("button")?.focus();
    };
    const form = itemForm({
      name: "Edit the draft",
      of: now.id,
      texts: now,
      yes: "Save",
      cancel: () => close(now),
      send: async (given) => {
        close(await this.api.change("PATCH", `/item-drafts/${now.id}`, given, tag));
        tell("Saved. Visitors get this answer once it is approved.");
      },
    });
    const holder = h("li", { class: "card" }, form);
    row.replaceWith(holder);
    form.querySelector("input")?.focus();
  }
}
