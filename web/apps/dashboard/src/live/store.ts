/** What this tab knows of the inbox. Frames replace what was known, whatever order they come in. */
import type { Counts, Entry, Frame, Frames, ListedEntry, Me, Own, Person, Snapshot, Typing } from "./shapes.ts";

const TYPING_MS = 6500;

/** What listeners are told, by topic. */
export type Topics = {
  /** `isTold`: a frame brought it, not a list that was read. */
  entry: { entry: Entry; before: Entry | undefined; isTold: boolean };
  own: Own;
  counts: null;
  people: null;
  message: Frames["message"];
  note: Frames["note"];
  typing: string;
  /** Many things have changed. */
  all: null;
  /** Somebody has joined whom the snapshot does not name. */
  stranger: null;
  /** A conversation was erased. */
  gone: string;
};
export type Topic = keyof Topics;

/** Who types where: a visitor is the empty name. */
type Typists = Map<string, number>;

export class Store {
  readonly me: Me;
  readonly entries = new Map<string, Entry>();
  readonly own = new Map<string, Own>();
  counts: Counts | null = null;
  people = new Map<string, Person>();
  private projects = new Set<string>();
  /** Those who were asked about: they have joined, or left, since the snapshot. */
  private readonly strangers = new Set<string>();
  private readonly typing = new Map<string, Typists>();
  private readonly listeners = new Map<Topic, Set<(value: never) => void>>();

  constructor(me: Me) {
    this.me = me;
  }

  /** Returns what ends it. */
  on<T extends Topic>(topic: T, listener: (value: Topics[T]) => void): () => void {
    const all = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, all.add(listener));
    return () => void all.delete(listener);
  }

  private tell<T extends Topic>(topic: T, value: Topics[T]): void {
    for (const one of [...(this.listeners.get(topic) ?? [])]) (one as (value: Topics[T]) => void)(value);
  }

  /** Forget all conversations: what has changed since is not known. */
  forget(): void {
    this.entries.clear();
    this.own.clear();
  }

  begin({ counts, entries, people, projects }: Snapshot): void {
    this.counts = counts;
    this.strangers.clear();
    this.projects = new Set(projects);
    this.meet(people);
    this.keep(entries);
    this.tell("all", null);
  }

  /** All members of the account. */
  meet(people: readonly Person[]): void {
    this.people = new Map(people.map((one) => [one.user_id, one]));
    this.tell("people", null);
  }

  keep(entries: readonly ListedEntry[]): void {
    for (const { own, ...entry } of entries) {
      if (own) this.keepOwn(own);
      this.keepEntry(entry, false);
    }
  }

  take(frame: Frame): void {
    switch (frame.name) {
      case "conversation":
        return "deleted" in frame.data ? this.drop(frame.data.id) : this.keepEntry(frame.data, true);
      case "own":
        return this.keepOwn(frame.data);
      case "message":
        if (frame.data.author !== "assistant") this.stopTyping(frame.data);
        return this.tell("message", frame.data);
      case "note":
        return this.tell("note", frame.data);
      case "counts":
        this.counts = frame.data;
        return this.tell("counts", null);
      case "presence":
        return this.keepPresence(frame.data);
      case "projects":
        return this.keepProjects(frame.data.ids);
      case "typing":
        return this.keepTyping(frame.data);
    }
  }

  /** Whether the visitor wrote since this person has read. */
  isUnread(id: string): boolean {
    const entry = this.entries.get(id);
    if (!this.me || !entry || (entry.state !== "waiting" && entry.state !== "human")) return false;
    const readAt = this.own.get(id)?.read_at;
    return !readAt || micros(readAt) < micros(entry.visitor_wrote_at);
  }

  /** How many conversations want this person: those that wait, and news in their own. */
  get wanting(): number {
    const mine = [...this.entries.values()].filter(
      (one) => this.me && one.state === "human" && one.assignee_id === this.me.id && this.isUnread(one.id),
    );
    return (this.counts?.waiting ?? 0) + mine.length;
  }

  /** Who types in a conversation now, by name; the visitor's is empty. */
  typingIn(id: string): string[] {
    const now = Date.now();
    return [...(this.typing.get(id) ?? [])].filter(([, until]) => until > now).map(([who]) => who);
  }

  /** Forget a conversation that is no longer there. */
  drop(id: string): void {
    this.own.delete(id);
    if (this.entries.delete(id)) this.tell("all", null);
    this.tell("gone", id);
  }

  private keepEntry(entry: Entry, isTold: boolean): void {
    const before = this.entries.get(entry.id);
    if (before && before.version > entry.version) return;
    this.entries.set(entry.id, entry);
    if (entry.assignee_id && !this.people.has(entry.assignee_id)) this.wonder(entry.assignee_id);
    this.tell("entry", { entry, before, isTold });
  }

  private keepOwn(own: Own): void {
    this.own.set(own.conversation_id, own);
    this.tell("own", own);
  }

  private keepPresence(told: Frames["presence"]): void {
    const known = this.people.get(told.user_id);
    if (!known) return this.wonder(told.user_id);
    this.people.set(told.user_id, { ...known, ...told });
    this.tell("people", null);
  }

  /** Ask once who somebody is. */
  private wonder(id: string): void {
    if (this.strangers.has(id)) return;
    this.strangers.add(id);
    this.tell("stranger", null);
  }

  private keepProjects(ids: readonly string[]): void {
    this.projects = new Set(ids);
    for (const [id, one] of this.entries) if (!this.projects.has(one.project_id)) this.entries.delete(id);
    this.tell("all", null);
  }

  private keepTyping({ conversation_id: id, who, user_id: user, name }: Typing): void {
    if (user !== null && user === this.me?.id) return;
    const person = user === null ? undefined : this.people.get(user);
    const label = who === "visitor" ? "" : name || person?.name || person?.email || "…";
    const here = this.typing.get(id) ?? new Map<string, number>();
    here.set(label, Date.now() + TYPING_MS);
    this.typing.set(id, here);
    this.tell("typing", id);
    setTimeout(() => this.tell("typing", id), TYPING_MS + 100);
  }

  private stopTyping({ conversation_id: id, author }: Frames["message"]): void {
    const here = this.typing.get(id);
    if (!here) return;
    if (author === "visitor") here.delete("");
    else here.clear();
    this.tell("typing", id);
  }
}

/** A moment of the API to the microsecond, which a Date does not keep: marks differ by one. */
function micros(iso: string): number {
  const [, digits = ""] = /\.(\d+)/.exec(iso) ?? [];
  return Math.floor(new Date(iso).getTime() / 1000) * 1_000_000 + Number(digits.slice(0, 6).padEnd(6, "0"));
}
