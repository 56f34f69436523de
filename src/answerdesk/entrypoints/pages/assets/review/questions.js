// @ts-check
/** The questions that had no answer, or a bad one, to answer or dismiss. */

import { badge, button, byId, guarded, h, tell, words } from "../dom.js";
import { itemForm } from "../knowledge/item_form.js";
import { ago, counted } from "../wording.js";
import { DecisionList, conversationLink } from "./list.js";

/** @typedef {import("./shapes.js").Question} Question */

export class QuestionsView {
  /** @param {import("../knowledge/api.js").Api} api @param {boolean} canWrite */
  constructor(api, canWrite) {
    this.api = api;
    this.canWrite = canWrite;
    this.kind = byId("question-kind");
    this.list = new DecisionList("questions", {
      load: (cursor) => api.get("/open-questions", { kind: this.kind.value, cursor }),
      row: (/** @type {Question} */ question) => this.#row(question),
      nothing: () =>
        this.kind.value
          ? "There is no such question."
          : "Nothing to answer. Questions come here that the assistant had no answer to, or whose answer a visitor rated as not helpful.",
    });
    this.root = this.list.root;
    this.kind.addEventListener("change", () => guarded(() => this.list.load(null)));
  }

  show() {
    return this.list.show();
  }

  hide() {
    this.list.hide();
  }

  /** @param {Question} question @returns {HTMLElement} */
  #row(question) {
    const told = `asked ${counted(question.count, "time")}, last ${ago(question.last_asked_at)}`;
    /** @type {HTMLElement} */
    const row = h(
      "li",
      { class: "card", "data-id": question.id },
      h(
        "div",
        { class: "card-head" },
        h("h3", { class: "card-title whole-answer", dir: "auto" }, question.question),
        question.kind === "negative" ? badge("bad", "Not helpful") : badge("warn", "No answer"),
      ),
      question.reason && h("p", { class: "reason" }, words(`“${question.reason}”`)),
      h("p", { class: "row-note" }, told, " · ", conversationLink(question.conversation_id)),
      this.canWrite &&
        h(
          "p",
          { class: "actions" },
          button("Answer", () => this.#answer(row, question), "primary"),
          button("Dismiss", () => guarded(() => this.#dismiss(row, question))),
        ),
    );
    return row;
  }

  /** @param {HTMLElement} row @param {Question} question */
  #answer(row, question) {
    const form = itemForm({
      name: "Answer the question",
      of: question.id,
      texts: { question: question.question.slice(0, 2000), answer: "", category: null, tags: [] },
      yes: "Add to the knowledge",
      cancel: () => {
        const made = this.#row(question);
        holder.replaceWith(made);
        made.querySelector("button")?.focus();
      },
      send: async (given) => {
        await this.api.post(`/open-questions/${question.id}/answer`, given);
        await this.list.decided(holder);
        tell("Visitors get this answer from now on; it is among the questions of the knowledge.");
      },
    });
    const holder = h("li", { class: "card" }, form);
    row.replaceWith(holder);
    form.querySelector("textarea")?.focus();
  }

  /** @param {HTMLElement} row @param {Question} question */
  async #dismiss(row, question) {
    await this.api.post(`/open-questions/${question.id}/dismiss`, {});
    await this.list.decided(row);
    tell("Dismissed. This question does not come back.");
  }
}
