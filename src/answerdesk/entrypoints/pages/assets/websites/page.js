// @ts-check
/** The websites page: a project's websites, and the tags that put the chat on their pages. */

import { arrive, offerLogIn } from "../arriving.js";
import { copyButton } from "../copying.js";
import { badge, button, byId, confirmed, guarded, h, tell, warn, words } from "../dom.js";
import { FieldFaults } from "../faults.js";
import { address, completing, fields, onSubmit } from "../forms.js";
import { chooseProject } from "../project_choice.js";
import { ServerError } from "../server.js";
import { ask } from "../session.js";
import { sentence } from "../wording.js";

/** @typedef {{id: string, website_url: string, label: string, is_active: boolean, tag: string}} Website */

const AT_ONCE = 50;
const NONE = "No website is bound yet. Bind one to get a tag that is only for its pages.";
const NONE_TO_SEE = "No website is bound yet. An owner or admin of this account can bind one.";

start().catch((error) => {
  byId("lead").textContent = "The websites could not be loaded. Reload the page to try again.";
  warn(error);
});

async function start() {
  const arrived = await arrive();
  if (!arrived) return;
  const { me, projects } = arrived;
  if (me.kind === "owner_key") offerLogIn().catch(warn);
  const chosen = chooseProject(projects);
  byId("no-project").hidden = projects.length > 0;
  if (!chosen) {
    byId("lead").textContent = projects.length
      ? "There is no such project, or it is not yours. Choose one above."
      : "Where visitors can ask.";
    return;
  }
  const canWrite = me.scopes.includes("projects:write");
  document.documentElement.classList.toggle("reading", !canWrite);
  const path = `/v1/projects/${encodeURIComponent(chosen.id)}`;
  /** @type {{tag: string}} */
  const { tag } = await ask("GET", path);
  byId("any-tag").replaceChildren(...tagBox(tag, "any page"));
  await new WebsitesView(`${path}/domains`, canWrite).show();
  byId("lead").textContent = `Where visitors can ask ${chosen.name}.`;
  document.title = `Websites of ${chosen.name}`;
  byId("websites-view").hidden = false;
}

/** @param {string} tag @param {string} name whose tag it is */
function tagBox(tag, name) {
  const code = h("code", { dir: "ltr" }, tag);
  const copies = copyButton(code, `The tag for ${name}`);
  copies.setAttribute("aria-label", `Copy the tag for ${name}`);
  return [h("pre", { tabindex: "0", role: "region", "aria-label": `The tag for ${name}` }, code), h("p", { class: "actions" }, copies)];
}

class WebsitesView {
  /** @type {string | null} */
  #cursor = null;

  /** @param {string} path @param {boolean} canWrite */
  constructor(path, canWrite) {
    this.path = path;
    this.canWrite = canWrite;
    this.list = byId("websites");
    this.form = byId("add");
    this.opener = byId("open-add");
    this.opener.addEventListener("click", () => (this.form.hidden ? this.#open() : this.#close()));
    byId("add-cancel").addEventListener("click", () => this.#close());
    byId("more").addEventListener("click", () => guarded(() => this.#more()));
    completing(this.form.elements.url, tell);
    onSubmit(this.form, (once) => this.#bind(once));
  }

  async show() {
    this.#cursor = null;
    this.list.replaceChildren();
    await this.#more();
    byId("none-yet").hidden = this.list.childElementCount > 0;
    byId("none-yet").textContent = this.canWrite ? NONE : NONE_TO_SEE;
  }

  async #more() {
    const query = new URLSearchParams({ limit: String(AT_ONCE) });
    if (this.#cursor) query.set("cursor", this.#cursor);
    /** @type {{items: Website[], next_cursor: string | null}} */
    const { items, next_cursor } = await ask("GET", `${this.path}?${query}`);
    this.#cursor = next_cursor;
    byId("more").hidden = next_cursor === null;
    this.list.append(...items.map((one) => this.#row(one)));
  }

  #open() {
    this.form.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.form.elements.url.focus({ preventScroll: true });
  }

  #close() {
    this.form.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    this.opener.focus();
  }

  /** @param {string} once an idempotency key */
  async #bind(once) {
    const { url, label } = fields(this.form);
    const field = this.form.elements.url;
    if (!url) throw new FieldFaults([{ field, text: "Write the address of the website." }]);
    const known = this.list.childElementCount;
    try {
      await ask("POST", this.path, { website_url: address(url), label }, { "Idempotency-Key": once });
    } catch (error) {
      const isItsFault = error instanceof ServerError && error.code === "website_url_invalid";
      throw isItsFault ? new FieldFaults([{ field, text: sentence(error.message.replace("website_url", "This")) }]) : error;
    }
    await this.show();
    tell(this.list.childElementCount > known ? "It is bound. Copy its tag into its pages." : "It was bound already; here is its tag.");
    this.#close();
  }

  /** @param {Website} website */
  #row(website) {
    const { website_url: url, label, is_active: isActive, tag } = website;
    return h(
      "li",
      { class: "card" },
      h("div", { class: "card-head" },
        h("h3", { class: "card-title address" }, url),
        isActive ? badge("good", "Answered") : badge("warn", "Waits for people")),
      label && h("p", { class: "row-note" }, words(label)),
      h("div", { class: "tag-box" }, ...tagBox(tag, url)),
      this.canWrite && h("p", { class: "actions" },
        button(isActive ? "Let people answer" : "Let the assistant answer", () => guarded(() => this.#activate(website))),
        button("Remove", () => guarded(() => this.#remove(website)))),
    );
  }

  /** @param {Website} website */
  async #activate({ id, is_active: isActive }) {
    await ask("PATCH", `${this.path}/${encodeURIComponent(id)}`, { is_active: !isActive });
    await this.show();
    tell(isActive ? "Its conversations now wait for a person." : "The assistant answers there again.");
    byId("websites-title").focus({ preventScroll: true });
  }

  /** @param {Website} website */
  async #remove({ id, website_url: url }) {
    const yes = await confirmed({
      title: "Remove this website?",
      text: `The tag of ${url} begins no more conversations. Those that there are stay. If you bind it again, it gets another tag.`,
      yes: "Remove it",
      no: "Keep it",
    });
    if (!yes) return;
    await ask("DELETE", `${this.path}/${encodeURIComponent(id)}`);
    await this.show();
    tell("The website was removed.");
    byId("websites-title").focus();
  }
}
