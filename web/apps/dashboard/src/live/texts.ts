import { inLanguages } from "../texts/index.ts";

/** The titles of notifications, by what they tell. */
export const texts = inLanguages({
  en: {
    visitor: "Visitor",
    waiting: "A visitor waits",
    assigned: "A conversation was assigned to you",
    reply: "A visitor replied to you",
    lead: "A visitor left their contact",
    sla: "A reply is overdue",
  },
  de: {
    visitor: "Besucher",
    waiting: "Ein Besucher wartet",
    assigned: "Ihnen wurde ein Gespräch zugewiesen",
    reply: "Ein Besucher hat Ihnen geantwortet",
    lead: "Ein Besucher hat seinen Kontakt hinterlassen",
    sla: "Eine Antwort ist überfällig",
  },
});
