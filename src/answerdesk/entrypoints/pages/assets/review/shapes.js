// @ts-check
/**
 * The native API's responses, as far as this page reads them.
 *
 * @typedef {"pending" | "approved" | "rejected"} DraftStatus
 * @typedef {{id: string, conversation_id: string, question: string, answer: string,
 *   category: string | null, tags: string[], status: DraftStatus, item_id: string | null,
 *   version: number, created_at: string, decided_at: string | null}} Draft
 *
 * @typedef {{id: string, question: string, kind: "negative" | "unanswered", count: number,
 *   last_asked_at: string, conversation_id: string, message_id: string, reason: string | null}} Question
 */

/** @template T @typedef {{items: T[], next_cursor: string | null}} Listing one page of a list */

export {};
