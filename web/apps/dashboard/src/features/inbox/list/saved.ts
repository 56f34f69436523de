/** The views that the person and the team have saved, and the one that the address names. */
import { useQuery } from "@tanstack/react-query";
import { useMe } from "../../../api/queries.ts";
import { useLive } from "../../../live/hooks.ts";
import { useGone } from "../../../parts/removal.ts";
import { useInboxAddress } from "../address.ts";
import type { SavedView } from "../filters.ts";
import { savedViewsQuery } from "../queries.ts";

export function useSavedViews() {
  const { search } = useInboxAddress();
  const gone = useGone();
  const { data: found, error, refetch } = useQuery(savedViewsQuery);
  const views = (found ?? []).filter(({ id }) => !gone.has(id));
  const chosen = views.find(({ id }) => id === search.saved);
  return {
    views,
    chosen,
    isMissing: found !== undefined && search.saved !== undefined && !chosen,
    failure: found ? null : error,
    retry: () => void refetch(),
  };
}

/** What all people have, its maker, admins and owners change. */
export function useMayChange(): (view: SavedView) => boolean {
  const { role } = useMe();
  const { store } = useLive();
  return ({ made_by_id: maker }) => store.me !== null && (maker === store.me.id || role === "owner" || role === "admin");
}
