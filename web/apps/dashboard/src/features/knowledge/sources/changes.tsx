/** What the readings of a website have changed: each one, or all since a chosen one. */
import { Button, NativeSelect } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "../../../api/client.ts";
import { Outside } from "../../../parts/outside.tsx";
import { Failure, Loading } from "../../../parts/states.tsx";
import { texts as everywhere } from "../../../parts/texts.ts";
import { ago, dateTime } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import { Mark } from "../mark.tsx";
import { changesQuery, syncsQuery } from "../queries.ts";
import { isRunning, runningState, type State, type Sync } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { tally } from "./reading.tsx";
import classes from "./sources.module.css";
import { texts } from "./texts.ts";

type Change = Schemas["PageChangeOut"];
/** What a person may have to do something about comes first. */
const ORDER: Change["change"][] = ["held", "failed", "removed", "changed", "added"];

export function Changes({ projectId, sourceId }: { projectId: string; sourceId: string }) {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={classes.opening} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><h2>{t.changes}</h2></summary>
      {isOpen && <Readings projectId={projectId} sourceId={sourceId} />}
    </details>
  );
}

function Readings({ projectId, sourceId }: { projectId: string; sourceId: string }) {
  const t = useTexts(texts);
  const [since, setSince] = useState("");
  const { data, error, refetch } = useQuery(syncsQuery(projectId, sourceId));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={3} />;
  const earlier = data.items.slice(1).map(({ id, created_at: at }) => ({ value: id, label: `${dateTime(at)} (${ago(at)})` }));
  return (
    <div className={classes.box}>
      {earlier.length > 0 && <NativeSelect label={t.since} value={since} onChange={(event) => setSince(event.currentTarget.value)} data={[{ value: "", label: t.choose }, ...earlier]} />}
      {since && <List projectId={projectId} sourceId={sourceId} syncId={since} since />}
      {!since && <ul className={classes.readings}>{data.items.map((sync) => <Row key={sync.id} projectId={projectId} sourceId={sourceId} sync={sync} />)}</ul>}
    </div>
  );
}

function Row({ projectId, sourceId, sync }: { projectId: string; sourceId: string; sync: Sync }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const [isOpen, setOpen] = useState(false);
  const causes: Record<string, string> = { added: t.causeAdded, manual: t.causeManual, scheduled: t.causeScheduled, retry: t.causeRetry };
  const ends: Record<string, string> = { done: t.ended, failed: t.endedFailed, cancelled: t.endedCancelled };
  const changed = sync.added + sync.changed + sync.removed + sync.failed + sync.removals_held;
  return (
    <li>
      <div><strong>{dateTime(sync.created_at)}</strong> <span className={classes.note}>{causes[sync.cause] ?? sync.cause} · {isRunning(sync) ? runningState(sync, s) : ends[sync.state]}</span></div>
      {!isRunning(sync) && <p className={classes.note}>{tally(sync, t)}</p>}
      {sync.error && <p className={classes.reason}>{sync.error}</p>}
      {changed > 0 && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t.oneReading}</summary>
          {isOpen && <List projectId={projectId} sourceId={sourceId} syncId={sync.id} since={false} />}
        </details>
      )}
    </li>
  );
}

function List({ projectId, sourceId, syncId, since }: { projectId: string; sourceId: string; syncId: string; since: boolean }) {
  const t = useTexts(texts);
  const e = useTexts(everywhere);
  const query = useInfiniteQuery(changesQuery(projectId, sourceId, syncId, since));
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Loading rows={3} />;
  const all = query.data.pages.flatMap(({ items }) => items).sort(compared);
  return (
    <>
      <ul className={classes.changes}>
        {all.map((one) => <ChangeRow key={`${one.page_id} ${one.change}`} change={one} />)}
        {all.length === 0 && <li className={classes.note}>{t.nothingChanged}</li>}
      </ul>
      {query.hasNextPage && <Button mt="sm" size="xs" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{e.more}</Button>}
    </>
  );
}

function ChangeRow({ change }: { change: Change }) {
  const t = useTexts(texts);
  const states: Record<Change["change"], State> = {
    added: { tone: "good", text: t.isNew },
    changed: { tone: "good", text: t.isChanged },
    removed: { tone: "calm", text: t.isRemoved },
    failed: { tone: "bad", text: t.isFailed },
    held: { tone: "warn", text: t.isHeld },
  };
  const passages = [change.chunks_added ? t.passagesNew(change.chunks_added) : "", change.chunks_removed ? t.passagesOld(change.chunks_removed) : ""].filter(Boolean);
  return (
    <li>
      <div className={classes.head}><Outside href={change.url}>{change.title || change.url}</Outside><Mark state={states[change.change]} /></div>
      {passages.length > 0 && <span className={classes.note}>{t.passages(passages.join(", "))}</span>}
      {change.reason && <span className={classes.note}>{change.reason}</span>}
    </li>
  );
}

const compared = (one: Change, other: Change) => ORDER.indexOf(one.change) - ORDER.indexOf(other.change) || one.url.localeCompare(other.url, "en", { numeric: true });
