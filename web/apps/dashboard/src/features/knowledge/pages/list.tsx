/** Pages of a website, and the documents of other sources, in plain elements: there can be many. */
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Moment } from "../../../parts/moment.tsx";
import { Outside } from "../../../parts/outside.tsx";
import { Failure, Loading } from "../../../parts/states.tsx";
import { texts as everywhere } from "../../../parts/texts.ts";
import { useTexts } from "../../../texts/index.ts";
import classes from "../list.module.css";
import { Mark } from "../mark.tsx";
import { documentsQuery, type PageFilter, pagesQuery } from "../queries.ts";
import { documentState, pageState, shortened, type StoredDocument, type WebPage } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { RetryPage } from "./retry.tsx";
import { texts } from "./texts.ts";

type Choice = { opened: string | undefined; open: (id: string) => void };

export function PageList({ projectId, filter, ...choice }: { projectId: string; filter: PageFilter } & Choice) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const query = useInfiniteQuery(pagesQuery(projectId, filter));
  const items = query.data?.pages.flatMap((part) => part.items) ?? [];
  return (
    <Listing query={query} label={t.listed} nothing={items.length ? "" : filter.q ? s.nothingFound : filter.state ? t.noneInState : t.nothingYet}>
      {items.map((page) => <PageRow key={page.id} projectId={projectId} page={page} {...choice} />)}
    </Listing>
  );
}

export function DocumentList({ projectId, sourceId, ...choice }: { projectId: string; sourceId: string } & Choice) {
  const t = useTexts(texts);
  const query = useInfiniteQuery(documentsQuery(projectId, sourceId));
  const items = query.data?.pages.flatMap((part) => part.items) ?? [];
  return (
    <Listing query={query} label={t.documents} nothing={items.length ? "" : t.nothingYet}>
      {items.map((document) => <DocumentRow key={document.id} document={document} {...choice} />)}
    </Listing>
  );
}

type Query = { isPending: boolean; error: unknown; refetch: () => unknown; hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

/** A list that goes on as often as somebody wants more. */
export function Listing({ query, label, nothing, children }: { query: Query; label: string; nothing: string; children: ReactNode }) {
  const t = useTexts(everywhere);
  if (query.isPending) return <Loading />;
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return (
    <>
      <ul className={classes.list} aria-label={label}>
        {children}
        {nothing && <li className={classes.nothing}>{nothing}</li>}
      </ul>
      {query.hasNextPage && <div className={classes.more}><Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t.more}</Button></div>}
    </>
  );
}

function PageRow({ projectId, page, opened, open }: { projectId: string; page: WebPage } & Choice) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const state = pageState(page, s);
  return (
    <li className={classes.row} data-open={page.id === opened || undefined}>
      <div className={classes.body}>
        <div className={classes.head}>
          <button type="button" className={classes.name} dir="auto" onClick={() => open(page.id)}>{page.title || shortened(page.url)}</button>
          <Mark state={state} />
        </div>
        {page.reason && <p className={state.tone === "calm" ? classes.note : classes.reason}>{page.reason}{page.state === "failed" && page.chunk_count ? ` ${t.kept}` : ""}</p>}
        {page.state === "failed" && page.linked_from && <p className={classes.note}>{t.linkedFrom} <Outside href={page.linked_from}>{shortened(page.linked_from)}</Outside></p>}
        <p className={classes.note}>
          {page.title && <><Outside href={page.url}>{shortened(page.url)}</Outside> · </>}
          {page.chunk_count ? `${s.passages(page.chunk_count)} · ` : ""}
          {page.gone_at ? <>{t.goneSince} <Moment at={page.gone_at} /></> : page.changed_at ? <>{t.changed} <Moment at={page.changed_at} /></> : page.last_seen_at && <>{t.seen} <Moment at={page.last_seen_at} /></>}
        </p>
      </div>
      <RetryPage projectId={projectId} page={page} />
    </li>
  );
}

function DocumentRow({ document, opened, open }: { document: StoredDocument } & Choice) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  return (
    <li className={classes.row} data-open={document.id === opened || undefined}>
      <div className={classes.body}>
        <div className={classes.head}>
          <button type="button" className={classes.name} dir="auto" onClick={() => open(document.id)}>{document.title || document.path}</button>
          <Mark state={documentState(document.status, s)} />
        </div>
        {document.title && document.title !== document.path && <p className={classes.note} dir="auto">{document.path}</p>}
        {document.error && <p className={classes.reason}>{document.error}</p>}
        {document.note && <p className={classes.note}>{document.note}</p>}
        <p className={classes.note}>{s.passages(document.chunk_count)} · {t.changed} <Moment at={document.changed_at} /></p>
      </div>
    </li>
  );
}
