// @ts-check
/** A dialog with a form, which shows its own errors. */

import { byId } from "./dom.js";
import { fields, onSubmit } from "./forms.js";

export class FormDialog {
  /** @type {(given: Record<string, string>) => Promise<unknown>} */
  #send = () => Promise.resolve();

  /** @param {string} id of the dialog; its form is `<id>-form` */
  constructor(id) {
    this.dialog = byId(id);
    this.form = byId(`${id}-form`);
    this.form.querySelector("button[type=button]").addEventListener("click", () => this.dialog.close());
    // A typed password goes when the dialog is closed, however that happens.
    this.dialog.addEventListener("close", () => this.form.reset());
    onSubmit(this.form, async () => {
      await this.#send(fields(this.form));
      this.dialog.close();
    });
  }

  /**
   * @param {(given: Record<string, string>) => Promise<unknown>} send gets the fields; the dialog
   *   closes when it has succeeded
   */
  open(send) {
    this.#send = send;
    this.form.querySelector(".failure").hidden = true;
    this.dialog.showModal();
  }
}
