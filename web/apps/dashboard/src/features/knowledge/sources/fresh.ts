import { useEffect, useRef } from "react";
import { refresh } from "../queries.ts";
import type { Source } from "../states.ts";

/** The lists of pages and changes follow the readings: once more as pages come in, and at their end. */
export function useFreshLists(projectId: string, sources: readonly Source[]): void {
  const written = sources.map(({ last_sync: sync, pending }) => `${sync?.id} ${sync?.state} ${Math.ceil((sync?.parsed ?? 0) / 25)} ${pending > 0}`).join("\n");
  const seen = useRef(written);
  useEffect(() => {
    if (seen.current === written) return;
    seen.current = written;
    void refresh(projectId);
  }, [written, projectId]);
}
