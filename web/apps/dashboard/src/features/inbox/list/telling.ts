/** What a row says of its conversation. */
import { useQuery } from "@tanstack/react-query";
import { projectsQuery } from "../../../api/queries.ts";
import { useStore } from "../../../live/hooks.ts";
import type { Entry } from "../../../live/shapes.ts";
import { ago, dateTime } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import { isSnoozed } from "../filters.ts";
import { useNames, waited } from "../names.ts";
import { texts } from "../texts.ts";
import { TAGS, type Told } from "./row.tsx";

const SHORT = 160;

export function useTelling(): (entry: Entry) => Omit<Told, "href" | "isOpen"> {
  const t = useTexts(texts);
  const names = useNames();
  const store = useStore("own", "people");
  const { data: projects = [] } = useQuery(projectsQuery);
  const handOf = (entry: Entry) => {
    if (isSnoozed(entry) && entry.snoozed_until) return t.snoozedUntil(dateTime(entry.snoozed_until));
    if (entry.state === "ai") return t.assistant;
    if (entry.state === "waiting") return t.nobody;
    return entry.state === "closed" ? t.closed : names.person(entry.assignee_id);
  };
  const lookers = (id: string) =>
    [...store.people.values()].filter((one) => one.user_id !== store.me?.id && one.conversation_ids.includes(id)).map((one) => one.name || one.email);
  return (entry) => {
    const { id, latest_message: latest, waiting_since: since, state } = entry;
    const waits = since !== null && (state === "waiting" || state === "human");
    // Who waits has been told the same by the assistant as everybody; what they want tells them apart.
    const said = waits ? entry.visitor_said : null;
    const other = said === null && latest && latest.author !== "visitor" ? latest.author : "";
    return {
      id,
      name: names.visitor(entry),
      author: other && (other === "human" ? t.team : t.assistant),
      text: (said ?? latest?.content ?? "").slice(0, SHORT),
      hand: handOf(entry),
      state,
      time: waits ? t.waits(waited(since)) : ago(entry.updated_at),
      moment: since ?? entry.updated_at,
      waits,
      unread: store.isUnread(id),
      draft: (store.own.get(id)?.drafts.length ?? 0) > 0,
      missed: entry.sla_breached,
      due: entry.sla_due_at ?? "",
      project: projects.length > 1 ? (projects.find((one) => one.id === entry.project_id)?.name ?? "") : "",
      looking: lookers(id).join(", "),
      tags: entry.tags.join(TAGS),
    };
  };
}
