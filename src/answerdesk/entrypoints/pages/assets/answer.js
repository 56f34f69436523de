// @ts-check
/** One answer on the page: waiting, streaming, complete, or failed. */

import { rate } from "./server.js";
import { showSources } from "./sources.js";
import { fromTemplate, part, renderMarkdown, renderText } from "./text.js";

/**
 * @typedef {import("./server.js").StoredMessage} StoredMessage
 * @typedef {import("./memory.js").Memory} Memory
 */

const HUMAN = "human_reply";

export class Answer {
  /** @param {Memory} memory @param {() => void} askForPerson */
  constructor(memory, askForPerson) {
    this.memory = memory;
    this.element = fromTemplate("answer-template");
    this.text = "";
    /** The visitor's message that this answers, once the server has it. */
    this.questionId = "";
    this.complete = false;
    /** @type {string[]} */
    this.sources = [];
    /** @type {number | undefined} */
    this.confidence = undefined;
    this.#find(".no-source button").addEventListener("click", askForPerson);
    for (const button of this.element.querySelectorAll("[data-rating]")) {
      button.addEventListener("click", () => this.#rate(/** @type {HTMLElement} */ (button)));
    }
  }

  /** Begin, or begin anew after a failure. */
  start() {
    this.text = "";
    this.#find(".message-text").replaceChildren();
    this.#find(".failure").hidden = true;
    this.#find(".waiting").hidden = false;
  }

  /** @param {string} piece */
  append(piece) {
    this.text += piece;
    this.#find(".waiting").hidden = true;
    // Pieces can come faster than the screen is drawn; once a drawing is enough.
    this.frame ??= requestAnimationFrame(() => this.#draw());
  }

  /** @param {string | null} messageId null for a notice, which is not stored */
  finish(messageId) {
    this.#draw();
    this.complete = true;
    this.#find(".waiting").hidden = true;
    this.#find(".failure").hidden = true;
    if (messageId === null) return;
    this.messageId = messageId;
    if (this.confidence !== undefined) {
      this.memory.note(messageId, { confidence: this.confidence });
    }
    this.#showEvidence();
    this.#showFoot();
  }

  /** @param {StoredMessage} stored */
  showStored(stored) {
    this.text = stored.content;
    if (stored.sources.includes(HUMAN)) {
      this.element.classList.add("from-person");
      this.#find(".message-author").textContent = "The team";
      this.finish(null);
      return;
    }
    this.sources = stored.sources;
    this.confidence = this.memory.facts[stored.id]?.confidence;
    this.finish(stored.id);
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

  #draw() {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    // A person writes text as it is.
    const render = this.element.classList.contains("from-person") ? renderText : renderMarkdown;
    render(this.#find(".message-text"), this.text);
  }

  #showEvidence() {
    // Being passed on to a person is certain and needs no source; a bare answer is an "I don't know".
    const isUnknown = this.sources.length === 0 && (this.confidence ?? 1) < 1;
    this.#find(".no-source").hidden = !isUnknown;
    if (!this.sources.length) return;
    showSources(this.#find(".sources"), this.sources, this.#find(".message-text"));
    if (this.confidence === undefined) return;
    const confidence = this.#find(".confidence");
    confidence.hidden = false;
    confidence.textContent = `Confidence ${Math.round(this.confidence * 100)} %`;
  }

  #showFoot() {
    this.#find(".message-foot").hidden = false;
    this.#press(this.memory.facts[this.messageId ?? ""]?.rating ?? "");
  }

  /** @param {HTMLElement} button */
  async #rate(button) {
    const rating = /** @type {"positive" | "negative"} */ (button.dataset.rating);
    const before = this.memory.facts[this.messageId ?? ""]?.rating ?? "";
    const note = this.#find(".rating-note");
    if (!this.messageId || rating === before) return;
    this.#press(rating);
    try {
      await rate(this.messageId, rating);
      this.memory.note(this.messageId, { rating });
      note.textContent = "Thank you.";
    } catch (error) {
      this.#press(before);
      note.textContent = `Not stored: ${error instanceof Error ? error.message : error}`;
    }
  }

  /** @param {string} rating */
  #press(rating) {
    for (const button of this.element.querySelectorAll("[data-rating]")) {
      button.ariaPressed = String(/** @type {HTMLElement} */ (button).dataset.rating === rating);
    }
  }

  /** @param {string} selector @returns {HTMLElement} */
  #find(selector) {
    return part(this.element, selector);
  }
}
