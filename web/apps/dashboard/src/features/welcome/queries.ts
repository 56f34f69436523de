import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data, type Schemas } from "../../api/client.ts";
import { projectsQuery, queryClient } from "../../api/queries.ts";
import { authorised } from "../../session/session.ts";
import { nameOf } from "./steps.ts";

export type Source = Schemas["SourceOut"];
export type Sync = Schemas["SyncOut"];
export type StoredDocument = Schemas["DocumentOut"];

export type Installation = Schemas["InstallationOut"];

const LOOK_MS = 1500;
const SYNC_HOURS = 24;
const RUNNING = new Set(["queued", "fetching", "indexing"]);

export const isRunning = (sync: Sync | null) => sync !== null && RUNNING.has(sync.state);
/** Whether something is still being read. */
export const isBusy = ({ last_sync: sync, pending }: Source) => isRunning(sync) || pending > 0;

/** Whether the installation has an owner, who may sign up, and whether it sends mail. */
export const installationQuery = queryOptions({
  queryKey: ["installation"],
  queryFn: () => data(api.GET("/v1/installation")),
});

/** The project's sources, looked at again and again while one is being read. */
export const sourcesQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["welcome", projectId, "sources"],
    queryFn: async () => (await data(api.GET("/v1/projects/{project_id}/sources", { params: { path: { project_id: projectId }, query: { limit: 50 } } }))).items,
    refetchInterval: ({ state }) => (state.data?.some(isBusy) ? LOOK_MS : false),
  });

/** Of one source: the documents that were read last, and pages that could not be read. */
export const readQuery = (projectId: string, source: Source) =>
  queryOptions({
    // Once it has ended, it is looked at a last time.
    queryKey: ["welcome", projectId, "read", source.id, isBusy(source)],
    queryFn: async () => {
      const path = { project_id: projectId, source_id: source.id };
      const [documents, failed] = await Promise.all([
        data(api.GET("/v1/projects/{project_id}/sources/{source_id}/documents", { params: { path, query: { limit: 200 } } })),
        source.kind === "site" || source.kind === "page" ? data(api.GET("/v1/projects/{project_id}/sources/{source_id}/pages", { params: { path, query: { state: "failed", limit: 20 } } })) : null,
      ]);
      return { documents: documents.items, failed: failed?.items ?? [] };
    },
    refetchInterval: isBusy(source) ? LOOK_MS : false,
    placeholderData: keepPreviousData,
  });

export async function createProject(name: string): Promise<Schemas["ProjectOut"]> {
  const made = await data(api.POST("/v1/projects", { body: { name } as Schemas["ProjectIn"] }));
  await queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey, exact: true });
  return made;
}

/**
 * Add a website instead of those that could not be read at all: they are removed, and a project
 * that was called after one of them is called after the new one.
 */
export async function addSite(project: { id: string; name: string } | null, projectId: string, url: string): Promise<void> {
  const path = { project_id: projectId };
  const { items } = await data(api.GET("/v1/projects/{project_id}/sources", { params: { path, query: { limit: 50 } } }));
  await api.POST("/v1/projects/{project_id}/sources", { params: { path }, body: { kind: "site", url, include: [], exclude: [], sync_every_hours: SYNC_HOURS } });
  const failed = items.filter((one) => one.url !== url && one.last_sync?.state === "failed" && one.ready + one.pending === 0);
  for (const { id } of failed) await api.DELETE("/v1/projects/{project_id}/sources/{source_id}", { params: { path: { ...path, source_id: id } } });
  if (!failed.some((one) => nameOf(one.url) === project?.name)) return;
  await api.PATCH("/v1/projects/{project_id}", { params: { path }, body: { name: nameOf(url) } });
  await queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey });
}

export async function addFile(projectId: string, file: File): Promise<StoredDocument> {
  const form = new FormData();
  form.append("file", file);
  return (await authorised(`/v1/projects/${encodeURIComponent(projectId)}/files`, { method: "POST", body: form })).json();
}

export const forgetRead = (projectId: string) => queryClient.invalidateQueries({ queryKey: ["welcome", projectId] });
