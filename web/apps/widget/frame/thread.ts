/** The conversation as it is shown, and how what the server has becomes part of it, once. */
import type { Block, Certainty, Source, StoredMessage } from "@answerdesk/api";

/** What the visitor wrote. Its key is also the request's, so that sending it again changes nothing. */
export interface Own {
  kind: "own";
  key: string;
  /** The server's; empty until it has the message. */
  id: string;
  at: string;
  text: string;
  status: "sending" | "waiting" | "sent" | "failed";
  /** The key of the text that says why it failed. */
  failure: string;
}

/** What the assistant or a person wrote, or is writing. */
export interface Reply {
  kind: "assistant" | "human";
  key: string;
  id: string;
  at: string;
  /** The key of the message that it answers, if it began here. */
  to: string;
  name: string;
  text: string;
  /** The whole answer, once it is known. */
  blocks: Block[] | null;
  sources: Source[];
  certainty: Certainty | null;
  abstained: boolean;
  /** The visitor's own. */
  rating: "positive" | "negative" | null;
  isWriting: boolean;
  failure: string;
}

/** What is said about the conversation, and not part of it. */
export interface Notice {
  kind: "notice";
  key: string;
  id: "";
  at: "";
  text: string;
}

export type Entry = Own | Reply | Notice;

export const own = (key: string, text: string, status: Own["status"]): Own => ({
  ...{ kind: "own", key, id: "", at: "", text, status, failure: "" },
});

export const reply = (key: string, to: string): Reply => ({
  ...{ kind: "assistant", key, id: "", at: "", to, name: "", text: "", blocks: null, sources: [] },
  ...{ certainty: null, abstained: false, rating: null, isWriting: true, failure: "" },
});

/**
 * Take in messages of the server, oldest first. Each is shown once, whoever told of it first and however
 * often: by its id, or as the message here that it must be.
 */
export function merged(entries: readonly Entry[], stored: readonly StoredMessage[], name = ""): Entry[] {
  const found = [...entries];
  let place = -1;
  let question = "";
  for (const message of stored) {
    const at = indexOf(found, message, question);
    if (at >= 0) {
      found[at] = filled(found[at] as Own | Reply, message, name);
      place = at;
    } else {
      place = placeFor(found, place, message.created_at);
      found.splice(place, 0, filled(blank(message), message, name));
    }
    if (message.author === "visitor") question = found[place]?.key ?? "";
  }
  return found;
}

function indexOf(found: readonly Entry[], message: StoredMessage, question: string): number {
  const known = found.findIndex((entry) => entry.id === message.id);
  if (known >= 0) return known;
  return found.findIndex((entry) => {
    if (entry.id || entry.kind === "notice") return false;
    if (message.author === "visitor") return entry.kind === "own" && entry.text === message.content;
    // An answer that was begun here, and whose end has not been heard.
    return message.author === "assistant" && entry.kind === "assistant" && question !== "" && entry.to === question;
  });
}

/** Where a new message goes: behind the one before it, or behind everything that is older. */
function placeFor(found: readonly Entry[], before: number, at: string): number {
  let place = before + 1;
  if (before < 0) place = found.findLastIndex((entry) => entry.at !== "" && entry.at <= at) + 1;
  // What the server has, but has not told the time of, is older; and an answer stays with its question.
  while (place < found.length && isAttached(found, place)) place += 1;
  return place;
}

function isAttached(found: readonly Entry[], place: number): boolean {
  const entry = found[place] as Entry;
  if (entry.at) return false;
  return entry.kind === "notice" || entry.id !== "" || (entry.kind === "assistant" && entry.to === found[place - 1]?.key);
}

function blank(message: StoredMessage): Own | Reply {
  return message.author === "visitor" ? own(message.id, message.content, "sent") : reply(message.id, "");
}

function filled(entry: Own | Reply, message: StoredMessage, name: string): Own | Reply {
  const { id, created_at: at, content: text } = message;
  if (entry.kind === "own") return { ...entry, id, at, status: "sent", failure: "" };
  const { blocks, sources, certainty, abstained } = message;
  const kind = message.author === "human" ? "human" : "assistant";
  const said = { id, at, text, blocks, sources, certainty, abstained, isWriting: false, failure: "" };
  return { ...entry, ...said, kind, name: entry.name || name, rating: message.rating ?? entry.rating };
}

/** The time of the newest message that the server has told of. */
export const newest = (entries: readonly Entry[]): string =>
  entries.reduce((last, { at }) => (at > last ? at : last), "");

/** The visitor's last message, if nothing has answered it. */
export function unanswered(entries: readonly Entry[]): Own | null {
  const last = entries.findLast((entry) => entry.kind !== "notice");
  return last?.kind === "own" ? last : null;
}

/** Whether a reply is an answer that can be rated, or what is said about who has the conversation. */
export const isAnswer = (entry: Reply): boolean =>
  entry.id !== "" && (entry.kind === "human" || entry.abstained || entry.sources.length > 0);
