// @ts-check
/** One source: its state, its running sync, its pages, and its changes. */

import { badge, button, byId, confirmed, guarded, h, linkOut, tell, words } from "../dom.js";
import { lines, onSubmit, fields } from "../forms.js";
import { count, counted, sentence } from "../wording.js";
import { ChangedMeanwhile } from "./api.js";
import { KINDS, glance, isRunning, isWeb, stateOf, tally } from "./format.js";
import { Changes } from "./changes.js";
import { Contents } from "./contents.js";
import { SyncPanel } from "./sync_panel.js";

/**
 * @typedef {import("./shapes.js").PageChange} PageChange
 * @typedef {import("./shapes.js").Source} Source
 * @typedef {import("./shapes.js").Sync} Sync
 */
/** @template T @typedef {import("./shapes.js").Listing<T>} Listing */

const SHOWN_REMOVALS = 20;

export class SourceView {
  /** @type {Source | null} */
  #shown = null;

  /** @param {import("./api.js").Api} api @param {{canWrite: boolean, gone: () => void}} on */
  constructor(api, on) {
    this.api = api;
    this.on = on;
    this.root = byId("view-source");
    this.tag = "";
    /** @type {SyncPanel | null} */
    this.panel = null;
    this.contents = new Contents(api);
    this.changes = new Changes(api);
    this.settings = byId("source-settings");
    byId("settings-cancel").addEventListener("click", () => guarded(() => this.#closeSettings()));
    onSubmit(this.settings, () => this.#save());
  }

  /** The source on show; throws before the first. */
  get source() {
    if (!this.#shown) throw new Error("no source is shown yet");
    return this.#shown;
  }

  /** @param {string} id */
  async show(id) {
    this.settings.hidden = true;
    await this.#load(id);
    this.root.hidden = false;
  }

  hide() {
    this.root.hidden = true;
    this.panel?.close();
    this.panel = null;
  }

  /** @param {string} id */
  async #load(id) {
    /** @type {{body: Source, tag: string}} */
    const { body, tag } = await this.api.tagged(`/sources/${encodeURIComponent(id)}`);
    const isNew = this.#shown?.id !== body.id;
    this.#shown = body;
    this.tag = tag;
    this.#write();
    const sync = body.last_sync;
    if (sync && isRunning(sync)) this.#watch(sync);
    else this.#still();
    await Promise.all([this.contents.show(body, isNew), this.changes.show(body), this.#showHeld()]);
  }

  #write() {
    const source = this.source;
    byId("source-title").textContent = source.name;
    byId("source-address").replaceChildren(KINDS[source.kind], ...(source.url ? [" · ", linkOut(source.url, source.url)] : []));
    this.#writeState();
    byId("source-actions").replaceChildren(...(this.on.canWrite ? this.#actions() : []));
  }

  #writeState() {
    const [tone, text] = stateOf(this.source);
    const running = isRunning(this.source.last_sync);
    byId("source-state").replaceChildren(badge(tone, text), running ? "" : ` ${glance(this.source)}`);
  }

  #actions() {
    const source = this.source;
    const running = isRunning(source.last_sync);
    const made = [];
    if (isWeb(source) && !running) {
      made.push(button("Sync now", () => guarded(() => this.#sync({})), "primary"));
      const failed = source.last_sync?.failed ?? 0;
      if (failed) {
        made.push(button(`Show the ${counted(failed, "failed page")}`, () => guarded(() => this.contents.only("failed"))));
        made.push(button(failed === 1 ? "Try it again" : "Try them again", () => guarded(() => this.#sync({ only_failed: true }))));
      }
    }
    if (isWeb(source)) made.push(button("Settings", () => this.#openSettings()));
    made.push(button("Remove", () => guarded(() => this.#remove())));
    return made;
  }

  /** @param {object} wish */
  async #sync(wish) {
    const sync = await this.api.post(`/sources/${this.source.id}/syncs`, wish);
    this.source.last_sync = sync;
    this.#write();
    byId("source-held").replaceChildren();
    this.#watch(sync);
    byId("source-title").focus({ preventScroll: true });
  }

  /** @param {Sync} sync */
  #watch(sync) {
    this.panel?.close();
    let parsed = sync.parsed;
    this.panel = new SyncPanel(this.api, this.source, sync, {
      canWrite: this.on.canWrite,
      moved: (now) => {
        this.source.last_sync = now;
        this.#writeState();
        if (now.parsed !== parsed) this.contents.refreshSoon();
        parsed = now.parsed;
      },
      ended: () => this.#load(this.source.id).catch(() => {}),
    });
    byId("source-sync").replaceChildren(this.panel.element);
    this.panel.follow();
  }

  /** Show the result of the last sync when none is running. */
  #still() {
    this.panel?.close();
    this.panel = null;
    const { last_sync: sync, ready } = this.source;
    const rows = [];
    if (sync?.state === "failed") {
      const kept = ready ? " Answers still use the earlier content." : "";
      rows.push(h("p", { class: "failure" }, words(sentence(sync.error ?? "")), kept));
    } else if (sync) {
      rows.push(h("p", { class: "row-note" }, `The last sync: ${tally(sync)}.`));
      // Held removals have a box of their own.
      if (sync.error && sync.error_code !== "removals_held") {
        rows.push(h("p", { class: "note" }, words(sentence(sync.error))));
      }
    }
    byId("source-sync").replaceChildren(...rows);
  }

  async #showHeld() {
    const box = byId("source-held");
    const sync = this.source.last_sync;
    box.replaceChildren();
    if (!sync?.removals_held || isRunning(sync)) return;
    /** @type {Listing<PageChange>} */
    const { items } = await this.api.get(`/sources/${this.source.id}/syncs/${sync.id}/changes`, { limit: "200" });
    const held = items.filter((one) => one.change === "held");
    const all = sync.removals_held;
    const seem = all === 1 ? "1 page seems to be gone." : `${count(all)} pages seem to be gone.`;
    box.replaceChildren(
      h(
        "div",
        { class: "note held" },
        h("p", {}, h("strong", {}, seem),
          " So much of this website is missing or fails to load that it may be an outage, so answers still use these pages. “What the last syncs changed” lists them. If they are gone for good, remove them."),
        this.on.canWrite && button(`Remove ${counted(all, "page")}`, () => guarded(() => this.#confirmRemovals(held, all))),
      ),
    );
  }

  /** @param {PageChange[]} held @param {number} all */
  async #confirmRemovals(held, all) {
    const shown = held.slice(0, SHOWN_REMOVALS).map((one) => one.title || one.url);
    const yes = await confirmed({
      title: `Remove ${counted(all, "page")}?`,
      text: "A sync checks these pages once more. Pages that are still gone are removed from the answers:",
      yes: "Remove them",
      no: "Keep them",
      list: shown,
      more: all - shown.length,
    });
    if (yes) await this.#sync({ confirm_removals: true });
  }

  #openSettings() {
    const { name, settings, sync_every_hours: hours, kind } = this.source;
    const form = this.settings.elements;
    form.name.value = name;
    form.include.value = (settings?.include ?? []).join("\n");
    form.exclude.value = (settings?.exclude ?? []).join("\n");
    form.max_pages.value = settings?.max_pages ?? "";
    choose(form.sync_every_hours, hours);
    this.settings.querySelector(".failure").hidden = true;
    this.settings.querySelector(".of-site").hidden = kind !== "site";
    this.settings.hidden = false;
    form.name.focus();
  }

  async #closeSettings() {
    this.settings.hidden = true;
    await this.#load(this.source.id);
    byId("source-title").focus({ preventScroll: true });
  }

  async #save() {
    const given = fields(this.settings);
    const body = {
      name: given.name,
      sync_every_hours: given.sync_every_hours ? Number(given.sync_every_hours) : null,
      ...(this.source.kind === "site" && {
        include: lines(given.include),
        exclude: lines(given.exclude),
        max_pages: given.max_pages ? Number(given.max_pages) : null,
      }),
    };
    try {
      await this.api.change("PATCH", `/sources/${this.source.id}`, body, this.tag);
    } catch (error) {
      if (error instanceof ChangedMeanwhile) this.tag = error.tag;
      throw error;
    }
    tell("Saved. Patterns and limits apply from the next sync on.");
    await this.#closeSettings();
  }

  async #remove() {
    const { id, name, ready, pending, failed } = this.source;
    const all = ready + pending + failed;
    const what = counted(all, isWeb(this.source) ? "page" : "document");
    const part = ready === all ? "" : ` (${count(ready)} of them in the answers)`;
    const record = isWeb(this.source) ? " and the record of its syncs" : "";
    const yes = await confirmed({
      title: `Remove “${name}”?`,
      text:
        `${what}${part}${record} ${all === 1 && !record ? "is" : "are"} deleted immediately. ` +
        "Answers already given stay as they are. The original is not touched and can be added again.",
      yes: "Remove it",
      no: "Keep it",
    });
    if (!yes) return;
    await this.api.remove(`/sources/${id}`);
    tell(`“${name}” was removed.`);
    this.on.gone();
  }
}

/** @param {HTMLSelectElement} select @param {number | null} hours selected; added if missing */
function choose(select, hours) {
  const value = hours === null ? "" : String(hours);
  if (![...select.options].some((one) => one.value === value)) {
    select.append(h("option", { value }, `every ${count(Number(value))} hours`));
  }
  select.value = value;
}
