// @ts-check
/** Who has a conversation, and what can be done about it. */

import { badge, button, byId, guarded, h, linkOut, tell, words } from "../dom.js";
import { ago, when } from "../wording.js";
import * as api from "./api.js";
import { nameOf, span } from "./list.js";
import { tellUndoable } from "./toast.js";

/** @typedef {import("./shapes.js").Entry} Entry */

const MORNING = 9;

export class Head {
  /**
   * @param {import("./store.js").Store} store @param {boolean} canWrite
   * @param {import("../arriving.js").Project[]} projects
   */
  constructor(store, canWrite, projects) {
    this.store = store;
    this.canWrite = canWrite;
    this.projects = projects;
    this.conversation = "";
    this.written = "";
    for (const topic of /** @type {const} */ (["entry", "people", "typing", "all"])) store.on(topic, () => this.show());
    setInterval(() => document.hidden || this.show(), 20_000);
    document.addEventListener("click", (event) => this.#closeMenus(event.target));
    byId("hand-actions").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const menu = /** @type {HTMLElement} */ (event.target).closest("details[open]");
      if (event.key !== "Escape" || !menu) return;
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    });
  }

  /** @param {string} conversation */
  open(conversation) {
    this.conversation = conversation;
    this.written = "";
    this.show();
  }

  /** @returns {Entry | undefined} */
  get entry() {
    return this.store.entries.get(this.conversation);
  }

  show() {
    const { entry } = this;
    if (!entry) return;
    byId("conversation-title").replaceChildren(words(nameOf(entry)));
    byId("hand").replaceChildren(...this.#hand(entry));
    byId("origin").replaceChildren(...this.#origin(entry));
    byId("looking").textContent = this.#looking();
    const typing = this.store.typingIn(entry.id);
    byId("typing").textContent = typing.length ? `${typing.join(" and ")} ${typing.length > 1 ? "are" : "is"} typing…` : "";
    this.#showActions(entry);
  }

  /** @param {Entry} entry */
  #hand(entry) {
    const { state, assignee_id: who, waiting_since: since, snoozed_until: until } = entry;
    const shown = [];
    if (state === "ai") shown.push(badge("busy", "Assistant"), " The assistant answers.");
    if (state === "waiting") shown.push(badge("warn", "Waiting"), ` Nobody has it. The visitor waits${since ? `, ${span(since)} now` : ""}.`);
    if (state === "closed") shown.push(badge("calm", "Closed"), " It reopens when the visitor writes.");
    if (state === "human") {
      const name = this.store.nameOf(who);
      const isMine = name === "You";
      shown.push(badge("good", isMine ? "Yours" : "With a person"), " ", words(isMine ? "You have it" : `${name} has it`));
      shown.push(since ? `; the visitor waits, ${span(since)} now.` : ".");
    }
    if (until && new Date(until).getTime() > Date.now()) shown.push(" ", badge("calm", `Snoozed until ${when(until)}`));
    if (entry.sla_breached) shown.push(" ", badge("bad", "Target missed"));
    if (entry.sla_due_at) shown.push(" ", badge("warn", `Reply due ${ago(entry.sla_due_at)}`));
    return shown;
  }

  /** @param {Entry} entry */
  #origin({ page_url: page, project_id: project, created_at: created }) {
    const name = this.projects.find((one) => one.id === project)?.name;
    return [
      words(`Began ${when(created)}${name ? `, ${name}` : ""}`),
      ...(page ? [" on ", linkOut(page, page.replace(/^https?:\/\//, "").slice(0, 80))] : []),
    ];
  }

  #looking() {
    const others = [...this.store.people.values()]
      .filter((one) => one.user_id !== this.store.me?.id && one.conversation_ids.includes(this.conversation))
      .map((one) => one.name || one.email);
    if (!others.length) return "";
    return `${others.join(" and ")} ${others.length > 1 ? "look" : "looks"} at this now.`;
  }

  /** @param {Entry} entry */
  #showActions(entry) {
    if (!this.canWrite) return;
    const people = [...this.store.people.values()].map((one) => [one.user_id, one.name || one.email, one.online]);
    const written = JSON.stringify([entry.id, entry.state, entry.assignee_id, entry.snoozed_until, people]);
    if (written === this.written) return;
    // A menu that is open stays as it is until it is closed, but for who is here.
    if (byId("hand-actions").querySelector("details[open]")) {
      this.#relabel();
      return;
    }
    this.written = written;
    const focused = byId("hand-actions").contains(document.activeElement) && document.activeElement?.textContent;
    byId("hand-actions").replaceChildren(...this.#actions(entry));
    if (!focused) return;
    const same = [...byId("hand-actions").querySelectorAll("button, summary")].find((one) => one.textContent === focused);
    (same ?? byId("conversation-title")).focus();
  }

  /** @param {Entry} entry */
  #actions({ id, state, assignee_id: who, snoozed_until: until }) {
    if (state === "closed") return [button("Reopen", () => this.#run(() => api.act(id, "reopen"), "Reopened."))];
    const isMine = this.store.me !== null && who === this.store.me.id;
    const isSnoozed = until !== null && new Date(until).getTime() > Date.now();
    const made = [];
    if (!isMine && this.store.me) {
      const label = state === "human" ? "Take over" : "Take";
      made.push(button(label, () => this.#run(() => api.claim(id, state === "human")), "primary"));
    }
    if (state !== "ai") {
      made.push(button("Hand back to the assistant", () => this.#run(() => api.act(id, "hand-back"), "The assistant answers again.")));
    }
    made.push(this.#assignMenu(id, who, state));
    made.push(isSnoozed
      ? button("End the snooze", () => this.#run(() => api.wake(id), "It is back in its list."))
      : this.#snoozeMenu(id));
    made.push(button("Close", () => this.close()));
    return made;
  }

  /** Close the conversation that is open; it can be undone. */
  close() {
    const { conversation: id } = this;
    guarded(async () => {
      await api.act(id, "close");
      tellUndoable("Closed.", "Reopen", () => api.act(id, "reopen"));
    });
  }

  /** @param {string} id @param {string | null} who @param {string} state */
  #assignMenu(id, who, state) {
    const people = [...this.store.people.values()].filter((one) => one.user_id !== who);
    const items = people.map((one) => {
      const told = one.user_id === this.store.me?.id ? "You have it now." : `${one.name || one.email} has it now.`;
      const made = button(this.#label(one), () => this.#run(() => api.assign(id, one.member_id), told));
      made.dataset.user = one.user_id;
      return made;
    });
    if (state === "human") items.push(button("Nobody: it waits again", () => this.#run(() => api.assign(id, null), "It waits for somebody.")));
    return menu("Assign to…", items);
  }

  /** @param {import("./shapes.js").Person} person @returns {string} */
  #label({ user_id: who, name, email, online }) {
    const shown = who === this.store.me?.id ? "Me" : name || email;
    return online ? `${shown} (here now)` : shown;
  }

  #relabel() {
    for (const one of byId("hand-actions").querySelectorAll("button[data-user]")) {
      const person = this.store.people.get(one instanceof HTMLElement ? one.dataset.user ?? "" : "");
      if (person) one.textContent = this.#label(person);
    }
  }

  /** @param {string} id */
  #snoozeMenu(id) {
    const moment = h("input", { type: "datetime-local", id: "snooze-time", "aria-label": "A time", min: local(new Date()) });
    const items = times().map(([label, until]) => button(label, () => this.#snooze(id, until)));
    const own = h("form", { class: "menu-form" }, h("label", { for: "snooze-time" }, "At a time"), moment, h("button", { class: "quiet" }, "Snooze"));
    own.addEventListener("submit", (event) => {
      event.preventDefault();
      if (moment.value) this.#snooze(id, new Date(moment.value));
      else moment.focus();
    });
    return menu("Snooze…", [...items, own]);
  }

  /** @param {string} id @param {Date} until */
  #snooze(id, until) {
    this.#closeMenus(null);
    guarded(async () => {
      await api.snooze(id, until);
      tellUndoable(`Snoozed until ${when(until.toISOString())}.`, "Undo", () => api.wake(id));
    });
  }

  /** @param {() => Promise<unknown>} action @param {string} [done] */
  #run(action, done) {
    this.#closeMenus(null);
    guarded(async () => {
      await action();
      if (done) tell(done);
    });
  }

  /** @param {EventTarget | null} target a click in a menu leaves it open */
  #closeMenus(target) {
    for (const one of byId("hand-actions").querySelectorAll("details[open]")) {
      if (!(target instanceof Node) || !one.contains(target)) one.removeAttribute("open");
    }
  }
}

/** @param {string} label @param {HTMLElement[]} items */
function menu(label, items) {
  return h("details", { class: "menu" },
    h("summary", { class: "button quiet" }, label),
    h("ul", {}, ...items.map((one) => h("li", {}, one))),
  );
}

/** @returns {[string, Date][]} */
function times() {
  const now = new Date();
  const inDays = (/** @type {number} */ days) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    ["In 1 hour", new Date(now.getTime() + 3600_000)],
    ["Tomorrow, 9:00", inDays(1)],
    ["Next Monday, 9:00", inDays(toMonday)],
  ];
}

/** @param {Date} date @returns {string} for a field of the type datetime-local */
const local = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
