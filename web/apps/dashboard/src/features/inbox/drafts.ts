/**
 * Drafts: one object for each conversation and mode, which saves its own text and no other.
 *
 * An editor only puts text into the draft that it shows. Saves of a draft follow each other. Text
 * that the server does not have yet is kept in this browser.
 */
import { Problem } from "@answerdesk/api";
import type { Me, Own } from "../../live/shapes.ts";
import type { Store } from "../../live/store.ts";
import * as calls from "./calls.ts";
import type { Mode } from "./calls.ts";

const SAVE_MS = 800;
const AGAIN_MS = 3000;

type Stored = { content: string; version: number };

/** Why it is not saved: the server's words, or that it was not reached. */
export type Unsaved = { kind: "away" } | { kind: "refused"; detail: string };

export class Draft {
  readonly conversation: string;
  readonly mode: Mode;
  text = "";
  /** Another text of the same draft, written in another browser at the same time. */
  other = "";
  unsaved: Unsaved | null = null;
  private readonly me: Me;
  /** Under which this browser keeps what belongs to it. */
  readonly key: string;
  /** The server's version that the text is based on; 0 if it has none. */
  private version = 0;
  /** What the server holds, as far as known. */
  private saved = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();
  private revision = 0;

  /** `me` is whose it is; a key's stays in this browser. */
  constructor(me: Me, conversation: string, mode: Mode) {
    this.me = me;
    this.conversation = conversation;
    this.mode = mode;
    this.key = `answerdesk:draft:${me?.id ?? "key"}:${conversation}:${mode}`;
    this.restore();
  }

  get isDirty(): boolean {
    return this.text !== this.saved;
  }

  get isSaved(): boolean {
    return this.text !== "" && !this.isDirty && this.me !== null;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  seen = (): number => this.revision;

  /** What was typed. */
  write(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), SAVE_MS);
    this.changed();
  }

  /** The text was sent, or thrown away. */
  async clear(): Promise<void> {
    this.other = "";
    this.write("");
    await this.save();
  }

  /** Save what is not saved yet; concurrent callers share one run. */
  save(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.me) return Promise.resolve();
    this.saving ??= this.run().finally(() => {
      this.saving = null;
    });
    return this.saving;
  }

  /** The server's, undefined for none. */
  take(stored: Stored | undefined): void {
    const { content, version } = stored ?? { content: "", version: 0 };
    if (this.saving || (stored && version <= this.version)) return;
    if (!this.isDirty) {
      this.accept(content, version);
    } else if (content !== this.saved) {
      // Both were changed. What is typed here stays, and the other text is offered.
      if (content && content !== this.text) this.other = content;
      this.version = version;
      this.saved = content;
      this.changed();
    }
  }

  /** Ask the server whether the draft is gone, as it seems; that news may be older than a save. */
  async check(): Promise<void> {
    if (!this.me || this.saving || this.version === 0) return;
    const stored = await calls.draft(this.conversation, this.mode);
    if (this.saving || this.isDirty || stored.version === this.version) return;
    this.accept(stored.content, stored.version);
  }

  /** Exchange the text here with the other one. */
  swap(): void {
    const { other } = this;
    this.other = this.text;
    this.write(other);
  }

  private async run(): Promise<void> {
    while (this.isDirty) {
      const { text } = this;
      try {
        const { version } = await calls.saveDraft(this.conversation, this.mode, text, this.version);
        this.version = version;
        this.saved = text;
        this.unsaved = null;
        if (!this.isDirty) this.keep();
      } catch (error) {
        if (!(await this.recover(error))) return;
      }
    }
    this.changed();
  }

  /** Returns whether to go on saving. */
  private async recover(error: unknown): Promise<boolean> {
    if (error instanceof Problem && error.code === "draft_changed") {
      const stored = await calls.draft(this.conversation, this.mode).catch(() => null);
      if (stored) {
        if (stored.content && stored.content !== this.text) this.other = stored.content;
        this.version = stored.version;
        this.saved = stored.content;
        this.changed();
        return true;
      }
    }
    const isRefused = error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429;
    this.unsaved = isRefused ? { kind: "refused", detail: error.message } : { kind: "away" };
    this.changed();
    if (!isRefused) this.timer = setTimeout(() => void this.save(), AGAIN_MS);
    return false;
  }

  private accept(content: string, version: number): void {
    this.text = content;
    this.saved = content;
    this.version = version;
    this.keep();
    this.changed();
  }

  private changed(): void {
    this.revision += 1;
    for (const listener of this.listeners) listener();
  }

  private restore(): void {
    const kept = stored(() => JSON.parse(localStorage.getItem(this.key) ?? "null") as Partial<Record<"text" | "saved" | "version", unknown>> | null);
    if (typeof kept?.text !== "string" || typeof kept.version !== "number") return;
    this.text = kept.text;
    this.version = kept.version;
    this.saved = typeof kept.saved === "string" ? kept.saved : "";
  }

  private keep(): void {
    const { text, version, saved } = this;
    stored(() => {
      if (this.me ? this.isDirty : text) localStorage.setItem(this.key, JSON.stringify({ text, version, saved }));
      else localStorage.removeItem(this.key);
    });
  }
}

export class Drafts {
  private readonly store: Store;
  private readonly known = new Map<string, Draft>();

  constructor(store: Store) {
    this.store = store;
    store.on("own", (own) => this.take(own));
    addEventListener("online", () => this.saveAll());
    document.addEventListener("visibilitychange", () => document.hidden && this.saveAll());
  }

  of(conversation: string, mode: Mode): Draft {
    const key = `${conversation}:${mode}`;
    const known = this.known.get(key);
    if (known) return known;
    const made = new Draft(this.store.me, conversation, mode);
    this.known.set(key, made);
    made.take(this.store.own.get(conversation)?.drafts.find((one) => one.kind === mode));
    if (made.isDirty) void made.save();
    return made;
  }

  private take(own: Own): void {
    for (const mode of ["reply", "note"] as const) {
      const draft = this.known.get(`${own.conversation_id}:${mode}`);
      const stored = own.drafts.find((one) => one.kind === mode);
      if (stored) draft?.take(stored);
      else draft?.check().catch(() => {});
    }
  }

  private saveAll(): void {
    for (const one of this.known.values()) if (one.isDirty) void one.save();
  }
}

/** Use a store that may be disabled or full. */
function stored<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}
