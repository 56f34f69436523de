/** What each event means, for people. An event of a newer server is told by the server's own words. */
import type { Language } from "../../../../texts/index.ts";

export type Group = "conversations" | "answers" | "leads" | "knowledge" | "privacy" | "account";

/** By the part of its name before the dot. */
const GROUP_OF: Record<string, Group> = {
  conversation: "conversations",
  message: "conversations",
  sla: "conversations",
  question: "answers",
  answer: "answers",
  feedback: "answers",
  action: "answers",
  draft: "answers",
  lead: "leads",
  document: "knowledge",
  source: "knowledge",
  page: "knowledge",
  embedding: "knowledge",
  person: "privacy",
  retention: "privacy",
};

export function groupOf(name: string): Group {
  if (name === "conversation.erased") return "privacy";
  if (name === "conversation.rated") return "answers";
  return GROUP_OF[name.split(".")[0] ?? ""] ?? "account";
}

export const GROUPS: Record<Language, Record<Group, string>> = {
  en: { conversations: "Conversations", answers: "Answers and ratings", leads: "Leads", knowledge: "Knowledge", privacy: "Privacy", account: "Account" },
  de: { conversations: "Gespräche", answers: "Antworten und Bewertungen", leads: "Kontakte", knowledge: "Wissen", privacy: "Datenschutz", account: "Konto" },
};

export const EVENTS: Record<Language, Record<string, string>> = {
  en: {
    "conversation.started": "A visitor began a conversation",
    "conversation.reopened": "A conversation that had ended goes on",
    "conversation.updated": "Somebody else has a conversation now",
    "conversation.escalated": "A visitor waits for a person",
    "conversation.ended": "A conversation ended",
    "message.received": "A visitor wrote",
    "message.sent": "The assistant or a person replied",
    "question.unanswered": "A question had no answer",
    "answer.failed": "An error kept the assistant from answering",
    "limit.reached": "A limit on messages or on spending was reached",
    "feedback.positive": "A reply was rated as helpful",
    "feedback.negative": "A reply was rated as not helpful",
    "conversation.rated": "A visitor rated a whole conversation",
    "conversation.erased": "A conversation was erased; erase your copies, too",
    "person.erased": "What was known of a person was erased",
    "retention.applied": "Conversations or leads were erased because their time was over",
    "lead.created": "A visitor left a contact",
    "lead.updated": "A contact has a detail that it did not have",
    "sla.breached": "Somebody waited longer than your service level allows",
    "draft.created": "A person's reply became a draft to review",
    "document.ready": "A document is used in answers now",
    "document.failed": "A document could not be read",
    "document.removed": "A document was removed from the answers",
    "source.synced": "The reading of a source has ended",
    "source.failed": "The reading of a source has failed",
    "page.removed": "A page is gone from its website and from the answers",
    "source.removals_held": "Many pages seem to be gone; please confirm",
    "embedding.changed": "Another search model is in use",
    "webhook.disabled": "A webhook was stopped, because its receiver failed",
    "action.called": "The assistant called an action for a visitor",
    "action.failed": "An action failed",
  },
  de: {
    "conversation.started": "Ein Besucher hat ein Gespräch begonnen",
    "conversation.reopened": "Ein beendetes Gespräch geht weiter",
    "conversation.updated": "Jemand anderes hat jetzt ein Gespräch",
    "conversation.escalated": "Ein Besucher wartet auf einen Menschen",
    "conversation.ended": "Ein Gespräch ist beendet",
    "message.received": "Ein Besucher hat geschrieben",
    "message.sent": "Der Assistent oder ein Mensch hat geantwortet",
    "question.unanswered": "Eine Frage blieb ohne Antwort",
    "answer.failed": "Ein Fehler hat eine Antwort verhindert",
    "limit.reached": "Eine Grenze für Nachrichten oder Kosten ist erreicht",
    "feedback.positive": "Eine Antwort wurde als hilfreich bewertet",
    "feedback.negative": "Eine Antwort wurde als nicht hilfreich bewertet",
    "conversation.rated": "Ein Besucher hat ein ganzes Gespräch bewertet",
    "conversation.erased": "Ein Gespräch wurde gelöscht; löschen Sie auch Ihre Kopien",
    "person.erased": "Was über eine Person bekannt war, wurde gelöscht",
    "retention.applied": "Gespräche oder Kontakte wurden nach Ablauf ihrer Frist gelöscht",
    "lead.created": "Ein Besucher hat einen Kontakt hinterlassen",
    "lead.updated": "Ein Kontakt hat eine neue Angabe",
    "sla.breached": "Jemand hat länger gewartet, als Ihr Ziel erlaubt",
    "draft.created": "Aus der Antwort eines Menschen wurde ein Entwurf zum Prüfen",
    "document.ready": "Ein Dokument wird jetzt für Antworten benutzt",
    "document.failed": "Ein Dokument konnte nicht gelesen werden",
    "document.removed": "Ein Dokument wurde aus den Antworten entfernt",
    "source.synced": "Das Lesen einer Quelle ist beendet",
    "source.failed": "Das Lesen einer Quelle ist gescheitert",
    "page.removed": "Eine Seite ist von ihrer Website und aus den Antworten verschwunden",
    "source.removals_held": "Viele Seiten scheinen verschwunden; bitte bestätigen",
    "embedding.changed": "Ein anderes Suchmodell ist im Einsatz",
    "webhook.disabled": "Ein Webhook wurde angehalten, weil sein Empfänger gestört ist",
    "action.called": "Der Assistent hat für einen Besucher eine Aktion ausgeführt",
    "action.failed": "Eine Aktion ist gescheitert",
  },
};
