/** How people, visitors and lengths of time are called on the inbox's pages. */
import type { Entry, Message, Note } from "../../live/shapes.ts";
import { useStore } from "../../live/hooks.ts";
import { duration } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import { texts } from "./texts.ts";

export function useNames() {
  const t = useTexts(texts);
  const store = useStore("people", "all");
  /** “You” for oneself. */
  const person = (id: string | null): string => {
    if (id !== null && id === store.me?.id) return t.you;
    const known = id === null ? undefined : store.people.get(id);
    return known?.name || known?.email || t.colleague;
  };
  const visitor = (entry: Pick<Entry, "visitor" | "contact"> | undefined) => {
    const [proved, left] = [entry?.visitor, entry?.contact];
    return proved?.name || proved?.email || left?.name || left?.email || left?.phone || t.visitor;
  };
  return {
    person,
    visitor,
    /** The colleague who has a conversation, if one does. */
    holder: ({ state, assignee_id: who }: Entry) => (state === "human" && who !== null && who !== store.me?.id ? person(who) : ""),
    author: (message: Message, entry: Entry | undefined): string => {
      if (message.author === "assistant") return t.assistant;
      if (message.author === "visitor") return visitor(entry);
      return message.sender_id ? person(message.sender_id) : t.team;
    },
    noteAuthor: ({ author }: Note): string => {
      if (!author) return t.program;
      return author.id === store.me?.id ? t.you : author.name || person(author.id);
    },
  };
}

/** How long somebody has waited. */
export const waited = (since: string) => duration(Math.max(60, (Date.now() - new Date(since).getTime()) / 1000));

/** Names as a list in the person's language: "Ann and Bo". */
export const joined = (names: readonly string[], and: string) => names.join(` ${and} `);
