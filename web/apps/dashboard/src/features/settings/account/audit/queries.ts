import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, data, type Schemas } from "../../../../api/client.ts";
import { dayBegins } from "../parts/days.ts";
import type { AuditSearch } from "./search.ts";

export type Entry = Schemas["AuditEntryOut"];

export const auditQuery = ({ action, who, from, until }: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", { action, who, from, until }],
    queryFn: ({ pageParam }) => data(api.GET("/v1/audit-log", {
      params: {
        query: {
          action: action ?? null,
          actor_id: who ?? null,
          since: from ? dayBegins(from).toISOString() : null,
          until: until ? dayBegins(until, 1).toISOString() : null,
          limit: 50,
          cursor: pageParam || null,
        },
      },
    })),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
