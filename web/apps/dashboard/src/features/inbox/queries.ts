/** What the inbox asks once and keeps: contacts, leads, tags, canned replies, preferences. */
import { queryOptions } from "@tanstack/react-query";
import { api, data, every } from "../../api/client.ts";

export const tagsQuery = (project: string | undefined) =>
  queryOptions({
    queryKey: ["tags", project ?? ""],
    queryFn: () => every((cursor) => data(api.GET("/v1/tags", { params: { query: { project_id: project, limit: 200, cursor } } }))),
  });

export const savedViewsQuery = queryOptions({
  queryKey: ["saved-views"],
  queryFn: async () => (await data(api.GET("/v1/saved-views", {}))).items,
});

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ["visitors", id],
    queryFn: () => data(api.GET("/v1/visitors/{visitor_id}", { params: { path: { visitor_id: id } } })),
  });

/** The latest ones. */
export const visitsQuery = (id: string) =>
  queryOptions({
    queryKey: ["visitors", id, "conversations"],
    queryFn: () => data(api.GET("/v1/visitors/{visitor_id}/conversations", { params: { path: { visitor_id: id }, query: { limit: 6 } } })),
  });

/** What a visitor left in a conversation when they asked for a person, if it is recent. */
export const leadQuery = (project: string, conversation: string) =>
  queryOptions({
    queryKey: ["leads", project, "of", conversation],
    queryFn: async () => {
      const { items } = await data(api.GET("/v1/projects/{project_id}/leads", { params: { path: { project_id: project }, query: { limit: 200 } } }));
      return items.find((one) => one.conversation_id === conversation) ?? null;
    },
  });

export const cannedQuery = (project: string | undefined, q: string) =>
  queryOptions({
    queryKey: ["canned-replies", project ?? "", q],
    queryFn: async () => (await data(api.GET("/v1/canned-replies", { params: { query: { project_id: project, q: q || undefined, limit: 50 } } }))).items,
  });

export const preferencesQuery = queryOptions({
  queryKey: ["notice-preferences"],
  queryFn: () => data(api.GET("/v1/notice-preferences", {})),
  staleTime: 0,
});
