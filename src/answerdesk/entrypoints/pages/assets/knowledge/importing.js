// @ts-check
/** Imports a table of questions with answers, as a whole or not at all. */

import { byId, h, tell, words } from "../dom.js";
import { onSubmit } from "../forms.js";
import { ServerError } from "../server.js";
import { counted } from "../wording.js";

export class Importing {
  /** @param {import("./api.js").Api} api @param {() => void} changed */
  constructor(api, changed) {
    this.box = byId("import-errors");
    const form = byId("add-import");
    form.elements.namedItem("file").addEventListener("change", () => this.#show([]));
    onSubmit(
      form,
      async () => {
        /** @type {{items: {created: boolean}[]}} */
        const { items } = await api.send("/items/import", new FormData(form));
        this.#show([]);
        const added = items.filter((one) => one.created).length;
        const known = items.length - added;
        const rest = known ? `, ${counted(known, "row")} ${known === 1 ? "was" : "were"} already there` : "";
        tell(`${counted(added, "question")} added${rest}.`);
        changed();
      },
      (error) => this.#show(error instanceof ServerError ? error.rows : []),
    );
  }

  /** @param {import("../server.js").Fault[]} rows */
  #show(rows) {
    this.box.hidden = rows.length === 0;
    const written = rows.map(({ row, field, message }) =>
      h("tr", {}, h("th", { scope: "row" }, String(row)), h("td", {}, field ?? ""), h("td", {}, words(message))),
    );
    this.box.querySelector("tbody").replaceChildren(...written);
  }
}
