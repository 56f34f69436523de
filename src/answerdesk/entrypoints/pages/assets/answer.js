// @ts-check
/** One answer on the page: waiting, streaming, complete, or failed. */

import { readMarkdown } from "./markdown.js";
import { showSources } from "./sources.js";
import { fromTemplate, part, showBlocks, showText } from "./text.js";

/**
 * @typedef {import("./visitor.js").StoredMessage} StoredMessage
 * @typedef {import("./visitor.js").Rating} Rating
 */

export class Answer {
  /**
   * @param {import("./visitor.js").Visitor} visitor @param {import("./memory.js").Memory} memory
   * @param {() => void} askForPerson
   */
  constructor(visitor, memory, askForPerson) {
    this.visitor = visitor;
    this.memory = memory;
    this.element = fromTemplate("answer-template");
    this.text = "";
    this.complete = false;
    /** The whole answer, once complete. @type {import("./markdown.js").Block[] | null} */
    this.blocks = null;
    /** @type {import("./visitor.js").Source[]} */
    this.sources = [];
    /** @type {import("./visitor.js").Certainty | null} */
    this.certainty = null;
    /** The answer's id; empty for a notice or a person's reply. */
    this.messageId = "";
    /** The scheduled animation frame. @type {number | null} */
    this.frame = null;
    this.#find(".no-source button").addEventListener("click", askForPerson);
    for (const button of this.#ratings()) {
      button.addEventListener("click", () => this.#rate(button));
    }
  }

  /** Begin, or begin again after a failure. */
  start() {
    this.text = "";
    this.blocks = null;
    this.sources = [];
    this.certainty = null;
    this.#find(".message-text").replaceChildren();
    this.#find(".failure").hidden = true;
    this.#find(".waiting").hidden = false;
  }

  /** @param {string} piece */
  append(piece) {
    this.text += piece;
    this.#find(".waiting").hidden = true;
    // Pieces can arrive faster than the screen refreshes, so draw once per frame.
    this.frame ??= requestAnimationFrame(() => this.#draw());
  }

  /** Finish a notice, which isn't part of the conversation: no sources, no rating. */
  finishNotice() {
    this.#draw();
    this.#conclude();
  }

  /** @param {string} messageId @param {boolean} abstained whether the knowledge holds no answer */
  finish(messageId, abstained) {
    this.messageId = messageId;
    const drawn = this.#draw();
    this.#conclude();
    this.#find(".no-source").hidden = !abstained;
    showSources(this.#find(".sources"), this.sources, this.blocks ?? [], drawn);
    const certainty = this.#find(".certainty");
    certainty.hidden = this.certainty === null;
    certainty.textContent = this.certainty?.text ?? "";
    certainty.dataset.level = this.certainty?.level ?? "";
    this.#find(".message-foot").hidden = false;
    this.#press(this.memory.ratings[messageId] ?? "");
  }

  /** @param {StoredMessage} stored */
  showStored(stored) {
    this.text = stored.content;
    if (stored.author === "human") {
      this.element.classList.add("from-person");
      this.#find(".message-author").textContent = "The team";
      // A person writes plain text, not Markdown.
      showText(this.#find(".message-text"), stored.content);
      this.#conclude();
      return;
    }
    this.blocks = stored.blocks;
    this.sources = stored.sources;
    this.certainty = stored.certainty;
    this.finish(stored.id, stored.abstained);
  }

  /** @param {string} reason @param {() => void} retry */
  fail(reason, retry) {
    this.#draw();
    this.#find(".waiting").hidden = true;
    const failure = this.#find(".failure");
    failure.hidden = false;
    part(failure, "p").textContent = reason;
    part(failure, "button").onclick = retry;
  }

  #conclude() {
    this.complete = true;
    this.#find(".waiting").hidden = true;
    this.#find(".failure").hidden = true;
  }

  /** @returns {HTMLElement[]} an element for each block */
  #draw() {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
    return showBlocks(this.#find(".message-text"), this.blocks ?? readMarkdown(this.text));
  }

  /** @param {HTMLElement} button */
  async #rate(button) {
    const rating = /** @type {Rating} */ (button.dataset.rating);
    const before = this.memory.ratings[this.messageId] ?? "";
    const note = this.#find(".rating-note");
    if (!this.messageId || rating === before) return;
    this.#press(rating);
    try {
      await this.visitor.rate(this.memory.conversationId, this.messageId, rating);
      this.memory.noteRating(this.messageId, rating);
      note.textContent = "Thank you.";
    } catch (error) {
      this.#press(before);
      note.textContent = `Not saved: ${error instanceof Error ? error.message : error}`;
    }
  }

  /** @param {string} rating */
  #press(rating) {
    for (const button of this.#ratings()) {
      button.ariaPressed = String(button.dataset.rating === rating);
    }
  }

  /** @returns {NodeListOf<HTMLElement>} */
  #ratings() {
    return this.element.querySelectorAll("[data-rating]");
  }

  /** @param {string} selector @returns {HTMLElement} */
  #find(selector) {
    return part(this.element, selector);
  }
}
