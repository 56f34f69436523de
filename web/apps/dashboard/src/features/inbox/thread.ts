/** A conversation's messages, with the notes of colleagues in between, as they arrive. */
import type { Store } from "../../live/store.ts";
import type { Frames, Message, Note } from "../../live/shapes.ts";
import * as calls from "./calls.ts";

export type Item = { id: string; at: number } & ({ message: Message; note: null } | { message: null; note: Note });

type Heard = { message: Message; note: null } | { message: null; note: Note };

export class Thread {
  readonly conversation: string;
  isLoaded = false;
  failure: unknown = null;
  satisfaction: { score: number; comment: string | null } | null = null;
  /** Called for what is new, not for what was read at the beginning. */
  heard: (one: Heard) => void = () => {};
  private readonly store: Store;
  private readonly items = new Map<string, Item>();
  /** Notes that are gone: a list that was read before may still have them. */
  private readonly gone = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private sorted: readonly Item[] = [];

  constructor(store: Store, conversation: string) {
    this.store = store;
    this.conversation = conversation;
  }

  /** Follow what arrives; returns what ends it. */
  follow(): () => void {
    const ends = [this.store.on("message", (one) => this.arrived(one)), this.store.on("note", (one) => this.noted(one))];
    return () => ends.forEach((end) => end());
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** Oldest first. */
  all = (): readonly Item[] => this.sorted;

  /** The newest message on the page: what a reply names as seen. */
  get newest(): Message | null {
    return this.sorted.findLast(({ message }) => message)?.message ?? null;
  }

  /** From here on it is unread, if somebody marks it so. */
  get lastOfVisitor(): Message | null {
    return this.sorted.findLast(({ message }) => message?.author === "visitor")?.message ?? null;
  }

  /** Read it all; what has come by a frame meanwhile is newer and stays. Returns what shows it. */
  read = async (): Promise<() => void> => {
    const before = new Set(this.items.keys());
    try {
      const [{ messages, satisfaction }, notes] = await Promise.all([calls.conversation(this.conversation), calls.notes(this.conversation)]);
      return () => {
        this.failure = null;
        this.satisfaction = satisfaction;
        for (const one of messages) if (before.has(one.id) || !this.items.has(one.id)) this.put(one.id, { message: one, note: null });
        for (const one of notes) if (!this.items.has(one.id) && !this.gone.has(one.id)) this.put(one.id, { message: null, note: one });
        const listed = new Set(notes.map((one) => one.id));
        for (const id of before) if (this.items.get(id)?.note && !listed.has(id)) this.items.delete(id);
        this.isLoaded = true;
        this.changed();
      };
    } catch (error) {
      return () => {
        if (!this.isLoaded) this.failure = error;
        this.changed();
      };
    }
  };

  /** Add what was sent from here. */
  add(message: Message): void {
    this.put(message.id, { message: { ...message, sender_id: this.store.me?.id ?? null }, note: null });
    this.changed();
  }

  addNote(note: Note): void {
    if (!this.gone.has(note.id)) this.put(note.id, { message: null, note });
    this.changed();
  }

  /** Hide a note that is being deleted, or show it again. */
  hideNote(note: Note, isHidden: boolean): void {
    if (isHidden) {
      this.gone.add(note.id);
      this.items.delete(note.id);
    } else {
      this.gone.delete(note.id);
      this.put(note.id, { message: null, note });
    }
    this.changed();
  }

  private arrived(message: Frames["message"]): void {
    if (message.conversation_id !== this.conversation) return;
    this.news(message.id, { message, note: null });
  }

  private noted(note: Frames["note"]): void {
    if (note.conversation_id !== this.conversation) return;
    if (note.deleted) {
      this.gone.add(note.id);
      this.items.delete(note.id);
      this.changed();
    } else if (!this.gone.has(note.id)) {
      this.news(note.id, { message: null, note });
    }
  }

  private news(id: string, what: Heard): void {
    const isNew = !this.items.has(id);
    this.put(id, what);
    this.changed();
    if (isNew && this.isLoaded) this.heard(what);
  }

  private put(id: string, what: Heard): void {
    if (what.note) {
      this.items.set(id, { id, at: time(what.note.created_at), ...what });
      return;
    }
    // Not every reading of a message tells all of it.
    const known = this.items.get(id)?.message;
    const message = { ...known, ...what.message, sender_id: what.message.sender_id ?? known?.sender_id ?? null };
    this.items.set(id, { id, at: time(message.created_at), message, note: null });
  }

  private changed(): void {
    this.sorted = [...this.items.values()].sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
    for (const listener of this.listeners) listener();
  }
}

const time = (iso: string) => new Date(iso).getTime();
