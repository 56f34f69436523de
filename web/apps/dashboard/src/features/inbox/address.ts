/** The page's address: which view, which conversation, what is opened beside it. */
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useLive } from "../../live/hooks.ts";
import { type Filters, filtersOf, type InboxSearch, type SavedFilters } from "./filters.ts";

export function useInboxAddress() {
  const navigate = useNavigate({ from: "/inbox" });
  const router = useRouter();
  const search = useSearch({ from: "/account/inbox" });
  return {
    search,
    /** Go there; `replace` leaves no step back. */
    change: (changed: Partial<InboxSearch>, replace = false) => {
      // Whoever leaves a conversation is shown its row: the router would put the list back.
      const resetScroll = !search.conversation || !("conversation" in changed) || changed.conversation !== undefined;
      void navigate({ to: "/inbox", search: (before: InboxSearch) => ({ ...before, ...changed }), replace, hash: "", resetScroll });
    },
    href: (changed: Partial<InboxSearch>) => router.buildLocation({ to: "/inbox", search: { ...search, ...changed } }).href,
  };
}

/** The same object while the address says the same; `saved` is of the view that it names. */
export function useFilters(saved: SavedFilters | undefined): Filters {
  const { store } = useLive();
  const { view, project, tag, q } = useSearch({ from: "/account/inbox" });
  return useMemo(() => filtersOf({ view, project, tag, q }, store.me !== null, saved), [store, view, project, tag, q, saved]);
}
