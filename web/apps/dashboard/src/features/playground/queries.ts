import { queryOptions } from "@tanstack/react-query";
import { api, data, every, type Schemas } from "../../api/client.ts";
import { type Exchange, NO_MODEL, type Settings } from "./search.ts";

export type Tried = Schemas["PlaygroundOut"];
export type Trial = { question: string; before: readonly Exchange[]; settings: Settings };

const KEPT_MS = 30 * 60_000;

/** Asked once: to ask the same again is a choice of the person, as it may cost money. */
export const trialQuery = (projectId: string, trial: Trial) =>
  queryOptions({
    queryKey: ["playground", projectId, trial],
    queryFn: ({ signal }) => data(api.POST("/v1/projects/{project_id}/playground", { params: { path: { project_id: projectId } }, body: bodyOf(trial), signal })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    retry: false,
  });

/** The call's body, which the panel with the API calls shows as well. */
export function bodyOf({ question, before, settings }: Trial): Schemas["PlaygroundIn"] {
  const { agent, model, threshold } = settings;
  return {
    question,
    history: [...before],
    ...(agent !== undefined && { agent_id: agent }),
    ...(model !== undefined && { model_id: model === NO_MODEL ? null : model }),
    ...(threshold !== undefined && { threshold }),
  };
}

export const agentsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["agents", projectId],
    queryFn: () => every((cursor) => data(api.GET("/v1/projects/{project_id}/agents", { params: { path: { project_id: projectId }, query: { limit: 200, cursor } } }))),
  });

export const modelsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["language-models", projectId],
    queryFn: async () => {
      const all = await every((cursor) => data(api.GET("/v1/language-models", { params: { query: { limit: 200, cursor } } })));
      return all.filter(({ project_id }) => project_id === null || project_id === projectId);
    },
  });

/** A few questions that visitors asked in vain: worth trying. */
export const askedQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["playground", projectId, "asked"],
    queryFn: async () => (await data(api.GET("/v1/projects/{project_id}/open-questions", { params: { path: { project_id: projectId }, query: { limit: 4 } } }))).items,
  });
