/** What the address of a webhook's page can say: the filters of its log, and which entry is open. */
import type { DeliveryState } from "./queries.ts";

export const STATES: readonly DeliveryState[] = ["failed", "pending", "delivered", "cancelled"];

export type WebhookSearch = { state?: DeliveryState; since?: string; until?: string; delivery?: string };

export function validateWebhookSearch({ state, since, until, delivery }: Record<string, unknown>): WebhookSearch {
  return {
    ...(isState(state) && { state }),
    ...(isDay(since) && { since }),
    ...(isDay(until) && { until }),
    ...(typeof delivery === "string" && { delivery }),
  };
}

const isState = (value: unknown): value is DeliveryState => STATES.some((one) => one === value);

const isDay = (value: unknown): value is string => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
