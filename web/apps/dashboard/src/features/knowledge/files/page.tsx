/** Files and texts: adding them, and what became of each. */
import { ActionIcon, NativeSelect, TextInput } from "@mantine/core";
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { useMay } from "../../../api/queries.ts";
import { useCommands } from "../../../app/commands.ts";
import { ApiCalls } from "../../../parts/apicalls.tsx";
import { removeLater, useHidden } from "../../../parts/hidden.ts";
import { Icon } from "../../../parts/icons.tsx";
import { Moment } from "../../../parts/moment.tsx";
import { Empty } from "../../../parts/states.tsx";
import { number } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import list from "../list.module.css";
import { Mark } from "../mark.tsx";
import { Listing } from "../pages/list.tsx";
import { Viewer } from "../pages/viewer.tsx";
import { DOCUMENT_STATES, filesQuery, removeAt, sourcesQuery } from "../queries.ts";
import type { FilesSearch } from "../routes.ts";
import { useSourceActions } from "../sources/actions.ts";
import { documentState, type Source, type StoredDocument } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { Drop } from "./drop.tsx";
import { texts } from "./texts.ts";
import { Uploads } from "./uploads.tsx";

export function FilesPage() {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const { projectId } = useParams({ from: "/p/$projectId/knowledge" });
  const search = useSearch({ from: "/p/$projectId/knowledge/files" });
  const navigate = useNavigate({ from: "/p/$projectId/knowledge/files" });
  const canWrite = useMay()("knowledge:write");
  const hidden = useHidden();
  const sources = useSuspenseQuery(sourcesQuery(projectId)).data;
  const query = useInfiniteQuery(filesQuery(projectId, search));
  const shown = query.data?.pages.flatMap(({ items }) => items).filter(({ id, source_id: of }) => !hidden.has(id) && !hidden.has(of)) ?? [];
  const isEmpty = Boolean(query.data) && !shown.length && !search.q && !search.status;
  const change = (part: FilesSearch, replace = true) => void navigate({ search: (before) => ({ ...before, ...part }), replace });
  return (
    <>
      {canWrite && <Drop projectId={projectId} />}
      <Uploads projectId={projectId} />
      {isEmpty && <Empty icon="file" title={t.none}>{canWrite ? t.noneText : t.nobody}</Empty>}
      {!isEmpty && (
        <>
          <Filters projectId={projectId} search={search} change={change} />
          <Listing query={query} label={t.listed} nothing={shown.length ? "" : s.nothingFound}>
            {shown.map((one) => (
              <Row key={one.id} document={one} source={sources.find(({ id }) => id === one.source_id)} projectId={projectId} canWrite={canWrite} isOpen={one.id === search.open} open={() => change({ open: one.id, passage: undefined }, false)} />
            ))}
          </Listing>
        </>
      )}
      <Viewer projectId={projectId} id={search.open} passage={search.passage} mark={(passage) => change({ passage })} close={() => change({ open: undefined, passage: undefined })} />
      <ApiCalls
        calls={[
          { method: "POST", path: `/v1/projects/${projectId}/texts`, body: { title: "Opening hours", content: "We open at nine." } },
          { method: "GET", path: `/v1/projects/${projectId}/documents` },
        ]}
      />
    </>
  );
}

function Filters({ projectId, search, change }: { projectId: string; search: FilesSearch; change: (part: FilesSearch) => void }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const field = useRef<HTMLInputElement>(null);
  const { data } = useInfiniteQuery(filesQuery(projectId, search));
  const counts = data?.pages[0]?.counts;
  useCommands([{ id: "search-files", label: t.search, group: t.listed, keys: "/", run: () => field.current?.focus() }]);
  const name = (one: (typeof DOCUMENT_STATES)[number]) => documentState(one, s).text;
  return (
    <div className={list.below}>
      <TextInput ref={field} className={list.search} type="search" label={t.search} placeholder={t.searchExample} leftSection={<Icon name="search" size={16} />} dir="auto" maxLength={200} value={search.q ?? ""} onChange={(event) => change({ q: event.currentTarget.value || undefined })} />
      <NativeSelect
        label={t.state}
        value={search.status ?? ""}
        onChange={(event) => change({ status: DOCUMENT_STATES.find((one) => one === event.currentTarget.value) })}
        data={[{ value: "", label: s.all }, ...DOCUMENT_STATES.map((one) => ({ value: one, label: counts ? `${name(one)} (${number(counts[one])})` : name(one) }))]}
      />
    </div>
  );
}

type RowProps = { document: StoredDocument; source: Source | undefined; projectId: string; canWrite: boolean; isOpen: boolean; open: () => void };

function Row({ document, source, projectId, canWrite, isOpen, open }: RowProps) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const { remove } = useSourceActions(projectId);
  const name = document.title || document.path;
  const isAlone = source?.kind === "file" || source?.kind === "text";
  // A source of one document goes with it.
  const leave = () => (source && isAlone ? remove(source) : removeLater(document.id, s.removed(name), () => removeAt(projectId, `documents/${document.id}`)));
  return (
    <li className={list.row} data-open={isOpen || undefined}>
      <div className={list.body}>
        <div className={list.head}>
          <button type="button" className={list.name} dir="auto" onClick={open}>{name}</button>
          <Mark state={documentState(document.status, s)} />
        </div>
        {document.error && <p className={list.reason}>{document.error}</p>}
        {document.note && <p className={list.note}>{document.note}</p>}
        <p className={list.note}>
          {isAlone && `${s[source.kind]} · `}
          {source && !isAlone && <>{t.partOf} <Link to="/p/$projectId/knowledge/sources/$sourceId" params={{ projectId, sourceId: source.id }} dir="auto">{source.name}</Link> · </>}
          {document.chunk_count > 0 && `${s.passages(document.chunk_count)} · `}
          <Moment at={document.created_at} />
        </p>
      </div>
      {canWrite && <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${s.remove}: ${name}`} onClick={leave}><Icon name="trash" size={16} /></ActionIcon>}
    </li>
  );
}
