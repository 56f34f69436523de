/** The tab's live view, for components. */
import { useEffect, useReducer, useRef, useSyncExternalStore } from "react";
import { useMay, useMe } from "../api/queries.ts";
import { startAlerts } from "./alerts.ts";
import { InboxLive, type Line } from "./inbox.ts";
import type { Store, Topic } from "./store.ts";

let live: InboxLive | null = null;
/** While nobody looks, news is put together for this long. */
const HIDDEN_MS = 300;

/** The one of the tab; whoever logs in as somebody else reloads the page. */
export function useLive(): InboxLive {
  const me = useMe();
  const scope = `${me.user?.id ?? "key"}:${me.account.id}`;
  live ??= new InboxLive(me.kind === "user" ? me.user : null, scope);
  return live;
}

/** Begin to follow the inbox, if this person may. For the shell, which calls it once. */
export function useFollowing(open: (conversation: string) => void): void {
  const may = useMay();
  const inbox = useLive();
  const isAllowed = may("conversations:read");
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    if (!isAllowed) return;
    startAlerts(inbox, (conversation) => latest.current(conversation));
    // The inbox's page shows why, if it fails.
    inbox.start().catch(() => {});
  }, [inbox, isAllowed]);
}

/** Draw again when one of these changes: once a frame, however much arrives. */
export function useStore(...topics: readonly Topic[]): Store {
  const { store } = useLive();
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const named = topics.join(" ");
  useEffect(() => {
    let isDue = false;
    const due = () => {
      if (isDue) return;
      isDue = true;
      const now = () => {
        isDue = false;
        draw();
      };
      if (document.hidden) setTimeout(now, HIDDEN_MS);
      else requestAnimationFrame(now);
    };
    const ends = (named.split(" ") as Topic[]).map((topic) => store.on(topic, due));
    // Something may have changed between drawing and listening.
    draw();
    return () => ends.forEach((end) => end());
  }, [store, named]);
  return store;
}

export function useLine(): Line {
  const inbox = useLive();
  return useSyncExternalStore(
    (changed) => inbox.watch(changed),
    () => inbox.line,
  );
}
