/** What is being read, live: how many pages were found, read and failed, and the newest titles. */
import { Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Icon } from "../../parts/icons.tsx";
import { AnchorLink } from "../../parts/links.tsx";
import { Outside } from "../../parts/outside.tsx";
import { duration, number } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import { isBusy, isRunning, readQuery, type Source, type Sync } from "./queries.ts";
import { texts } from "./texts.ts";
import classes from "./welcome.module.css";

const NEWEST = 6;
const SILENT_MS = 15_000;

export function Reading({ projectId, sources }: { projectId: string; sources: readonly Source[] }) {
  const t = useTexts(texts);
  if (!sources.length) {
    return (
      <section className={classes.live} aria-label={t.live}>
        <p>{t.nothing}</p>
        <AnchorLink to="/welcome" search={{ project: projectId, step: "knowledge" }}>{t.addSome}</AnchorLink>
      </section>
    );
  }
  return <section className={classes.live} aria-label={t.live}>{sources.toReversed().map((source) => <One key={source.id} projectId={projectId} source={source} />)}</section>;
}

function One({ projectId, source }: { projectId: string; source: Source }) {
  const t = useTexts(texts);
  const { last_sync: sync, ready, pending } = source;
  const { data: read } = useQuery(readQuery(projectId, source));
  const newest = (read?.documents ?? []).filter(({ status }) => status === "ready").sort((one, other) => other.changed_at.localeCompare(one.changed_at)).slice(0, NEWEST);
  const troubles = [...(read?.failed ?? []).map(({ id, url, reason }) => ({ id, url, said: reason })), ...(read?.documents ?? []).filter(({ status }) => status === "failed").map(({ id, path, error }) => ({ id, url: path, said: error }))];
  return (
    <article className={classes.source}>
      <h3 className={classes.sourceName} dir="auto">{source.name}</h3>
      {sync ? <SyncState projectId={projectId} sync={sync} ready={ready} /> : <p className={classes.note} role="status">{t.filesState(number(ready), number(pending))}</p>}
      {newest.length > 0 && (
        <>
          <h4 className={classes.subtitle}>{t.newest}</h4>
          <ul className={classes.titles}>{newest.map(({ id, title, url }) => <li key={id}><Outside href={url} plain>{title || url || t.untitled}</Outside></li>)}</ul>
        </>
      )}
      {troubles.length > 0 && sync?.state !== "failed" && (
        <details className={classes.troubles}>
          <summary>{t.trouble} ({number(troubles.length)})</summary>
          <ul>{troubles.map(({ id, url, said }) => <li key={id}><span dir="auto">{url}</span>{said && <p className={classes.note}>{said}</p>}</li>)}</ul>
        </details>
      )}
      {!isBusy(source) && sync?.state === "done" && ready === 0 && <p role="alert">{t.noPages}</p>}
    </article>
  );
}

function SyncState({ projectId, sync, ready }: { projectId: string; sync: Sync; ready: number }) {
  const t = useTexts(texts);
  const isNow = isRunning(sync);
  const share = shareOf(sync);
  return (
    <>
      <p className={classes.state} role="status">
        <Icon name={sync.state === "failed" ? "warning" : isNow ? "refresh" : "check"} size={16} />
        {t.states[sync.state]}{isNow && sync.seconds_left !== null && <span className={classes.note}> {t.left(duration(sync.seconds_left))}</span>}
      </p>
      {isNow && <Progress value={share * 100} animated={share === 0} striped={share === 0} size="sm" aria-label={t.states[sync.state]} />}
      <dl className={classes.counts}>
        <div><dt>{t.found}</dt><dd>{number(sync.found)}</dd></div>
        <div><dt>{t.readCount}</dt><dd>{number(Math.max(ready, sync.parsed))}</dd></div>
        <div><dt>{t.failed}</dt><dd>{number(sync.failed)}</dd></div>
      </dl>
      {sync.error && <p role="alert" dir="auto">{sync.error}</p>}
      {sync.state === "failed" && <AnchorLink to="/welcome" search={{ project: projectId, step: "knowledge" }}>{t.otherAddress}</AnchorLink>}
      {isNow && sync.fetched + sync.failed + sync.skipped === 0 && <Silence since={sync.started_at ?? sync.created_at} />}
    </>
  );
}

/** Said only where a website keeps one waiting. */
function Silence({ since }: { since: string }) {
  const t = useTexts(texts);
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), Math.max(0, new Date(since).getTime() + SILENT_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [since]);
  return isLong ? <p className={classes.note} role="status">{t.silent}</p> : null;
}

/** The share of the work that is known so far. */
function shareOf({ state, found, waiting, parsed, indexing }: Sync): number {
  const all = found + parsed + indexing;
  return state === "queued" || !all ? 0 : (Math.max(0, found - waiting) + parsed) / all;
}
