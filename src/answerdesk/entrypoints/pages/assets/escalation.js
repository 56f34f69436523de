// @ts-check
/** The form that passes the conversation on to a person. */

import { part } from "./text.js";

export class Escalation {
  /**
   * @param {import("./visitor.js").Visitor} visitor
   * @param {import("./memory.js").Memory} memory holds the conversation's id
   * @param {(email: string) => void} passedOn called once the team has the conversation
   */
  constructor(visitor, memory, passedOn) {
    this.visitor = visitor;
    this.memory = memory;
    this.passedOn = passedOn;
    this.dialog = /** @type {HTMLDialogElement} */ (part(document, "#escalation"));
    this.form = /** @type {HTMLFormElement} */ (part(document, "#escalation-form"));
    this.failure = part(document, "#escalation-failure");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    part(document, "#escalation-cancel").addEventListener("click", () => this.dialog.close());
  }

  open() {
    this.failure.hidden = true;
    this.dialog.showModal();
  }

  async #send() {
    const given = [...new FormData(this.form)];
    const { consent, ...contact } = Object.fromEntries(
      given.map(([name, value]) => [name, String(value).trim()]),
    );
    const button = /** @type {HTMLButtonElement} */ (part(this.form, "[type=submit]"));
    button.disabled = true;
    this.failure.hidden = true;
    try {
      await this.visitor.escalate(this.memory.conversationId, contact, consent);
      this.dialog.close();
      this.form.reset();
      this.passedOn(contact.email);
    } catch (error) {
      this.failure.textContent = error instanceof Error ? error.message : String(error);
      this.failure.hidden = false;
    } finally {
      button.disabled = false;
    }
  }
}
