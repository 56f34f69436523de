/** What is known of a project's knowledge, and how it is changed. */
import { Problem } from "@answerdesk/api";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data, every } from "../../api/client.ts";
import { queryClient } from "../../api/queries.ts";
import { authorised } from "../../session/session.ts";
import { isBusy } from "./states.ts";

const BUSY_MS = 2000;
const AT_ONCE = 50;

const of = (projectId: string) => ({ project_id: projectId });
const first = undefined as string | undefined;
const following = (part: { next_cursor?: string | null }) => part.next_cursor ?? undefined;

export const sourcesQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["knowledge", projectId, "sources"],
    queryFn: () => every((cursor) => data(api.GET("/v1/projects/{project_id}/sources", { params: { path: of(projectId), query: { limit: 200, cursor } } }))),
    refetchInterval: ({ state }) => (state.data?.some(isBusy) ? BUSY_MS : false),
  });

/** One source, with the tag that its next change has to name. */
export const sourceQuery = (projectId: string, sourceId: string) =>
  queryOptions({
    queryKey: ["knowledge", projectId, "source", sourceId],
    queryFn: async () => {
      const found = await api.GET("/v1/projects/{project_id}/sources/{source_id}", { params: { path: { ...of(projectId), source_id: sourceId } } });
      return { source: await data(Promise.resolve(found)), tag: found.response.headers.get("ETag") ?? "" };
    },
    refetchInterval: ({ state }) => (state.data && isBusy(state.data.source) ? BUSY_MS / 2 : false),
  });

export const syncsQuery = (projectId: string, sourceId: string) =>
  queryOptions({
    queryKey: ["knowledge", projectId, "source", sourceId, "syncs"],
    queryFn: () => data(api.GET("/v1/projects/{project_id}/sources/{source_id}/syncs", { params: { path: { ...of(projectId), source_id: sourceId }, query: { limit: 10 } } })),
  });

/** What one reading of a website has changed, or all readings since it. */
export const changesQuery = (projectId: string, sourceId: string, syncId: string, since: boolean) =>
  infiniteQueryOptions({
    queryKey: ["knowledge", projectId, "source", sourceId, "changes", syncId, since],
    queryFn: ({ pageParam: cursor }) => {
      const path = { ...of(projectId), source_id: sourceId };
      return since
        ? data(api.GET("/v1/projects/{project_id}/sources/{source_id}/changes", { params: { path, query: { since: syncId, limit: 200, cursor } } }))
        : data(api.GET("/v1/projects/{project_id}/sources/{source_id}/syncs/{sync_id}/changes", { params: { path: { ...path, sync_id: syncId }, query: { limit: 200, cursor } } }));
    },
    initialPageParam: first,
    getNextPageParam: following,
  });

export const PAGE_STATES = ["good", "failed", "skipped", "found", "gone"] as const;
export type PageState = (typeof PAGE_STATES)[number];

export type PageFilter = { source?: string; q?: string; state?: PageState };

/** Pages of one website or of all, with how many there are in each state. */
export const pagesQuery = (projectId: string, { source, q, state }: PageFilter) =>
  infiniteQueryOptions({
    queryKey: ["knowledge", projectId, "pages", { source, q, state }],
    queryFn: ({ pageParam: cursor }) =>
      data(api.GET("/v1/projects/{project_id}/pages", { params: { path: of(projectId), query: { source_id: source, q, state, limit: AT_ONCE, cursor } } })),
    initialPageParam: first,
    getNextPageParam: following,
    // While somebody types, the last result stays.
    placeholderData: (before) => before,
  });

export const DOCUMENT_STATES = ["pending", "ready", "failed"] as const;
export type DocumentState = (typeof DOCUMENT_STATES)[number];
export type DocumentFilter = { q?: string; status?: DocumentState };

/** The files and texts, with how many there are in each state. */
export const filesQuery = (projectId: string, { q, status }: DocumentFilter) =>
  infiniteQueryOptions({
    queryKey: ["knowledge", projectId, "files", { q, status }],
    queryFn: ({ pageParam: cursor }) =>
      data(api.GET("/v1/projects/{project_id}/documents", { params: { path: of(projectId), query: { q, status, limit: AT_ONCE, cursor } } })),
    initialPageParam: first,
    getNextPageParam: following,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.counts?.pending ? BUSY_MS : false),
    placeholderData: (before) => before,
  });

/** What a document, which may be a page's, is searched by. */
export const passagesQuery = (projectId: string, documentId: string) =>
  infiniteQueryOptions({
    queryKey: ["knowledge", projectId, "document", documentId, "passages"],
    queryFn: ({ pageParam: cursor }) =>
      data(api.GET("/v1/projects/{project_id}/documents/{document_id}/passages", { params: { path: { ...of(projectId), document_id: documentId }, query: { limit: AT_ONCE, cursor } } })),
    initialPageParam: first,
    getNextPageParam: following,
  });

