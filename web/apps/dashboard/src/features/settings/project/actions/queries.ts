/** Calls of the owner's server that a message causes. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data, every, type Schemas } from "../../../../api/client.ts";

export type Action = Schemas["ActionOut"];
export type Parameter = Schemas["Parameter"];
export type Call = Schemas["CallOut"];
export type Tested = Schemas["ActionTestOut"];

export const actionsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["actions", projectId],
    queryFn: () => every((cursor) => data(api.GET("/v1/projects/{project_id}/actions", { params: { path: { project_id: projectId }, query: { limit: 200, cursor } } }))),
  });

export const callsQuery = (actionId: string) =>
  infiniteQueryOptions({
    queryKey: ["action-calls", actionId],
    queryFn: ({ pageParam }) => data(api.GET("/v1/actions/{action_id}/calls", { params: { path: { action_id: actionId }, query: { limit: 25, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
