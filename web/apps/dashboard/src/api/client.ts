/** The typed client of the native API. Whatever fails is a `Problem`, thrown. */
import type { components, paths } from "@answerdesk/api/native";
import createClient from "openapi-fetch";
import { authorised } from "../session/session.ts";

export type Schemas = components["schemas"];

/**
 * Calls by path: `const { data } = await api.GET("/v1/projects", {})`. There is no `error` to look
 * at: every response that is not a success is thrown before.
 */
export const api = createClient<paths>({
  baseUrl: location.origin,
  fetch: async (call) => {
    const { method, headers, signal } = call;
    const body = method === "GET" || method === "HEAD" ? undefined : await call.blob();
    return authorised(call.url.slice(location.origin.length), { method, headers, signal, body: body?.size ? body : undefined });
  },
});

/** What a call returned; for calls that always return something. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

type Listed<T> = { items: T[]; next_cursor?: string | null };

/** Every entry of a list that is known to be short, such as projects or members. */
export async function every<T>(fetchPart: (cursor: string | undefined) => Promise<Listed<T>>): Promise<T[]> {
  const found: T[] = [];
  for (let cursor: string | undefined; ; ) {
    const part = await fetchPart(cursor);
    found.push(...part.items);
    if (!part.next_cursor) return found;
    cursor = part.next_cursor;
  }
}
