/** The calls of the native API that the live view makes. */
import { api, data } from "../api/client.ts";
import { authorised } from "../session/session.ts";
import type { ListedEntry, Snapshot } from "./shapes.ts";

/** Counts, people and a cursor; the lists are read by those who show them. */
export const snapshot = (): Promise<Snapshot> => data(api.GET("/v1/inbox/snapshot", { params: { query: { limit: 1 } } }));

export const stream = (cursor: string, signal: AbortSignal): Promise<Response> =>
  authorised(`/v1/inbox/stream?${new URLSearchParams(cursor ? { cursor } : {})}`, { signal });

export const poll = (cursor: string) => data(api.GET("/v1/inbox/events", { params: { query: { cursor } } }));

export const present = (streamId: string, conversationId: string | null) =>
  api.POST("/v1/inbox/presence", { body: { stream_id: streamId, conversation_id: conversationId } });

/** What is new in this person's own conversations, for the number in the title. */
export async function unread(): Promise<ListedEntry[]> {
  const query = { state: ["human" as const], assignee: "me", unread: true, limit: 100 };
  return (await data(api.GET("/v1/inbox", { params: { query } }))).items;
}
