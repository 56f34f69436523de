/** The pages of the websites, each with its state. */
import { NativeSelect, TextInput } from "@mantine/core";
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { useCommands } from "../../../app/commands.ts";
import { ApiCalls } from "../../../parts/apicalls.tsx";
import { Icon } from "../../../parts/icons.tsx";
import { Empty } from "../../../parts/states.tsx";
import { number } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import list from "../list.module.css";
import { PAGE_STATES, type PageFilter, type PageState, pagesQuery, sourcesQuery } from "../queries.ts";
import { useFreshLists } from "../sources/fresh.ts";
import { isWeb } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { PageList } from "./list.tsx";
import { texts } from "./texts.ts";
import { Viewer } from "./viewer.tsx";

export function PagesPage() {
  const t = useTexts(texts);
  const { projectId } = useParams({ from: "/p/$projectId/knowledge" });
  const search = useSearch({ from: "/p/$projectId/knowledge/pages" });
  const navigate = useNavigate({ from: "/p/$projectId/knowledge/pages" });
  const field = useRef<HTMLInputElement>(null);
  const websites = useSuspenseQuery(sourcesQuery(projectId)).data.filter(isWeb);
  useFreshLists(projectId, websites);
  useCommands(websites.length ? [{ id: "search-pages", label: t.search, group: t.listed, keys: "/", run: () => field.current?.focus() }] : []);
  if (!websites.length) return <Empty icon="globe" title={t.none}>{t.noneText}</Empty>;
  const source = websites.find(({ id }) => id === search.source)?.id;
  const filter = { source, q: search.q, state: search.status };
  const change = (part: Partial<typeof search>, replace = true) => void navigate({ search: (before) => ({ ...before, ...part }), replace });
  const asked = new URLSearchParams(Object.entries({ source_id: source, q: search.q, state: search.status }).filter((one): one is [string, string] => Boolean(one[1])));
  return (
    <>
      <div className={list.filters}>
        <TextInput ref={field} className={list.search} type="search" label={t.search} placeholder={t.searchExample} leftSection={<Icon name="search" size={16} />} dir="auto" maxLength={200} value={search.q ?? ""} onChange={(event) => change({ q: event.currentTarget.value || undefined })} />
        {websites.length > 1 && <NativeSelect label={t.source} value={source ?? ""} onChange={(event) => change({ source: event.currentTarget.value || undefined })} data={[{ value: "", label: t.allWebsites }, ...websites.map(({ id, name }) => ({ value: id, label: name }))]} />}
        <PageStates projectId={projectId} filter={filter} change={(status) => change({ status })} />
      </div>
      <PageList projectId={projectId} filter={filter} opened={search.open} open={(open) => change({ open, passage: undefined }, false)} />
      <Viewer projectId={projectId} id={search.open} passage={search.passage} mark={(passage) => change({ passage })} close={() => change({ open: undefined, passage: undefined })} />
      <ApiCalls calls={[{ method: "GET", path: `/v1/projects/${projectId}/pages${asked.size ? `?${asked}` : ""}` }]} />
    </>
  );
}

/** Which state is listed; each tells how many pages are in it. */
export function PageStates({ projectId, filter, change }: { projectId: string; filter: PageFilter; change: (state: PageState | undefined) => void }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const { data } = useInfiniteQuery(pagesQuery(projectId, filter));
  const counts = data?.pages[0]?.counts;
  const names = { good: s.good, failed: s.pageFailed, skipped: s.skipped, found: s.found, gone: s.gone };
  return (
    <NativeSelect
      label={t.state}
      value={filter.state ?? ""}
      onChange={(event) => change(PAGE_STATES.find((one) => one === event.currentTarget.value))}
      data={[{ value: "", label: s.all }, ...PAGE_STATES.map((one) => ({ value: one, label: counts ? `${names[one]} (${number(counts[one])})` : names[one] }))]}
    />
  );
}
