import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data, type Schemas } from "../../api/client.ts";
import type { Range } from "./range.ts";

export type Overview = Schemas["OverviewOut"];
export type Period = Overview["current"];

export const overviewQuery = (projectId: string, { from, to }: Range) =>
  queryOptions({
    queryKey: ["overview", projectId, from, to],
    queryFn: () => data(api.GET("/v1/projects/{project_id}/overview", { params: { path: { project_id: projectId }, query: { from, to } } })),
    refetchInterval: 60_000,
    // Another range replaces the numbers when it is there.
    placeholderData: keepPreviousData,
  });

/** Whether the project knows anything yet. */
export const knowsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["overview", projectId, "knows"],
    queryFn: async () => {
      const { items } = await data(api.GET("/v1/projects/{project_id}/sources", { params: { path: { project_id: projectId }, query: { limit: 50 } } }));
      return { any: items.length > 0, ready: items.some(({ ready }) => ready > 0) };
    },
  });
