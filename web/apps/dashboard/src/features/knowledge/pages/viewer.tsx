/** One page or document beside the list: how it was read, and which answers used it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay } from "../../../api/queries.ts";
import { Outside } from "../../../parts/outside.tsx";
import { Failure, Loading } from "../../../parts/states.tsx";
import { dateTime } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import { Sheet } from "../form.tsx";
import list from "../list.module.css";
import { Mark } from "../mark.tsx";
import { answersQuery, documentQuery, pageQuery } from "../queries.ts";
import { documentState, pageState, shortened, type StoredDocument, type WebPage } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { type Marking, Passages } from "./passages.tsx";
import { RetryPage } from "./retry.tsx";
import { texts } from "./texts.ts";
import classes from "./viewer.module.css";

type ViewerProps = { projectId: string; close: () => void } & Marking;

export function Viewer({ id, ...shown }: { id: string | undefined } & ViewerProps) {
  return id?.startsWith("page_") ? <PageViewer id={id} {...shown} /> : <DocumentViewer id={id} {...shown} />;
}

function PageViewer({ projectId, id, close, ...marking }: { id: string } & ViewerProps) {
  const query = useQuery(pageQuery(projectId, id));
  const page = query.data;
  return (
    <Sheet title={page ? <span dir="auto">{page.title || shortened(page.url)}</span> : "…"} isOpen close={close} wide>
      {query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : page ? <PageDetails page={page} projectId={projectId} {...marking} /> : <Loading />}
    </Sheet>
  );
}

function DocumentViewer({ projectId, id, close, ...marking }: { id: string | undefined } & ViewerProps) {
  const query = useQuery({ ...documentQuery(projectId, id ?? ""), enabled: Boolean(id) });
  const found = query.data;
  return (
    <Sheet title={found ? <span dir="auto">{found.title || found.path}</span> : "…"} isOpen={Boolean(id)} close={close} wide>
      {query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : found ? <DocumentDetails document={found} projectId={projectId} {...marking} /> : <Loading />}
    </Sheet>
  );
}

function PageDetails({ page, projectId, ...marking }: { page: WebPage; projectId: string } & Marking) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const state = pageState(page, s);
  const ways = { start: t.byStart, sitemap: t.bySitemap, link: t.byLink };
  return (
    <div className={classes.viewer}>
      <p className={classes.top}><Mark state={state} /> <Outside href={page.url}>{shortened(page.url)}</Outside> <RetryPage projectId={projectId} page={page} /></p>
      {page.reason && <p className={state.tone === "calm" ? list.note : list.reason}>{page.reason}{page.state === "failed" && page.chunk_count ? ` ${t.kept}` : ""}</p>}
      <Facts
        rows={[
          [t.foundBy, ways[page.found_by]],
          [t.linkedFrom, page.linked_from && <Outside href={page.linked_from}>{shortened(page.linked_from)}</Outside>],
          [t.firstSeen, dateTime(page.first_seen_at)],
          [t.lastFetched, page.fetched_at && dateTime(page.fetched_at)],
          [t.lastChanged, page.changed_at && dateTime(page.changed_at)],
          [t.status, page.http_status],
          [t.redirects, page.redirected_to && <Outside href={page.redirected_to}>{shortened(page.redirected_to)}</Outside>],
          [t.size, page.chunk_count],
        ]}
      />
      <Answers projectId={projectId} id={page.id} />
      {page.document_id && page.chunk_count !== null && <Passages projectId={projectId} documentId={page.document_id} url={page.redirected_to ?? page.url} {...marking} />}
    </div>
  );
}

function DocumentDetails({ document, projectId, ...marking }: { document: StoredDocument; projectId: string } & Marking) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  return (
    <div className={classes.viewer}>
      <p className={classes.top}><Mark state={documentState(document.status, s)} /> {document.url ? <Outside href={document.url}>{shortened(document.url)}</Outside> : <span dir="auto">{document.path}</span>}</p>
      {document.error && <p className={list.reason}>{document.error}</p>}
      {document.note && <p className={list.note}>{document.note}</p>}
      <Facts
        rows={[
          [t.added, dateTime(document.created_at)],
          [t.lastChanged, dateTime(document.changed_at)],
          [t.readAs, document.media_type],
          [t.size, document.chunk_count],
        ]}
      />
      <Answers projectId={projectId} id={document.id} />
      <Passages projectId={projectId} documentId={document.id} url={document.url} {...marking} />
    </div>
  );
}

function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {rows.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}

/** The answers that used it; they show what visitors asked, which not every role may see. */
export function Answers({ projectId, id }: { projectId: string; id: string }) {
  const t = useTexts(texts);
  const canSee = useMay()("conversations:read");
  const { data, error, refetch } = useQuery({ ...answersQuery(projectId, id), enabled: canSee });
  if (!canSee) return <p className={list.note}>{t.hiddenAnswers}</p>;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={3} />;
  if (!data.items.length) return <p className={list.note}>{t.unused}</p>;
  return (
    <section aria-labelledby="used-in">
      <h3 id="used-in" className={classes.title}>{t.usedIn(data.items.length, Boolean(data.next_cursor))}</h3>
      <ul className={classes.answers}>
        {data.items.map((one) => (
          <li key={one.message_id}>
            <p className={classes.question} dir="auto">{one.question}</p>
            <p dir="auto">{one.answer_excerpt}</p>
            <p className={list.note}>{dateTime(one.created_at)} · <Link className={classes.link} to="/inbox" search={{ conversation: one.conversation_id } as object}>{t.conversation}</Link></p>
          </li>
        ))}
      </ul>
    </section>
  );
}
