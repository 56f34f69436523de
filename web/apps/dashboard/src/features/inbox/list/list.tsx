/** The list of conversations, narrowed down by view, search, project and tag. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { projectsQuery } from "../../../api/queries.ts";
import { useCommands } from "../../../app/commands.ts";
import { useStore } from "../../../live/hooks.ts";
import { Failure, Loading } from "../../../parts/states.tsx";
import { useTexts } from "../../../texts/index.ts";
import { useFilters, useInboxAddress } from "../address.ts";
import { isChanged, type SavedView } from "../filters.ts";
import { texts } from "../texts.ts";
import { ChangedView } from "./changedview.tsx";
import { useDrawn } from "./drawn.ts";
import { useEntries } from "./entries.ts";
import { useHeld } from "./held.ts";
import classes from "./list.module.css";
import { Narrowing } from "./narrowing.tsx";
import { Row } from "./row.tsx";
import { useSavedViews } from "./saved.ts";
import { useTelling } from "./telling.ts";
import { Views } from "./views.tsx";

/** A saved view is read before its list; what is not there any more is said. */
export function ConversationList() {
  const t = useTexts(texts);
  const { search } = useInboxAddress();
  const { chosen, isMissing, failure, retry } = useSavedViews();
  if (!search.saved || chosen) return <Listed chosen={chosen} />;
  return (
    <section className={classes.pane} aria-label={t.conversations} data-pane="list">
      <Views />
      <div className={classes.box}>
        {isMissing && <p className={classes.none}>{t.viewGone}</p>}
        {failure !== null && <Failure error={failure} retry={retry} />}
        {!isMissing && failure === null && <div className={classes.loading}><Loading rows={8} /></div>}
      </div>
    </section>
  );
}

function Listed({ chosen }: { chosen: SavedView | undefined }) {
  const t = useTexts(texts);
  const filters = useFilters(chosen?.filters);
  const { data: projects } = useQuery(projectsQuery);
  const { search, change, href } = useInboxAddress();
  const { shown: entries, isLoading, failure, hasMore, more, retry } = useEntries(filters);
  const key = JSON.stringify(filters);
  const { shown, pending, aim, release } = useHeld(entries, key);
  const tell = useTelling();
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const { conversation } = search;
  const ids = shown.map(({ id }) => id);
  const { drawn, reveal } = useDrawn({ box, list, ids, key, stays: useLatest(conversation) });
  const openRef = useRef((_: string) => {});
  openRef.current = (id) => change({ conversation: id, answer: undefined });
  // The same function always, so that rows that say the same are left alone.
  const open = useRef((id: string) => openRef.current(id)).current;
  useSteps({ box, ids, conversation, open, reveal });
  useReturn(box, conversation);
  const isGone = projects !== undefined && filters.project !== undefined && projects.every(({ id }) => id !== filters.project);
  const isNarrow = chosen || filters.q || filters.tag || filters.project;
  const nothing = isNarrow ? t.noMatch : t.none[filters.view];
  const isFirst = isLoading && shown.length === 0;
  return (
    <section className={classes.pane} aria-labelledby="inbox-view" data-pane="list">
      <Views filters={filters} saved={chosen} />
      <Narrowing key={chosen?.id} filters={filters} />
      {chosen && isChanged(filters) && <ChangedView view={chosen} filters={filters} />}
      <div className={classes.box} ref={box} onPointerMove={aim} onPointerLeave={release} aria-busy={isLoading}>
        <h2 id="inbox-view" className={classes.hidden} tabIndex={-1}>{chosen?.name ?? t.view[filters.view]}</h2>
        {pending > 0 && <button type="button" className={classes.pending} onClick={release}>{t.held(pending)}</button>}
        {failure !== null && shown.length === 0 && <Failure error={failure} retry={retry} />}
        {isFirst && <div className={classes.loading}><Loading rows={8} /></div>}
        <ul className={classes.rows} aria-labelledby="inbox-view" ref={list} data-rows={shown.length}>
          {drawn.map(({ index, before, after }) => {
            const entry = shown[index];
            if (!entry) return null;
            const where = { place: index + 1, of: hasMore ? -1 : shown.length, before, after };
            return <Row key={entry.id} {...tell(entry)} {...where} href={href({ conversation: entry.id, answer: undefined })} isOpen={entry.id === conversation} open={open} />;
          })}
        </ul>
        {!isLoading && failure === null && shown.length === 0 && <p className={classes.none}>{isGone ? t.projectGone : nothing}</p>}
        {hasMore && <p className={classes.more}><button type="button" onClick={more} disabled={isLoading}>{t.more}</button></p>}
      </div>
    </section>
  );
}

const linkOf = (box: HTMLElement | null, id: string) => box?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"] > a`);

/** The last conversation that was open: whoever closes it is back at its row. */
function useLatest(conversation: string | undefined): string | undefined {
  const latest = useRef(conversation);
  if (conversation) latest.current = conversation;
  return latest.current;
}

type Steps = {
  box: React.RefObject<HTMLDivElement | null>;
  ids: readonly string[];
  conversation: string | undefined;
  open: (id: string) => void;
  reveal: (id: string) => void;
};

/** `j` and `k`: the next and the one before, opened if one is open, else focused. */
function useSteps({ box, ids, conversation, open, reveal }: Steps): void {
  const t = useTexts(texts);
  const step = (by: 1 | -1) => {
    const focused = document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset.row;
    const from = conversation ?? focused;
    const place = from ? ids.indexOf(from) : -1;
    const next = ids[place < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, place + by))];
    if (!next) return;
    reveal(next);
    const link = linkOf(box.current, next);
    link?.scrollIntoView({ block: "nearest" });
    if (conversation) open(next);
    else link?.focus();
  };
  useCommands([
    { id: "inbox-next", label: t.next, group: t.title, keys: "j", run: () => step(1) },
    { id: "inbox-previous", label: t.previous, group: t.title, keys: "k", run: () => step(-1) },
  ]);
}

/** Whoever closes a conversation is back at its row. */
function useReturn(box: React.RefObject<HTMLDivElement | null>, conversation: string | undefined): void {
  const before = useRef(conversation);
  useStore("gone");
  useEffect(() => {
    const left = before.current;
    before.current = conversation;
    if (conversation || !left) return;
    const row = linkOf(box.current, left);
    // A row that has left the list leaves the others where they are.
    (row ?? box.current?.querySelector<HTMLElement>("h2"))?.focus({ preventScroll: true });
    // What has had the focus all the time may be out of sight.
    row?.scrollIntoView({ block: "nearest" });
  }, [box, conversation]);
}
