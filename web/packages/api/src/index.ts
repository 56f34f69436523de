/** The visitors' API: its types, its requests, its streams. */
import type { components } from "./schema.ts";

export { Problem, problemOf, request, type RowFault, withJson } from "./request.ts";
export { isPassage, saidFrom, sourceAddress } from "./passages.ts";
export { follow, readEvents, type ServerSentEvent } from "./events.ts";

type Schemas = components["schemas"];
export type StoredMessage = Schemas["VisitorsMessageOut"];
export type Block = StoredMessage["blocks"][number];
export type Source = Schemas["CitedSource"];
export type Certainty = Schemas["CertaintyOut"];
export type MessagePage = Schemas["VisitorsMessageList"];
export type Conversation = Schemas["OwnConversation"];
export type State = Conversation["state"];
export type Decision = "answer" | "abstain" | "small_talk" | "hand_off" | "act";

/** The events of the reply to a message; the last is `done`. */
export type ChatEvent =
  | { name: "accepted"; data: { conversation_id: string; message_id: string } }
  | { name: "token" | "notice"; data: { text: string } }
  | { name: "blocks"; data: { blocks: Block[] } }
  | { name: "sources"; data: { sources: Source[] } }
  | { name: "certainty"; data: Certainty }
  | { name: "done"; data: { message_id: string; decision: Decision } | { message_id: null; decision: null } }
  | { name: "error"; data: { code: string; detail: string } };
