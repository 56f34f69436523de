/** What a document is searched by, passage by passage. The address can mark one. */
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Schemas } from "../../../api/client.ts";
import { Outside } from "../../../parts/outside.tsx";
import { Failure, Loading } from "../../../parts/states.tsx";
import { texts as everywhere } from "../../../parts/texts.ts";
import { number } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import list from "../list.module.css";
import { passagesQuery } from "../queries.ts";
import { texts } from "./texts.ts";
import classes from "./viewer.module.css";

type Passage = Schemas["DocumentPassageOut"];

export type Marking = { passage: string | undefined; mark: (passage: string | undefined) => void };

export function Passages({ projectId, documentId, url, passage, mark }: { projectId: string; documentId: string; url: string | null } & Marking) {
  const t = useTexts(texts);
  const e = useTexts(everywhere);
  const query = useInfiniteQuery(passagesQuery(projectId, documentId));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const items = query.data?.pages.flatMap((part) => part.items) ?? [];
  const isMissing = Boolean(passage) && !items.some(({ id }) => id === passage);
  useEffect(() => {
    if (isMissing && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isMissing, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.isPending) return <Loading rows={3} />;
  return (
    <section aria-labelledby="passages">
      <h3 id="passages" className={classes.title}>{t.searchedBy}</h3>
      {items.length === 0 && <p className={list.note}>{t.noPassages}</p>}
      {items.length > 0 && isMissing && !hasNextPage && <p className={list.note} role="status">{t.passageGone}</p>}
      <ol className={classes.passages}>
        {items.map((one) => <Row key={one.id} passage={one} url={url} isMarked={one.id === passage} mark={mark} />)}
      </ol>
      {hasNextPage && <div className={list.more}><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{e.more}</Button></div>}
    </section>
  );
}

function Row({ passage, url, isMarked, mark }: { passage: Passage; url: string | null; isMarked: boolean; mark: Marking["mark"] }) {
  const t = useTexts(texts);
  const { id, place, heading_path: headings, anchor, text } = passage;
  return (
    <li ref={isMarked ? show : undefined} aria-current={isMarked || undefined}>
      <p className={classes.path}>
        <button type="button" className={classes.marker} aria-pressed={isMarked} aria-label={t.markPassage(place + 1)} onClick={() => mark(isMarked ? undefined : id)}>{number(place + 1)}</button>
        <span dir="auto">{headings.join(" › ")}</span>
        {url && anchor && <Outside href={`${url}#${anchor.replace(/^#/, "")}`}>{t.there}</Outside>}
      </p>
      <p className={classes.passage} dir="auto">{text}</p>
    </li>
  );
}

const show = (row: HTMLElement | null) => row?.scrollIntoView({ block: "nearest" });
