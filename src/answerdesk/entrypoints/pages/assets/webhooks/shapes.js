// @ts-check
/**
 * The native API's responses, as far as this page reads them.
 *
 * @typedef {"standard" | "noras" | "novaro" | "novachat" | "orac"} Format
 *
 * @typedef {{id: string, project_id: string | null, url: string, description: string,
 *   format: Format, events: string[] | null, enabled: boolean,
 *   disabled_reason: "owner" | "gone" | "failing" | null, failing_since: string | null,
 *   old_secret_until: string | null, created_at: string}} Webhook
 * @typedef {Webhook & {secret: string}} WebhookMade
 *
 * @typedef {{name: string, summary: string, formats: Partial<Record<Format, string>>}} EventType
 *
 * @typedef {"pending" | "delivered" | "failed" | "cancelled"} DeliveryState
 * @typedef {{id: string, type: string, state: DeliveryState, attempts: number,
 *   next_attempt_at: string | null, error: string | null, private: boolean, created_at: string,
 *   ended_at: string | null}} Delivery
 *
 * @typedef {{status: number | null, error: string | null, milliseconds: number,
 *   headers: Record<string, string> | null, answer: string | null}} Outcome
 * @typedef {Outcome & {number: number, begun_at: string}} Attempt
 */

/** @template T @typedef {{items: T[], next_cursor: string | null}} Listing one page of a list */

export {};
