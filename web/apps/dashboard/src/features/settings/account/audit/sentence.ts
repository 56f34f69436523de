/** An entry of the audit log as a sentence. */
import { useLanguage, useTexts } from "../../../../texts/index.ts";
import { texts as team } from "../team/texts.ts";
import { ACTIONS } from "./actions.ts";
import type { Entry } from "./queries.ts";
import { texts } from "./texts.ts";

/** What a thing is called, by the fields in which entries have it. */
const NAMES = ["name", "title", "question", "email", "url", "host", "letter"] as const;

type Sentence = { who: string; did: string; subject: string; note: string };

export function useSentence({ actor, action, detail }: Entry): Sentence {
  const t = useTexts(texts);
  const { roles } = useTexts(team);
  const did = ACTIONS[useLanguage()][action] ?? action;
  const role = (value: string) => (value in roles ? roles[value as keyof typeof roles] : value);
  const { from, to, changed, reason } = detail;
  const notes = [
    typeof from === "string" && typeof to === "string" && t.turned(role(from), role(to)),
    Array.isArray(changed) && t.changed(changed.map(readable).join(", ")),
    typeof reason === "string" && reason.replaceAll("_", " "),
  ];
  return { who: useWho(actor), did, subject: subjectOf(detail, actor), note: notes.filter(Boolean).join(" · ") };
}

function useWho({ kind, name }: Entry["actor"]): string {
  const t = useTexts(texts);
  if (kind === "owner_key") return name === "due work" ? t.system : t.ownerKey;
  return kind === "api_key" ? `${t.byKey} “${name}”` : name;
}

function subjectOf(detail: Entry["detail"], actor: Entry["actor"]): string {
  const found = NAMES.map((one) => detail[one]).find((value) => typeof value === "string" && value !== "");
  // Who joined or left did it to themselves.
  return typeof found === "string" && found !== actor.name ? found : "";
}

/** `settings.office_hours` as "office hours". */
const readable = (field: unknown) => String(field).replace(/^settings\./, "").replaceAll("_", " ").replaceAll(".", " ");
