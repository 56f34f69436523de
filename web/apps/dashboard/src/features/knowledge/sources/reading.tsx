/** A website while it is being read, and the result when that is over. */
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useMay } from "../../../api/queries.ts";
import { tellFailure } from "../../../parts/notify.tsx";
import { duration, number } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import { Bar } from "../mark.tsx";
import { cancelSync } from "../queries.ts";
import { fraction, runningState, type Source, type Sync } from "../states.ts";
import { texts as shared } from "../texts.ts";
import classes from "./sources.module.css";
import { texts } from "./texts.ts";

/** After this long without progress, it is said why. */
const SILENT_MS = 12_000;

export function Reading({ projectId, source, sync }: { projectId: string; source: Source; sync: Sync }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const canWrite = useMay()("knowledge:write");
  const part = fraction(sync);
  const state = runningState(sync, s);
  const counts = [[t.nFound, sync.found], [t.nFetched, sync.fetched], [t.nUnchanged, sync.unchanged], [t.nParsed, sync.parsed], [t.nEmbedded, sync.chunks_embedded], [t.nFailed, sync.failed]] as const;
  const pace = [sync.pages_per_minute ? t.pace(Math.round(sync.pages_per_minute)) : "", sync.seconds_left === null ? "" : t.left(duration(sync.seconds_left))].filter(Boolean);
  return (
    <section className={classes.box} aria-label={t.running}>
      <div className={classes.top}>
        <strong>{state}</strong>
        <span className={classes.note}>{pace.join(" · ")}</span>
        {canWrite && <Button size="xs" variant="default" onClick={() => void cancelSync(projectId, source.id, sync.id).catch(tellFailure)}>{t.cancel}</Button>}
      </div>
      <Bar value={part} label={t.progress(source.name)} says={part === null ? state : `${state}, ${t.percent(Math.floor(part * 100))}`} />
      <dl className={classes.counts} aria-label={t.counts}>
        {counts.map(([name, count]) => <div key={name}><dt>{name}</dt><dd>{number(count)}</dd></div>)}
      </dl>
      <Silence sync={sync} />
      {/* Said at a new state or quarter, not with every page. */}
      <p role="status" className={classes.hushed} key={`${sync.state} ${Math.floor((part ?? 0) * 4)}`}>{t.announced(state, sync.found, sync.failed)}</p>
    </section>
  );
}

/** Why nothing moves: no room yet, or the website sends nothing. */
function Silence({ sync }: { sync: Sync }) {
  const t = useTexts(texts);
  const [isSilent, setSilent] = useState(false);
  const answered = sync.fetched + sync.failed + sync.skipped > 0;
  const why = sync.state === "queued" ? t.waiting : sync.state === "fetching" && !answered ? t.silent : "";
  const since = sync.started_at ?? sync.created_at;
  useEffect(() => {
    setSilent(false);
    const left = SILENT_MS - (Date.now() - new Date(since).getTime());
    const timer = setTimeout(() => setSilent(true), Math.max(0, left));
    return () => clearTimeout(timer);
  }, [since, why]);
  return <p role="status" className={classes.note}>{isSilent ? why : ""}</p>;
}

export function LastReading({ source }: { source: Source }) {
  const t = useTexts(texts);
  const sync = source.last_sync;
  if (!sync) return null;
  if (sync.state === "failed") {
    return <section className={classes.box} data-tone="bad"><p className={classes.reason}>{sync.error}</p>{source.ready > 0 && <p className={classes.note}>{t.kept}</p>}</section>;
  }
  return (
    <>
      <p className={classes.note}>{t.lastSync(tally(sync, t))}</p>
      {sync.error && sync.error_code !== "removals_held" && <p className={classes.note}>{sync.error}</p>}
    </>
  );
}

/** How many pages had which result. */
export function tally(sync: Sync, t: (typeof texts)["en"]): string {
  const counts: [number, (n: number) => string][] = [
    [sync.added, t.new],
    [sync.changed, t.changed],
    [sync.unchanged, t.unchanged],
    [sync.removed, t.removed],
    [sync.removals_held, t.held],
    [sync.failed, t.failed],
    [sync.skipped, t.skipped],
  ];
  return counts.filter(([count]) => count).map(([count, say]) => say(count)).join(" · ") || t.noPages;
}
