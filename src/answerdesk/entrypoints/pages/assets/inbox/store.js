// @ts-check
/** What this page knows of the inbox. Frames replace what was known, whatever order they come in. */

/**
 * @typedef {import("./shapes.js").Entry} Entry
 * @typedef {import("./shapes.js").ListedEntry} ListedEntry
 * @typedef {import("./shapes.js").Own} Own
 * @typedef {import("./shapes.js").Person} Person
 * @typedef {"entry" | "own" | "counts" | "people" | "message" | "note" | "typing" | "all"
 *   | "stranger" | "gone"} Topic "stranger": somebody has joined whom the snapshot does not name;
 *   "gone": a conversation was erased
 */

const TYPING_MS = 6500;

export class Store {
  /** @param {import("./shapes.js").Me} me */
  constructor(me) {
    this.me = me;
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
    /** @type {Map<string, Own>} */
    this.own = new Map();
    /** @type {import("./shapes.js").Counts | null} */
    this.counts = null;
    /** @type {Map<string, Person>} */
    this.people = new Map();
    /** Those who were asked about: they have joined, or left, since the snapshot. @type {Set<string>} */
    this.strangers = new Set();
    /** Who types where, and when it ends: by conversation and name. @type {Map<string, Map<string, number>>} */
    this.typing = new Map();
    /** @type {Map<Topic, ((value: any, before?: any) => void)[]>} */
    this.listeners = new Map();
  }

  /** Forget all conversations: what has changed since is not known. */
  forget() {
    this.entries.clear();
    this.own.clear();
  }

  /** @param {Topic} topic @param {(value: any, before?: any) => void} listener */
  on(topic, listener) {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener]);
  }

  /** @param {Topic} topic @param {unknown} [value] @param {unknown} [before] */
  #tell(topic, value, before) {
    for (const one of this.listeners.get(topic) ?? []) one(value, before);
  }

  /** @param {import("./shapes.js").Snapshot} snapshot */
  begin({ counts, entries, people, projects }) {
    this.counts = counts;
    this.strangers.clear();
    this.meet(people);
    this.projects = new Set(projects);
    this.keep(entries);
    this.#tell("all");
  }

  /** @param {Person[]} people all members of the account */
  meet(people) {
    this.people = new Map(people.map((one) => [one.user_id, one]));
    this.#tell("people");
  }

  /** Keep listed entries. @param {ListedEntry[]} entries */
  keep(entries) {
    for (const { own, ...entry } of entries) {
      if (own) this.#keepOwn(own);
      this.#keepEntry(entry);
    }
  }

  /** @param {string} name @param {any} data a frame's */
  take(name, data) {
    switch (name) {
      case "conversation":
        return data.deleted ? this.drop(data.id) : this.#keepEntry(data);
      case "own":
        return this.#keepOwn(data);
      case "message":
        if (data.author !== "assistant") this.#stopTyping(data);
        return this.#tell("message", data);
      case "note":
        return this.#tell("note", data);
      case "counts":
        this.counts = data;
        return this.#tell("counts");
      case "presence":
        return this.#keepPresence(data);
      case "projects":
        return this.#keepProjects(data.ids);
      case "typing":
        return this.#keepTyping(data);
    }
  }

  /** @param {string} id @returns {boolean} whether the visitor wrote since this person has read */
  isUnread(id) {
    const entry = this.entries.get(id);
    if (!this.me || !entry || (entry.state !== "waiting" && entry.state !== "human")) return false;
    const readAt = this.own.get(id)?.read_at;
    return !readAt || new Date(readAt) < new Date(entry.visitor_wrote_at);
  }

  /** How many conversations want this person: those that wait, and news in their own. */
  get wanting() {
    const mine = [...this.entries.values()].filter(
      (one) => this.me && one.state === "human" && one.assignee_id === this.me.id && this.isUnread(one.id),
    );
    return (this.counts?.waiting ?? 0) + mine.length;
  }

  /** @param {string | null} id @returns {string} a person's name, “You” for oneself */
  nameOf(id) {
    if (!id) return "A colleague";
    if (id === this.me?.id) return "You";
    const person = this.people.get(id);
    return person?.name || person?.email || "A colleague";
  }

  /** @param {string} id @returns {string[]} who types in a conversation now */
  typingIn(id) {
    const now = Date.now();
    return [...(this.typing.get(id) ?? [])].filter(([, until]) => until > now).map(([who]) => who);
  }

  /** @param {string} id a conversation that is no longer there */
  drop(id) {
    this.own.delete(id);
    if (this.entries.delete(id)) this.#tell("all");
    this.#tell("gone", id);
  }

  /** @param {Entry} entry */
  #keepEntry(entry) {
    const before = this.entries.get(entry.id);
    if (before && before.version > entry.version) return;
    this.entries.set(entry.id, entry);
    if (entry.assignee_id && !this.people.has(entry.assignee_id)) this.#wonder(entry.assignee_id);
    this.#tell("entry", entry, before);
  }

  /** @param {Own} own */
  #keepOwn(own) {
    this.own.set(own.conversation_id, own);
    this.#tell("own", own);
  }

  /** @param {{user_id: string, online: boolean, conversation_ids: string[]}} told */
  #keepPresence(told) {
    const known = this.people.get(told.user_id);
    if (!known) return this.#wonder(told.user_id);
    this.people.set(told.user_id, { ...known, ...told });
    this.#tell("people");
  }

  /** Ask once who somebody is. @param {string} id */
  #wonder(id) {
    if (this.strangers.has(id)) return;
    this.strangers.add(id);
    this.#tell("stranger");
  }

  /** @param {string[]} ids */
  #keepProjects(ids) {
    this.projects = new Set(ids);
    for (const [id, one] of this.entries) if (!this.projects.has(one.project_id)) this.entries.delete(id);
    this.#tell("all");
  }

  /** @param {{conversation_id: string, who: "visitor" | "person", user_id: string | null, name: string | null}} told */
  #keepTyping({ conversation_id: id, who, user_id: user, name }) {
    if (user !== null && user === this.me?.id) return;
    const label = who === "visitor" ? "The visitor" : name || this.nameOf(user);
    const here = this.typing.get(id) ?? new Map();
    here.set(label, Date.now() + TYPING_MS);
    this.typing.set(id, here);
    this.#tell("typing", id);
    setTimeout(() => this.#tell("typing", id), TYPING_MS + 100);
  }

  /** @param {{conversation_id: string, author: string}} message */
  #stopTyping({ conversation_id: id, author }) {
    const here = this.typing.get(id);
    if (!here) return;
    if (author === "visitor") here.delete("The visitor");
    else here.clear();
    this.#tell("typing", id);
  }
}
