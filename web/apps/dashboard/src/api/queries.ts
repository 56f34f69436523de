/** What many pages ask: who is here, which projects there are, who else is in the team. */
import { QueryClient, queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { Problem } from "@answerdesk/api";
import { api, data, every } from "./client.ts";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // Who was refused is not asked again; who was away may be back.
      retry: (failures, error) => failures < 2 && error instanceof Problem && error.isAway,
    },
  },
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => data(api.GET("/v1/me", {})),
  staleTime: 60_000,
});

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: () => every((cursor) => data(api.GET("/v1/projects", { params: { query: { limit: 200, cursor } } }))),
});

export const projectQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["projects", projectId],
    queryFn: () => data(api.GET("/v1/projects/{project_id}", { params: { path: { project_id: projectId } } })),
  });

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: () => every((cursor) => data(api.GET("/v1/members", { params: { query: { limit: 200, cursor } } }))),
});

export const useMe = () => useSuspenseQuery(meQuery).data;

/** Whether the person may do what needs this scope, such as `projects:write`, which includes reading. */
export function useMay(): (scope: string) => boolean {
  const { scopes } = useMe();
  return (scope) => scopes.includes(scope) || scopes.includes(scope.replace(/:read$/, ":write"));
}
