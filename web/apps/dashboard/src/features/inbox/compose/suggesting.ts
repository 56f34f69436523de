/**
 * A suggested reply on its way into a draft: asked for, waited for, placed, or why there is none.
 *
 * It belongs to the draft for which it was asked, whatever is on the page when it arrives. It takes
 * the place of nothing that was typed, and nothing here sends. What is in the draft is kept with its
 * sources in the tab, for when the page is loaded again.
 */
import type { Schemas } from "../../../api/client.ts";
import { keep, readKept } from "../../../parts/kept.ts";
import * as calls from "../calls.ts";
import type { Draft } from "../drafts.ts";

export type Suggestion = Schemas["SuggestedReplyOut"];

/** Its text is in the draft, and may have been changed there. */
type Placed = { kind: "placed"; suggestion: Suggestion; text: string };

export type State =
  | { kind: "idle" | "busy" }
  | Placed
  /** Something else is in the draft. */
  | { kind: "offered"; suggestion: Suggestion; text: string }
  | { kind: "none"; suggestion: Suggestion }
  | { kind: "failed"; error: unknown };

const IDLE: State = { kind: "idle" };

export class Suggesting {
  private readonly draft: Draft;
  private readonly key: string;
  /** What an earlier page has left in a draft that has not been read yet. */
  private kept: Placed | null;
  private state: State = IDLE;
  private asking: AbortController | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(draft: Draft) {
    this.draft = draft;
    this.key = `${draft.key}:suggestion`;
    this.kept = kept(this.key);
    draft.subscribe(() => {
      // Whoever empties or sends the draft is done with what was in it.
      if (this.state.kind === "placed" && !draft.text.trim()) this.become(IDLE);
      else this.restore();
    });
    this.restore();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  seen = (): State => this.state;

  /** Returns what came of it; null if somebody has stopped it. */
  async ask(): Promise<State | null> {
    if (this.asking) return null;
    const before = this.state;
    const asking = new AbortController();
    this.asking = asking;
    this.become({ kind: "busy" });
    let found: State;
    try {
      const suggestion = await calls.suggestion(this.draft.conversation, asking.signal);
      if (asking.signal.aborted) return null;
      found = this.receive(suggestion, before);
    } catch (error) {
      found = { kind: "failed", error };
    }
    if (asking.signal.aborted) return null;
    this.asking = null;
    // What an earlier suggestion has left in the draft keeps its sources.
    this.become(found.kind === "failed" && before.kind === "placed" ? before : found);
    return found;
  }

  /** Stop waiting, or close what is shown. The draft stays as it is. */
  close(): void {
    this.asking?.abort();
    this.asking = null;
    this.become(IDLE);
  }

  /** Put an offered text below what was typed. */
  insertBelow(): void {
    if (this.state.kind !== "offered") return;
    const { suggestion, text } = this.state;
    const typed = this.draft.text.trimEnd();
    this.place(suggestion, text, typed ? `${typed}\n\n${text}` : text);
  }

  /** Take the text out of the draft again; what was typed around it stays. Returns what undoes it. */
  discard(): (() => void) | null {
    const { state, draft } = this;
    if (state.kind !== "placed") return null;
    const before = draft.text;
    this.become(IDLE);
    if (!before.includes(state.text)) return null;
    const after = before.replace(state.text, () => "").trim();
    draft.write(after);
    return () => {
      // Not over what was typed since.
      if (draft.text === after) this.place(state.suggestion, state.text, before);
    };
  }

  private receive(suggestion: Suggestion, before: State): State {
    const { text } = suggestion;
    if (text === null) return { kind: "none", suggestion };
    // An earlier suggestion that nobody has changed was not typed.
    const isFree = !this.draft.text.trim() || (before.kind === "placed" && this.draft.text === before.text);
    if (!isFree) return { kind: "offered", suggestion, text };
    this.draft.write(text);
    return { kind: "placed", suggestion, text };
  }

  private place(suggestion: Suggestion, text: string, whole: string): void {
    this.draft.write(whole);
    this.become({ kind: "placed", suggestion, text });
  }

  /** Tell again where the draft's text is from, once the draft is read and if it is still in there. */
  private restore(): void {
    const { kept, draft } = this;
    if (!kept || this.state.kind !== "idle" || !draft.text.includes(kept.text)) return;
    this.become(kept);
  }

  private become(state: State): void {
    this.state = state;
    this.kept = null;
    keep(this.key, state.kind === "placed" ? state : null);
    for (const listener of this.listeners) listener();
  }
}

const known = new WeakMap<Draft, Suggesting>();

export function suggestingFor(draft: Draft): Suggesting {
  const made = known.get(draft) ?? new Suggesting(draft);
  known.set(draft, made);
  return made;
}

function kept(key: string): Placed | null {
  const found: Partial<Placed> = readKept(key);
  // Another version of this page may have kept it.
  return found.kind === "placed" && found.text && found.suggestion?.sources ? (found as Placed) : null;
}
