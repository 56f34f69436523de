/** A project's websites, its keys for own pages, and the secret that proves who visitors are. */
import { queryOptions } from "@tanstack/react-query";
import { api, data, every, type Schemas } from "../../../../api/client.ts";

export type Website = Schemas["DomainOut"];
export type WidgetKey = Schemas["WidgetKeyOut"];

export const pathOf = (projectId: string) => ({ path: { project_id: projectId } });

export const websitesQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["websites", projectId],
    queryFn: () => every((cursor) => data(api.GET("/v1/projects/{project_id}/domains", { params: { ...pathOf(projectId), query: { limit: 200, cursor } } }))),
  });

export const widgetKeysQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["widget-keys", projectId],
    queryFn: () => every((cursor) => data(api.GET("/v1/projects/{project_id}/widget-keys", { params: { ...pathOf(projectId), query: { limit: 200, cursor } } }))),
  });

export const secretQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["identity-secret", projectId],
    queryFn: () => data(api.GET("/v1/projects/{project_id}/identity-secret", { params: pathOf(projectId) })),
  });
