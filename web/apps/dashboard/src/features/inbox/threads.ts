/** The threads and drafts of this tab. Those that were open lately are kept, so that a return is quick. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useLive } from "../../live/hooks.ts";
import type { Store } from "../../live/store.ts";
import { Drafts } from "./drafts.ts";
import { type Item, Thread } from "./thread.ts";

const KEPT = 20;

const known = new Map<string, { thread: Thread; end: () => void }>();
const drafts = new WeakMap<Store, Drafts>();

export function draftsOf(store: Store): Drafts {
  const made = drafts.get(store) ?? new Drafts(store);
  drafts.set(store, made);
  return made;
}

function threadOf(store: Store, conversation: string): Thread {
  const kept = known.get(conversation);
  known.delete(conversation);
  const thread = kept?.thread ?? new Thread(store, conversation);
  known.set(conversation, kept ?? { thread, end: thread.follow() });
  const [oldest] = known;
  if (known.size > KEPT && oldest) {
    oldest[1].end();
    known.delete(oldest[0]);
  }
  return thread;
}

/** Read a conversation and follow what arrives in it. */
export function useThread(conversation: string): Thread {
  const live = useLive();
  const thread = useMemo(() => threadOf(live.store, conversation), [live, conversation]);
  useEffect(() => {
    const end = live.refresher(thread.read);
    void thread.read().then((show) => show());
    return end;
  }, [live, thread]);
  return thread;
}

export const useItems = (thread: Thread): readonly Item[] => useSyncExternalStore(thread.subscribe, thread.all);
