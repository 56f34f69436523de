import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data, type Schemas } from "../../api/client.ts";
import { authorised } from "../../session/session.ts";
import type { LeadFilters } from "./search.ts";

export type Lead = Schemas["LeadOut"];

export const leadsPath = (projectId: string) => `/v1/projects/${projectId}/leads`;

/** Who asked for a person without leaving a way to be reached is in the inbox, and no lead to work with. */
const shown = (filters: LeadFilters) => ({ ...filters, reachable: true });

/** The same as the API's address has it. */
export const shownAs = (filters: LeadFilters) => new URLSearchParams(Object.entries(shown(filters)).map(([name, value]) => [name, String(value)]));

export const leadsQuery = (projectId: string, filters: LeadFilters) =>
  infiniteQueryOptions({
    queryKey: ["leads", projectId, filters],
    queryFn: ({ pageParam }) => {
      const query = { ...shown(filters), limit: 50, cursor: pageParam || null };
      return data(api.GET("/v1/projects/{project_id}/leads", { params: { path: { project_id: projectId }, query } }));
    },
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor,
    refetchInterval: 60_000,
  });

/** One that is opened by its address, and so may be in no part of the list that is loaded. */
export const leadQuery = (projectId: string, leadId: string) =>
  queryOptions({
    queryKey: ["leads", projectId, "one", leadId],
    queryFn: async (): Promise<Lead> => (await authorised(`${leadsPath(projectId)}/${leadId}`)).json(),
  });

/** Has the browser save what is filtered as a file, under the name that the server gives it. */
export async function saveLeads(projectId: string, filters: LeadFilters): Promise<void> {
  const response = await authorised(`${leadsPath(projectId)}/export?${shownAs(filters)}`);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "leads.csv";
  link.click();
  // The download has begun with the click; the browser holds on to what it needs.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
