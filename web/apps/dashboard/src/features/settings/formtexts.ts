import { inLanguages } from "../../texts/index.ts";

export const formTexts = inLanguages({
  en: {
    unsaved: "There are changes that are not saved.",
    here: "This page",
    save: "Save",
    discard: "Discard",
    cancel: "Cancel",
    conflict: "Somebody else has changed this meanwhile. What you typed is not saved.",
    showTheirs: "Show theirs",
    overwrite: "Save mine over it",
    leave: "Leave without saving?",
    leaveText: "What you changed on this page is not saved yet. It is lost if you leave.",
    leaveYes: "Leave",
    stay: "Stay",
    onlyReading: "You can see this, but not change it. Ask an owner or admin of your team.",
  },
  de: {
    unsaved: "Es gibt Änderungen, die nicht gespeichert sind.",
    here: "Diese Seite",
    save: "Speichern",
    discard: "Verwerfen",
    cancel: "Abbrechen",
    conflict: "Jemand anderes hat dies inzwischen geändert. Ihre Eingaben sind nicht gespeichert.",
    showTheirs: "Neuen Stand zeigen",
    overwrite: "Mit meinem überschreiben",
    leave: "Ohne Speichern verlassen?",
    leaveText: "Ihre Änderungen auf dieser Seite sind noch nicht gespeichert. Sie gehen verloren, wenn Sie sie verlassen.",
    leaveYes: "Verlassen",
    stay: "Bleiben",
    onlyReading: "Sie können dies sehen, aber nicht ändern. Wenden Sie sich an die Verwaltung Ihres Teams.",
  },
});
