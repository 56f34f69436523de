/** The calls of the native API that the inbox makes about conversations. */
import { api, data, every, type Schemas } from "../../api/client.ts";
import type { Message } from "../../live/shapes.ts";
import { type Filters, queryOf } from "./filters.ts";

export type Mode = "reply" | "note";
export type CannedReply = Schemas["CannedReplyOut"];
export type Preferences = Schemas["NoticePreferencesOut"];

const MOST = 200;
const of = (id: string) => ({ path: { conversation_id: id } });

export const list = (filters: Filters, limit: number, cursor?: string) =>
  data(api.GET("/v1/inbox", { params: { query: { ...queryOf(filters), limit, cursor } } }));

export const entry = (id: string) => data(api.GET("/v1/inbox/conversations/{conversation_id}", { params: of(id) }));

/** A conversation with all its messages, oldest first. */
export async function conversation(id: string): Promise<Schemas["ConversationDetail"]> {
  const whole = await part(id);
  for (let cursor = whole.next_cursor; cursor; ) {
    const next = await part(id, cursor);
    whole.messages.push(...next.messages);
    cursor = next.next_cursor;
  }
  return whole;
}

const part = (id: string, cursor?: string) =>
  data(api.GET("/v1/conversations/{conversation_id}", { params: { ...of(id), query: { limit: MOST, cursor } } }));

export const notes = (id: string) =>
  every((cursor) => data(api.GET("/v1/conversations/{conversation_id}/notes", { params: { ...of(id), query: { limit: MOST, cursor } } })));

/**
 * Send a reply. `seen` is the newest message that the writer has seen, `goAhead` whether to send all
 * the same, `once` an idempotency key.
 */
export const reply = (id: string, content: string, { seen, goAhead, once }: { seen: string | null; goAhead: boolean; once: string }): Promise<Message> =>
  data(api.POST("/v1/conversations/{conversation_id}/messages", { params: { ...of(id), header: { "Idempotency-Key": once } }, body: { content, seen, go_ahead: goAhead } }));

export const addNote = (id: string, content: string, once: string) =>
  data(api.POST("/v1/conversations/{conversation_id}/notes", { params: { ...of(id), header: { "Idempotency-Key": once } }, body: { content } }));

export const removeNote = (id: string, note: string) =>
  api.DELETE("/v1/conversations/{conversation_id}/notes/{note_id}", { params: { path: { conversation_id: id, note_id: note } } });

/** What the assistant would reply to what is open; it is kept nowhere. */
export const suggestion = (id: string, signal: AbortSignal) => data(api.POST("/v1/conversations/{conversation_id}/suggestion", { params: of(id), signal }));

/** Take a conversation; `force` takes it from another person. */
export const claim = (id: string, force: boolean) => api.POST("/v1/conversations/{conversation_id}/claim", { params: of(id), body: { force } });

/** Give it to a member; null means nobody: it waits again. */
export const assign = (id: string, member: string | null) =>
  api.POST("/v1/conversations/{conversation_id}/assign", { params: of(id), body: { member_id: member } });

export const handBack = (id: string) => api.POST("/v1/conversations/{conversation_id}/hand-back", { params: of(id) });
export const close = (id: string) => api.POST("/v1/conversations/{conversation_id}/close", { params: of(id) });
export const reopen = (id: string) => api.POST("/v1/conversations/{conversation_id}/reopen", { params: of(id) });

export const snooze = (id: string, until: Date) =>
  api.POST("/v1/conversations/{conversation_id}/snooze", { params: of(id), body: { until: until.toISOString() } });
export const wake = (id: string) => api.DELETE("/v1/conversations/{conversation_id}/snooze", { params: of(id) });

export const tag = (id: string, tags: string[]) => api.PUT("/v1/conversations/{conversation_id}/tags", { params: of(id), body: { tags } });

/** Mark as read up to a message, or as unread from it on. */
export const read = (id: string, message: string, unread = false) => api.PUT("/v1/conversations/{conversation_id}/read", { params: of(id), body: { message_id: message, unread } });

export const typing = (id: string) => api.POST("/v1/conversations/{conversation_id}/typing", { params: of(id) });

const draftOf = (id: string, kind: Mode) => ({ path: { conversation_id: id, kind } });
export const draft = (id: string, kind: Mode) => data(api.GET("/v1/conversations/{conversation_id}/drafts/{kind}", { params: draftOf(id, kind) }));
export const saveDraft = (id: string, kind: Mode, content: string, version: number) =>
  data(api.PUT("/v1/conversations/{conversation_id}/drafts/{kind}", { params: draftOf(id, kind), body: { content, version } }));

export const rendered = (id: string, conversation: string) =>
  data(api.GET("/v1/canned-replies/{canned_reply_id}/rendered", { params: { path: { canned_reply_id: id }, query: { conversation_id: conversation } } }));
export const addCanned = (body: Schemas["CannedReplyIn"]) => data(api.POST("/v1/canned-replies", { body }));
export const changeCanned = (id: string, body: Schemas["CannedReplyChange"]) =>
  data(api.PATCH("/v1/canned-replies/{canned_reply_id}", { params: { path: { canned_reply_id: id } }, body }));

export const addView = (body: Schemas["SavedViewIn"]) => data(api.POST("/v1/saved-views", { body }));
export const changeView = (id: string, body: Schemas["SavedViewChange"]) => data(api.PATCH("/v1/saved-views/{saved_view_id}", { params: { path: { saved_view_id: id } }, body }));

export const changeContact = (id: string, body: Schemas["ContactIn"]) =>
  data(api.PATCH("/v1/visitors/{visitor_id}", { params: { path: { visitor_id: id } }, body }));

export const savePreferences = (body: Schemas["NoticePreferencesIn"]) => data(api.PUT("/v1/notice-preferences", { body }));
