/** Tells colleagues what is open here, and marks as read what somebody has seen. */
import { useEffect, useRef } from "react";
import { useLive, useStore } from "../../../live/hooks.ts";
import * as calls from "../calls.ts";
import type { Thread } from "../thread.ts";

/** Long enough for another tab to say that it has become visible instead. */
const AWAY_MS = 1000;
const READ_MS = 400;

/** `id` is the conversation that is open, null for none. */
export function usePresence(id: string | null): void {
  const live = useLive();
  useEffect(() => {
    const here = () => document.hidden || live.present(id);
    const away = () => live.isSeen || live.present(null);
    const looked = () => (document.hidden ? void setTimeout(away, AWAY_MS) : here());
    here();
    live.streamed = here;
    document.addEventListener("visibilitychange", looked);
    return () => {
      live.streamed = () => {};
      document.removeEventListener("visibilitychange", looked);
    };
  }, [live, id]);
  // Whoever leaves the inbox has none open.
  useEffect(() => () => live.present(null), [live]);
}

/** Mark as read what is on the screen, if somebody can see it; `isAtEnd` tells whether they do. */
export function useReading(thread: Thread, isAtEnd: () => boolean): () => void {
  const store = useStore("entry");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const upTo = useRef("");
  const read = () => {
    const { newest, conversation: id } = thread;
    if (!newest || !thread.isLoaded || document.hidden || !isAtEnd() || !store.isUnread(id)) return;
    if (upTo.current === newest.id) return;
    upTo.current = newest.id;
    calls.read(id, newest.id).catch(() => {
      upTo.current = "";
    });
  };
  const later = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(read, READ_MS);
  };
  const latest = useRef(later);
  latest.current = later;
  useEffect(() => {
    const looked = () => latest.current();
    document.addEventListener("visibilitychange", looked);
    addEventListener("focus", looked);
    return () => {
      document.removeEventListener("visibilitychange", looked);
      removeEventListener("focus", looked);
      clearTimeout(timer.current);
    };
  }, []);
  const unread = store.isUnread(thread.conversation);
  useEffect(() => {
    if (unread) latest.current();
  });
  return later;
}
