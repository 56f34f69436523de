// @ts-check
/** The conversation that the address names: shows it, reads it, says that it is open. */

import { byId, guarded } from "../dom.js";
import { ServerError } from "../server.js";
import { announce } from "./announce.js";
import * as api from "./api.js";
import { Canned } from "./canned.js";
import { Composer } from "./composer.js";
import { Drafts } from "./drafts.js";
import { Head } from "./head.js";
import { Side } from "./side.js";
import { Thread } from "./thread.js";

const READ_MS = 400;
/** Long enough for another tab to say that it has become visible instead. */
const AWAY_MS = 1000;

export class ConversationView {
  /**
   * @param {import("./store.js").Store} store
   * @param {{canWrite: boolean, canReadLeads: boolean, projects: import("../arriving.js").Project[],
   *   sharing: import("./sharing.js").Sharing, list: import("./list.js").ListView}} on
   */
  constructor(store, on) {
    this.store = store;
    this.on = on;
    this.id = "";
    this.readTimer = 0;
    this.readUpTo = "";
    this.thread = new Thread(store, { announce, read: () => this.#readLater() });
    this.head = new Head(store, on.canWrite, on.projects);
    this.composer = new Composer(store, new Drafts(store), this.thread);
    this.canned = new Canned(store, this.composer, announce);
    this.side = new Side(store, this.thread, on);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return void setTimeout(() => this.#away(), AWAY_MS);
      this.#readLater();
      this.present();
    });
    window.addEventListener("focus", () => this.#readLater());
    byId("back").addEventListener("click", (/** @type {Event} */ event) => {
      event.preventDefault();
      location.hash = "#/";
    });
    store.on("entry", (entry) => entry.id === this.id && this.#readLater());
    store.on("gone", (id) => {
      if (id !== this.id) return;
      location.hash = "#/";
      announce("This conversation was erased.");
    });
  }

  /** Show what the address names. */
  async follow() {
    const [, id = ""] = location.hash.match(/^#\/conversation\/(\w+)$/) ?? [];
    if (location.hash && !location.hash.startsWith("#/")) return;
    const before = this.id;
    this.id = id;
    this.on.list.mark(id);
    byId("inbox").dataset.pane = id ? "conversation" : "list";
    this.present();
    if (!id) {
      this.thread.close();
      this.composer.close();
      byId("conversation").hidden = true;
      byId("side").hidden = true;
      byId("nothing").hidden = false;
      if (before) this.on.list.focus(before);
      return;
    }
    await this.#open(id, before);
  }

  /** Tell colleagues what is open here. */
  present() {
    const { streamId } = this.on.sharing;
    if (!this.store.me || !streamId || document.hidden) return;
    api.present(streamId, this.id || null).catch(() => {});
  }

  /** Nobody looks at the inbox in this browser any more. */
  #away() {
    const { streamId, isSeen } = this.on.sharing;
    if (this.store.me && streamId && !isSeen) api.present(streamId, null).catch(() => {});
  }

  /** Read it all again: what has changed meanwhile is not known. */
  async refresh() {
    if (!this.id) return;
    const { id } = this;
    if (!this.store.entries.has(id)) this.store.keep([await api.entry(id)]);
    if (id !== this.id) return;
    this.head.show();
    await this.thread.refresh();
    this.side.notes();
  }

  /** @param {string} id @param {string} before the one that was open */
  async #open(id, before) {
    try {
      if (!this.store.entries.has(id)) this.store.keep([await api.entry(id)]);
    } catch (error) {
      if (!(error instanceof ServerError) || error.status !== 404) throw error;
      location.hash = "#/";
      throw new Error("This conversation does not exist any more, or it is not yours to see.");
    }
    if (id !== this.id) return;
    byId("nothing").hidden = true;
    byId("conversation").hidden = false;
    byId("side").hidden = false;
    this.head.open(id);
    this.composer.open(id);
    guarded(() => this.side.open(id));
    if (id !== before) byId("conversation-title").focus({ preventScroll: true });
    await this.thread.open(id);
    if (id !== this.id) return;
    this.side.notes();
    this.#readLater();
  }

  /** Mark as read what is on the screen, if somebody can see it. */
  #readLater() {
    clearTimeout(this.readTimer);
    this.readTimer = setTimeout(() => this.#read(), READ_MS);
  }

  #read() {
    const newest = this.thread.newest;
    const { id } = this;
    if (!newest || !this.store.me || document.hidden || !this.thread.isAtEnd || this.thread.conversation !== id) return;
    const mark = `${id}:${newest.id}`;
    if (mark === this.readUpTo || !this.store.isUnread(id)) return;
    this.readUpTo = mark;
    api.read(id, newest.id).catch(() => (this.readUpTo = ""));
  }
}
