/** Sends what was written: once, in the conversation in which it was written. */
import { Problem } from "@answerdesk/api";
import * as calls from "../calls.ts";
import type { Mode } from "../calls.ts";
import type { Draft } from "../drafts.ts";
import type { Thread } from "../thread.ts";

/** Conversations in which something is being sent. */
const sending = new Set<string>();
const listeners = new Set<() => void>();
let last = { content: "", key: "" };

export const isSending = (conversation: string) => sending.has(conversation);

export function onSending(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

type Letter = { thread: Thread; draft: Draft; mode: Mode; goAhead: boolean };

/** Send the draft's text and clear it; what was typed meanwhile stays. Throws what the server refuses. */
export async function send({ thread, draft, mode, goAhead }: Letter): Promise<void> {
  const { conversation } = thread;
  const content = draft.text.trim();
  if (!content || sending.has(conversation)) return;
  mark(conversation, true);
  try {
    await deliver(thread, mode, content, goAhead);
    if (draft.text.trim() === content) await draft.clear();
  } finally {
    mark(conversation, false);
  }
}

async function deliver(thread: Thread, mode: Mode, content: string, goAhead: boolean): Promise<void> {
  const { conversation } = thread;
  // The same key while there was no response, so that a lost one doubles nothing.
  const whole = JSON.stringify([conversation, mode, content, goAhead]);
  if (last.content !== whole) last = { content: whole, key: newKey() };
  const { key: once } = last;
  try {
    if (mode === "note") thread.addNote(await calls.addNote(conversation, content, once));
    else thread.add(await calls.reply(conversation, content, { seen: thread.newest?.id ?? null, goAhead, once }));
    last = { content: "", key: "" };
  } catch (error) {
    if (error instanceof Problem && error.status) last = { content: "", key: "" };
    throw error;
  }
}

function mark(conversation: string, isOn: boolean): void {
  if (isOn) sending.add(conversation);
  else sending.delete(conversation);
  for (const listener of listeners) listener();
}

/** Where the page is not served by https, browsers have no `randomUUID`. */
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
