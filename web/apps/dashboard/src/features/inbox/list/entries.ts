/** The conversations of the list: what the server listed, kept up to date by what arrives. */
import { useEffect, useMemo, useReducer, useRef } from "react";
import { useLive, useStore } from "../../../live/hooks.ts";
import type { Entry } from "../../../live/shapes.ts";
import type { Store } from "../../../live/store.ts";
import * as calls from "../calls.ts";
import { belongs, type Filters, orderOf } from "../filters.ts";

const PAGE = 50;
const MOST = 200;
const SEARCH_AGAIN_MS = 3000;
const CLOCK_MS = 20_000;

type Listing = {
  filters: Filters;
  /** What the server has listed. */
  found: Set<string>;
  /** The last entry that was fetched, as it was then; entries after it are not known. */
  edge: Entry | null;
  cursor: string | null;
  isLoading: boolean;
  failure: unknown;
};

const begun = (filters: Filters): Listing => ({ filters, found: new Set(), edge: null, cursor: null, isLoading: true, failure: null });

export type Entries = {
  shown: readonly Entry[];
  isLoading: boolean;
  failure: unknown;
  hasMore: boolean;
  more: () => void;
  retry: () => void;
};

/** The filters have to be the same object while they say the same. */
export function useEntries(filters: Filters): Entries {
  const live = useLive();
  const store = useStore("entry", "own", "people", "all");
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const listing = useRef<Listing>(begun(filters));
  if (listing.current.filters !== filters) listing.current = begun(filters);
  const here = listing.current;

  const read = useMemo(() => reader(here, store.keep.bind(store), draw), [here, store]);
  useEffect(() => {
    // The person's projects and colleagues come with the snapshot, the list without waiting for it.
    live.start().catch((error: unknown) => {
      here.failure = error;
      draw();
    });
    void read(null);
    return live.refresher(() => read.again());
  }, [live, read, here]);

  useEffect(() => {
    const clock = setInterval(() => document.hidden || draw(), CLOCK_MS);
    return () => clearInterval(clock);
  }, []);

  useEffect(() => {
    if (!filters.q) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Only the server can tell whether a new conversation is found by a search.
    const end = store.on("entry", ({ before }) => {
      if (before) return;
      clearTimeout(timer);
      timer = setTimeout(() => void read(null), SEARCH_AGAIN_MS);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [store, filters, read]);

  return {
    shown: shownOf(here, store),
    isLoading: here.isLoading,
    failure: here.failure,
    hasMore: here.cursor !== null,
    more: () => void read(here.cursor),
    retry: () => void read(null),
  };
}

function shownOf({ filters, found, edge }: Listing, store: Store): Entry[] {
  const me = store.me?.id ?? null;
  const now = Date.now();
  const compare = orderOf(filters);
  return [...store.entries.values()]
    .filter((one) => belongs(filters, one, { me, now, isUnread: store.isUnread(one.id) }))
    .filter((one) => !filters.q || found.has(one.id))
    .filter((one) => !edge || found.has(one.id) || compare(one, edge) <= 0)
    .sort(compare);
}

type Keep = (entries: Awaited<ReturnType<typeof calls.list>>["items"]) => void;

/** Reads a part of the listing; `again` reads all that is shown, and returns what shows it. */
function reader(here: Listing, keep: Keep, draw: () => void) {
  let asked = 0;
  const take = ({ items, next_cursor: next }: Awaited<ReturnType<typeof calls.list>>, isFirst: boolean) => {
    if (isFirst) here.found.clear();
    for (const one of items) here.found.add(one.id);
    here.cursor = next ?? null;
    here.edge = here.cursor === null ? null : (items.at(-1) ?? here.edge);
    here.isLoading = false;
    here.failure = null;
    keep(items);
    draw();
  };
  const read = async (cursor: string | null) => {
    const mine = ++asked;
    here.isLoading = true;
    here.failure = null;
    draw();
    try {
      const page = await calls.list(here.filters, PAGE, cursor ?? undefined);
      // Show only the newest choice, even if responses arrive out of order.
      if (mine === asked) take(page, cursor === null);
    } catch (error) {
      if (mine !== asked) return;
      here.isLoading = false;
      here.failure = error;
      draw();
    }
  };
  read.again = async () => {
    asked += 1;
    const page = await calls.list(here.filters, Math.min(MOST, Math.max(PAGE, here.found.size)));
    return () => take(page, true);
  };
  return read;
}
