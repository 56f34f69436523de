/** A project's agents, and the texts and actions that they can use. */
import { queryOptions } from "@tanstack/react-query";
import { api, data, every, type Schemas } from "../../../../api/client.ts";

export type Agent = Schemas["AgentOut"];
export type Context = Schemas["ContextOut"];

export const agentsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["agents", projectId],
    queryFn: () => every((cursor) => data(api.GET("/v1/projects/{project_id}/agents", { params: { path: { project_id: projectId }, query: { limit: 200, cursor } } }))),
  });

export const contextsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["contexts", projectId],
    queryFn: () => every((cursor) => data(api.GET("/v1/projects/{project_id}/contexts", { params: { path: { project_id: projectId }, query: { limit: 200, cursor } } }))),
  });
