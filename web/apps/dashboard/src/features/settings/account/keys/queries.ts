import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, data, type Schemas } from "../../../../api/client.ts";

export type Key = Schemas["ApiKeyOut"];
export type Scope = Schemas["ApiKeyIn"]["scopes"][number];

export const keysQuery = (isWorking: boolean) =>
  infiniteQueryOptions({
    queryKey: ["keys", { isWorking }],
    queryFn: ({ pageParam }) => data(api.GET("/v1/api-keys", { params: { query: { working: isWorking, limit: 50, cursor: pageParam || null } } })),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
