import { queryOptions } from "@tanstack/react-query";
import { api, data } from "../../../../api/client.ts";

export const accountQuery = queryOptions({ queryKey: ["account"], queryFn: () => data(api.GET("/v1/account", {})) });

export const usageQuery = queryOptions({ queryKey: ["account", "usage"], queryFn: () => data(api.GET("/v1/account/usage", {})), refetchInterval: 60_000 });

export const modelUsageQuery = queryOptions({ queryKey: ["language-models", "usage"], queryFn: () => data(api.GET("/v1/language-models/usage", {})) });
