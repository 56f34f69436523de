// @ts-check
/** The form of a question with its answer, in the place of its row in a list. */

import { button, explain, h } from "../dom.js";
import { fields, tags } from "../forms.js";
import { isLoggedOut } from "../session.js";

/**
 * @typedef {{question: string, answer: string, category: string | null, tags: string[]}} ItemTexts
 */

/**
 * Make a form that `send`s what it is given, and shows in the form why that failed.
 *
 * @param {{name: string, of: string, texts: ItemTexts, yes: string,
 *   send: (given: ItemTexts) => Promise<unknown>, cancel: () => void}} about `of` is the id of
 *   the thing, for the ids of its fields
 * @returns {HTMLFormElement}
 */
export function itemForm({ name, of, texts, yes, send, cancel }) {
  const id = (/** @type {string} */ field) => `${of}-${field}`;
  const failure = h("p", { class: "failure", role: "alert", hidden: true });
  const form = h(
    "form",
    { class: "panel-form", "aria-label": name },
    h("label", { for: id("question") }, "Question"),
    h("input", { id: id("question"), name: "question", required: true, maxlength: 2000, value: texts.question, dir: "auto" }),
    h("label", { for: id("answer") }, "Answer"),
    h("textarea", { id: id("answer"), name: "answer", rows: 4, required: true, maxlength: 20000, dir: "auto" }, texts.answer),
    h("label", { for: id("category") }, "Category (optional)"),
    h("input", { id: id("category"), name: "category", maxlength: 100, list: "categories", value: texts.category ?? "", dir: "auto" }),
    h("label", { for: id("tags") }, "Tags, separated by commas (optional)"),
    h("input", { id: id("tags"), name: "tags", value: texts.tags.join(", "), dir: "auto" }),
    failure,
    h("p", { class: "form-actions" }, button("Cancel", cancel), h("button", { type: "submit", class: "primary" }, yes)),
  );
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    const { question, answer, category, tags: typed } = fields(form);
    try {
      await send({ question, answer, category: category || null, tags: tags(typed) });
    } catch (error) {
      if (isLoggedOut(error)) return;
      failure.textContent = explain(error);
      failure.hidden = false;
      failure.scrollIntoView({ block: "nearest" });
    } finally {
      form.removeAttribute("aria-busy");
    }
  });
  return form;
}
