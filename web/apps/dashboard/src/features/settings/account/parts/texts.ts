import { inLanguages } from "../../../../texts/index.ts";

export const texts = inLanguages({
  en: {
    close: "Close",
    back: "Back",
    secretOnce: "Copy it now and keep it in a safe place. It is shown only this once.",
    secretDone: "I have it",
    copySecret: "Copy it",
    readOnly: "You can look at this page. Only owners and administrators can change something here.",
    loadMore: "Show more",
  },
  de: {
    close: "Schließen",
    back: "Zurück",
    secretOnce: "Kopieren Sie es jetzt und bewahren Sie es sicher auf. Es wird nur dieses eine Mal angezeigt.",
    secretDone: "Ich habe es",
    copySecret: "Kopieren",
    readOnly: "Sie können diese Seite ansehen. Ändern können hier nur Besitzer und Administratoren etwas.",
    loadMore: "Mehr anzeigen",
  },
});
