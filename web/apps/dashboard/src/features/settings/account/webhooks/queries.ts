import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data, every, type Schemas } from "../../../../api/client.ts";
import { dayBegins } from "../parts/days.ts";

export type Webhook = Schemas["WebhookOut"];
export type EventType = Schemas["EventTypeOut"];
export type Format = Webhook["format"];
export type Delivery = Schemas["DeliveryOut"];
export type DeliveryState = Delivery["state"];

export type DeliveryFilters = { state?: DeliveryState | undefined; since?: string | undefined; until?: string | undefined };

/** What is left out stays as it is; the types, written from the API's description, call it needed. */
export const changes = (given: Partial<Schemas["WebhookPatch"]>) => given as Schemas["WebhookPatch"];

/** How soon the log looks again: earlier while something is about to be sent. */
const LOOK_MS = 15_000;
const LOOK_SOON_MS = 3000;

export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: () => every((cursor) => data(api.GET("/v1/webhooks", { params: { query: { limit: 200, cursor } } }))),
});

export const webhookQuery = (webhookId: string) =>
  queryOptions({
    queryKey: ["webhooks", webhookId],
    queryFn: () => data(api.GET("/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: webhookId } } })),
    refetchInterval: LOOK_MS,
  });

export const eventTypesQuery = queryOptions({
  queryKey: ["event-types"],
  queryFn: async () => (await data(api.GET("/v1/event-types", {}))).items,
  staleTime: Infinity,
});

export const deliveriesQuery = (webhookId: string, filters: DeliveryFilters) =>
  infiniteQueryOptions({
    queryKey: ["webhooks", webhookId, "deliveries", filters],
    queryFn: ({ pageParam }) => data(api.GET("/v1/webhooks/{webhook_id}/deliveries", {
      params: { path: { webhook_id: webhookId }, query: { ...range(filters), limit: 50, cursor: pageParam || null } },
    })),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isSoon)) ? LOOK_SOON_MS : LOOK_MS),
  });

export const deliveryQuery = (webhookId: string, deliveryId: string) =>
  queryOptions({
    queryKey: ["webhooks", webhookId, "delivery", deliveryId],
    queryFn: () => data(api.GET("/v1/webhooks/{webhook_id}/deliveries/{delivery_id}", { params: { path: { webhook_id: webhookId, delivery_id: deliveryId } } })),
    refetchInterval: ({ state }) => (state.data && isSoon(state.data) ? LOOK_SOON_MS : LOOK_MS),
  });

const isSoon = ({ next_attempt_at: next }: Delivery) => next !== null && new Date(next).getTime() < Date.now() + LOOK_MS;

/** Days as the moments at which they begin and end here. */
function range({ state, since, until }: DeliveryFilters) {
  return { state: state ?? null, since: since ? dayBegins(since).toISOString() : null, until: until ? dayBegins(until, 1).toISOString() : null };
}
