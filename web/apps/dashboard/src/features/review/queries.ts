/** What conversations teach, and how it is decided about. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data, type Schemas } from "../../api/client.ts";
import { queryClient } from "../../api/queries.ts";
import { authorised } from "../../session/session.ts";

export type Draft = Schemas["ItemDraftOut"];
export type Question = Schemas["OpenQuestionOut"];

export const STATUSES = ["pending", "approved", "rejected"] as const;
export type DraftStatus = (typeof STATUSES)[number];
export const KINDS = ["unanswered", "negative"] as const;
export type QuestionKind = (typeof KINDS)[number];

/** So many at once, and so far the tabs count. */
export const AT_ONCE = 100;

const first = undefined as string | undefined;
const following = (part: { next_cursor?: string | null }) => part.next_cursor ?? undefined;

export const draftsQuery = (projectId: string, status: DraftStatus) =>
  infiniteQueryOptions({
    queryKey: ["review", projectId, "drafts", status],
    queryFn: ({ pageParam: cursor }) =>
      data(api.GET("/v1/projects/{project_id}/item-drafts", { params: { path: { project_id: projectId }, query: { status, limit: AT_ONCE, cursor } } })),
    initialPageParam: first,
    getNextPageParam: following,
  });

/** One draft, and the tag that a decision about it has to name. */
export const draftQuery = (projectId: string, draftId: string) =>
  queryOptions({
    queryKey: ["review", projectId, "draft", draftId],
    queryFn: () => readDraft(projectId, draftId),
    // Somebody may be typing into it.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export async function readDraft(projectId: string, draftId: string): Promise<{ draft: Draft; tag: string }> {
  const path = { project_id: projectId, draft_id: draftId };
  const found = await api.GET("/v1/projects/{project_id}/item-drafts/{draft_id}", { params: { path } });
  return { draft: await data(Promise.resolve(found)), tag: found.response.headers.get("ETag") ?? "" };
}

export const questionsQuery = (projectId: string, kind: QuestionKind | undefined) =>
  infiniteQueryOptions({
    queryKey: ["review", projectId, "questions", kind],
    queryFn: ({ pageParam: cursor }) =>
      data(api.GET("/v1/projects/{project_id}/open-questions", { params: { path: { project_id: projectId }, query: { kind, limit: AT_ONCE, cursor } } })),
    initialPageParam: first,
    getNextPageParam: following,
  });

export const conversationQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ["review", "conversation", conversationId],
    queryFn: () => data(api.GET("/v1/conversations/{conversation_id}", { params: { path: { conversation_id: conversationId }, query: { limit: 50 } } })),
  });

/** Something was decided: the lists and the questions of the knowledge are other ones now. */
export async function refresh(projectId: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ["review", projectId, "drafts"] }),
    queryClient.invalidateQueries({ queryKey: ["review", projectId, "questions"] }),
    queryClient.invalidateQueries({ queryKey: ["knowledge", projectId] }),
  ]);
}

/** Decide about something by its path; it works while the page is being left. */
export async function decide(projectId: string, path: string, tag?: string): Promise<void> {
  await authorised(`/v1/projects/${projectId}/${path}`, { method: "POST", keepalive: true, headers: tag ? { "If-Match": tag } : {} });
  await refresh(projectId);
}
