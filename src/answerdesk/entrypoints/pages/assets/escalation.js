// @ts-check
/** The form that passes the conversation on to a person. */

import { escalate } from "./server.js";
import { part } from "./text.js";

export class Escalation {
  /**
   * @param {() => string} conversationId the conversation that goes on
   * @param {(email: string) => void} passedOn called once the team has it
   */
  constructor(conversationId, passedOn) {
    this.conversationId = conversationId;
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
    const fields = new FormData(this.form);
    const email = String(fields.get("email") ?? "").trim();
    const button = /** @type {HTMLButtonElement} */ (part(this.form, "[type=submit]"));
    button.disabled = true;
    this.failure.hidden = true;
    try {
      await escalate(this.conversationId(), email, String(fields.get("message") ?? "").trim());
      this.dialog.close();
      this.form.reset();
      this.passedOn(email);
    } catch (error) {
      this.failure.textContent = error instanceof Error ? error.message : String(error);
      this.failure.hidden = false;
    } finally {
      button.disabled = false;
    }
  }
}
