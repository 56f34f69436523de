/** What the live view of the inbox tells, by the names of the API. */
import type { Schemas } from "../api/client.ts";

export type ListedEntry = Schemas["ListedEntry"];
export type Entry = Omit<ListedEntry, "own">;
export type Own = Schemas["OwnOut"];
export type Counts = Schemas["SnapshotOut"]["counts"];
export type Person = Schemas["PersonOut"];
export type Snapshot = Schemas["SnapshotOut"];
export type Note = Schemas["NoteOut"];
export type Notice = Pick<Schemas["NoticeOut"], "id" | "kind" | "conversation_id" | "lead_id" | "text">;
export type Recorded = Schemas["RecordedMessageOut"];

/** A message as lists and frames tell it; frames leave out how it was answered. */
export type Message = Schemas["MessageOut"] & Partial<Pick<Recorded, "turn" | "question_id" | "sender_id" | "feedback" | "context">>;

/** Who is here: null for a key. */
export type Me = { id: string; name: string; email: string } | null;

export type Typing = { conversation_id: string; who: "visitor" | "person"; user_id: string | null; name: string | null };

/** What arrives, by the name of its frame. */
export type Frames = {
  conversation: Entry | { id: string; deleted: true };
  own: Own;
  message: Message & { conversation_id: string };
  note: (Note & { deleted?: false }) | { id: string; conversation_id: string; deleted: true };
  counts: Counts;
  presence: { user_id: string; online: boolean; conversation_ids: string[] };
  projects: { ids: string[] };
  typing: Typing;
  notice: Notice;
  stream: { stream_id: string };
};

export type Frame = { [Name in keyof Frames]: { name: Name; data: Frames[Name] } }[keyof Frames];
