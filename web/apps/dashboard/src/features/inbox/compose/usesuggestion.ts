/** Asks for a suggested reply, by the button, its key or ⌘K, and says what came of it. */
import { type KeyboardEvent, useEffect, useRef, useSyncExternalStore } from "react";
import { useCommands } from "../../../app/commands.ts";
import { tellFailure } from "../../../parts/notify.tsx";
import { useTexts } from "../../../texts/index.ts";
import type { Draft } from "../drafts.ts";
import { announce, tellUndoable } from "../news.tsx";
import { type State, suggestingFor } from "./suggesting.ts";
import { texts } from "./texts.ts";

type Given = { draft: Draft; group: string; canAsk: boolean; focus: () => void };

export function useSuggestion({ draft, group, canAsk, focus }: Given) {
  const t = useTexts(texts);
  const suggesting = suggestingFor(draft);
  const state = useSyncExternalStore(suggesting.subscribe, suggesting.seen);
  const isBusy = state.kind === "busy";
  const isOpen = useRef(true);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);
  const say = (found: State) => {
    if (found.kind === "placed") announce(t.placed);
    else if (found.kind === "offered") announce(t.offered);
    else if (found.kind === "none") announce(t.none[found.suggestion.withheld ?? "no_answer"]);
    // It is shown in its place, unless a suggestion is still shown there.
    else if (found.kind === "failed" && suggesting.seen() !== found) tellFailure(found.error);
  };
  const ask = () => {
    focus();
    announce(t.busy);
    void suggesting.ask().then((found) => found && isOpen.current && say(found));
  };
  const stop = () => {
    suggesting.close();
    focus();
  };
  const discard = () => {
    const undo = suggesting.discard();
    if (undo) tellUndoable(t.discarded, t.undo, async () => undo());
    focus();
  };
  const insertBelow = () => {
    suggesting.insertBelow();
    focus();
  };
  useCommands([
    ...(canAsk && !isBusy ? [{ id: "inbox-suggest", label: t.suggest, group, keys: "s", run: ask }] : []),
    ...(isBusy ? [{ id: "inbox-suggest-stop", label: t.stop, group, keys: "Escape", run: stop }] : []),
  ]);
  return {
    state,
    isBusy,
    label: t.suggest,
    does: { ask, stop, discard, insertBelow },
    /** What was written is sent: nothing is suggested any more. */
    close: () => suggesting.close(),
    press: (event: KeyboardEvent): boolean => {
      if (!isBusy || event.key !== "Escape") return false;
      event.preventDefault();
      stop();
      return true;
    },
  };
}
