/** Pages that seem to be gone, so many at once that a person decides. */
import { Button, Group } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMay } from "../../../api/queries.ts";
import { tellFailure } from "../../../parts/notify.tsx";
import { Outside } from "../../../parts/outside.tsx";
import { useTexts } from "../../../texts/index.ts";
import { changesQuery, startSync } from "../queries.ts";
import { shortened, type Sync } from "../states.ts";
import classes from "./sources.module.css";
import { texts } from "./texts.ts";

const SHOWN = 20;

export function Held({ projectId, sourceId, sync }: { projectId: string; sourceId: string; sync: Sync }) {
  const t = useTexts(texts);
  const canWrite = useMay()("knowledge:write");
  const { data } = useInfiniteQuery(changesQuery(projectId, sourceId, sync.id, false));
  const held = data?.pages.flatMap(({ items }) => items).filter(({ change }) => change === "held") ?? [];
  const all = sync.removals_held;
  const rest = all - Math.min(held.length, SHOWN);
  return (
    <section className={classes.box} data-tone="warn" aria-labelledby="held-title">
      <strong id="held-title">{t.heldTitle(all)}</strong>
      <p>{t.heldText}</p>
      {held.length > 0 && (
        <ul className={classes.held}>
          {held.slice(0, SHOWN).map((one) => <li key={one.page_id}><Outside href={one.url}>{one.title || shortened(one.url)}</Outside></li>)}
          {rest > 0 && <li>{t.heldMore(rest)}</li>}
        </ul>
      )}
      {canWrite && <Group><Button variant="default" onClick={() => void startSync(projectId, sourceId, { confirm_removals: true }).catch(tellFailure)}>{t.heldConfirm(all)}</Button></Group>}
    </section>
  );
}