export const documentsQuery = (projectId: string, sourceId: string) =>
  infiniteQueryOptions({
    queryKey: ["knowledge", projectId, "source", sourceId, "documents"],
    queryFn: ({ pageParam: cursor }) =>
      data(api.GET("/v1/projects/{project_id}/sources/{source_id}/documents", { params: { path: { ...of(projectId), source_id: sourceId }, query: { limit: AT_ONCE, cursor } } })),
    initialPageParam: first,
    getNextPageParam: following,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(({ status }) => status === "pending")) ? BUSY_MS : false),
  });

export const pageQuery = (projectId: string, pageId: string) =>
  queryOptions({
    queryKey: ["knowledge", projectId, "page", pageId],
    queryFn: () => data(api.GET("/v1/projects/{project_id}/pages/{page_id}", { params: { path: { ...of(projectId), page_id: pageId } } })),
  });

export const documentQuery = (projectId: string, documentId: string) =>
  queryOptions({
    queryKey: ["knowledge", projectId, "document", documentId],
    queryFn: () => data(api.GET("/v1/projects/{project_id}/documents/{document_id}", { params: { path: { ...of(projectId), document_id: documentId } } })),
  });

/** The answers that used a page, or a document. */
export const answersQuery = (projectId: string, id: string) =>
  queryOptions({
    queryKey: ["knowledge", projectId, "answers", id],
    queryFn: () =>
      id.startsWith("page_")
        ? data(api.GET("/v1/projects/{project_id}/pages/{page_id}/answers", { params: { path: { ...of(projectId), page_id: id }, query: { limit: 20 } } }))
        : data(api.GET("/v1/projects/{project_id}/documents/{document_id}/answers", { params: { path: { ...of(projectId), document_id: id }, query: { limit: 20 } } })),
  });

/** Something of a project's knowledge has changed: ask again what is shown. */
export const refresh = (projectId: string) => queryClient.invalidateQueries({ queryKey: ["knowledge", projectId] });

export async function startSync(projectId: string, sourceId: string, body: { only_failed?: boolean; confirm_removals?: boolean } = {}): Promise<void> {
  const path = { ...of(projectId), source_id: sourceId };
  await api.POST("/v1/projects/{project_id}/sources/{source_id}/syncs", { params: { path }, body: { only_failed: false, confirm_removals: false, ...body } });
  await refresh(projectId);
}

export async function cancelSync(projectId: string, sourceId: string, syncId: string): Promise<void> {
  const path = { ...of(projectId), source_id: sourceId, sync_id: syncId };
  await api.POST("/v1/projects/{project_id}/sources/{source_id}/syncs/{sync_id}/cancel", { params: { path } });
  await refresh(projectId);
}

/** Have one page read again that could not be read, and no other one. */
export async function retryPage(projectId: string, pageId: string): Promise<void> {
  await api.POST("/v1/projects/{project_id}/pages/{page_id}/retry", { params: { path: { ...of(projectId), page_id: pageId } } });
}

/** Remove a thing by its path; it works while the page is being left. */
export async function removeAt(projectId: string, path: string): Promise<void> {
  await authorised(`/v1/projects/${projectId}/${path}`, { method: "DELETE", keepalive: true });
  await refresh(projectId);
}

/** Whether somebody else has changed a thing since it was read. */
export const isStale = (error: unknown) => error instanceof Problem && error.status === 412;

export type ItemFilter = { q?: string; category?: string; tag?: string };

export const itemsQuery = (projectId: string, { q, category, tag }: ItemFilter) =>
  infiniteQueryOptions({
    queryKey: ["knowledge", projectId, "items", { q, category, tag }],
    queryFn: ({ pageParam: cursor }) =>
      data(api.GET("/v1/projects/{project_id}/items", { params: { path: of(projectId), query: { query: q, category, tag, limit: AT_ONCE, cursor } } })),
    initialPageParam: first,
    getNextPageParam: following,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(({ status }) => status === "pending")) ? BUSY_MS : false),
    // While somebody types, the last result stays.
    placeholderData: (before) => before,
  });

/** A question with its answer, and the tag that its next change has to name. */
export const itemQuery = (projectId: string, itemId: string) =>
  queryOptions({
    queryKey: ["knowledge", projectId, "item", itemId],
    queryFn: async () => {
      const found = await api.GET("/v1/projects/{project_id}/items/{item_id}", { params: { path: { ...of(projectId), item_id: itemId } } });
      return { item: await data(Promise.resolve(found)), tag: found.response.headers.get("ETag") ?? "" };
    },
    // Somebody may be typing into it.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export const categoriesQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["knowledge", projectId, "categories"],
    queryFn: () => every((cursor) => data(api.GET("/v1/projects/{project_id}/items/categories", { params: { path: of(projectId), query: { limit: 200, cursor } } }))),
  });

export const synonymsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["knowledge", projectId, "synonyms"],
    queryFn: () => every((cursor) => data(api.GET("/v1/projects/{project_id}/synonyms", { params: { path: of(projectId), query: { limit: 200, cursor } } }))),
  });
