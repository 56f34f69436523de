/** The pages of the websites, each with its state. */
import { NativeSelect } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ApiCalls } from "../../../parts/apicalls.tsx";
import { Empty } from "../../../parts/states.tsx";
import { useTexts } from "../../../texts/index.ts";
import list from "../list.module.css";
import { PAGE_STATES, type PageState, sourcesQuery } from "../queries.ts";
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
  const websites = useSuspenseQuery(sourcesQuery(projectId)).data.filter(isWeb);
  const source = websites.find(({ id }) => id === search.source) ?? websites[0];
  if (!source) return <Empty icon="globe" title={t.none}>{t.noneText}</Empty>;
  const change = (part: Partial<typeof search>, replace = true) => void navigate({ search: (before) => ({ ...before, ...part }), replace });
  return (
    <>
      <div className={list.filters}>
        <NativeSelect label={t.source} value={source.id} onChange={(event) => change({ source: event.currentTarget.value })} data={websites.map(({ id, name }) => ({ value: id, label: name }))} />
        <StateSelect value={search.status} change={(status) => change({ status })} />
      </div>
      <PageList projectId={projectId} sourceId={source.id} state={search.status} opened={search.open} open={(open) => change({ open }, false)} />
      <Viewer projectId={projectId} id={search.open} close={() => change({ open: undefined })} />
      <ApiCalls calls={[{ method: "GET", path: `/v1/projects/${projectId}/sources/${source.id}/pages${search.status ? `?state=${search.status}` : ""}` }]} />
    </>
  );
}

export function StateSelect({ value, change }: { value: PageState | undefined; change: (state: PageState | undefined) => void }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const names = { good: s.good, failed: s.pageFailed, skipped: s.skipped, found: s.found, gone: s.gone };
  return (
    <NativeSelect
      label={t.state}
      value={value ?? ""}
      onChange={(event) => change(PAGE_STATES.find((one) => one === event.currentTarget.value))}
      data={[{ value: "", label: s.all }, ...PAGE_STATES.map((one) => ({ value: one, label: names[one] }))]}
    />
  );
}
