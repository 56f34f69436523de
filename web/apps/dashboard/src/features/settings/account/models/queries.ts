/** The catalogue of language models, and what they cost. */
import { queryOptions } from "@tanstack/react-query";
import { api, data, every, type Schemas } from "../../../../api/client.ts";

export type Model = Schemas["ListedModel"];
export type Usage = Schemas["LanguageModelUsage"];

export const modelsQuery = queryOptions({
  queryKey: ["language-models"],
  queryFn: () => every((cursor) => data(api.GET("/v1/language-models", { params: { query: { limit: 200, cursor } } }))),
});

export const usageQuery = queryOptions({
  queryKey: ["language-models", "usage"],
  queryFn: () => data(api.GET("/v1/language-models/usage", {})),
});

export const nearbyQuery = queryOptions({
  queryKey: ["language-models", "nearby"],
  queryFn: () => data(api.GET("/v1/language-models/nearby", {})),
  staleTime: 60_000,
});
