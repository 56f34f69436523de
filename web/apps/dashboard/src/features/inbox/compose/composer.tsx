/** Where a person writes: to the visitor, or a private note to colleagues. */
import { Button } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useCommands } from "../../../app/commands.ts";
import { useLive } from "../../../live/hooks.ts";
import type { Entry } from "../../../live/shapes.ts";
import { tellFailure } from "../../../parts/notify.tsx";
import { useTexts } from "../../../texts/index.ts";
import * as calls from "../calls.ts";
import type { Mode } from "../calls.ts";
import { useNames } from "../names.ts";
import { texts } from "../texts.ts";
import type { Thread } from "../thread.ts";
import { draftsOf } from "../threads.ts";
import { CannedButton } from "./cannedbutton.tsx";
import classes from "./compose.module.css";
import { Obstacle } from "./obstacle.tsx";
import { Offered, useOffering } from "./offered.tsx";
import { isSending, onSending, send } from "./sending.ts";
import { SuggestionLine } from "./suggestion.tsx";
import { useSuggestion } from "./usesuggestion.ts";

const TYPING_MS = 3000;
const LONGEST = { reply: 8000, note: 10_000 };

/** Another conversation has another composer. */
export function Composer({ entry, thread }: { entry: Entry; thread: Thread }) {
  const t = useTexts(texts);
  const names = useNames();
  const { store } = useLive();
  const drafts = draftsOf(store);
  const { id } = entry;
  // Whoever has only begun a note finds it again.
  const [mode, setMode] = useState<Mode>(() => (drafts.of(id, "note").text && !drafts.of(id, "reply").text ? "note" : "reply"));
  const [refusal, setRefusal] = useState<unknown>(null);
  const draft = drafts.of(id, mode);
  useSyncExternalStore(draft.subscribe, draft.seen);
  const isBusy = useSyncExternalStore(onSending, () => isSending(id));
  const field = useRef<HTMLTextAreaElement>(null);
  const isOpen = useRef(true);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);
  // An editor that is left saves its draft, and never another one's.
  useEffect(() => () => void draft.save(), [draft]);
  const holder = mode === "reply" ? names.holder(entry) : "";

  const canSuggest = mode === "reply" && !holder && entry.state !== "closed";
  const suggestion = useSuggestion({ draft: drafts.of(id, "reply"), group: t.conversation, canAsk: canSuggest, focus: () => field.current?.focus() });

  const choose = (next: Mode) => {
    setMode(next);
    setRefusal(null);
    field.current?.focus();
  };
  const deliver = async (goAhead: boolean) => {
    if (holder && !goAhead) return;
    setRefusal(null);
    try {
      await send({ thread, draft, mode, goAhead });
      if (mode === "reply") suggestion.close();
    } catch (error) {
      if (!isOpen.current) return tellFailure(error);
      await thread.read().then((show) => show());
      setRefusal(error);
    }
  };
  const takeOver = () => {
    setRefusal(null);
    void calls.claim(id, true).then(() => field.current?.focus(), tellFailure);
  };
  const insert = (content: string) => {
    const { current } = field;
    const isCommand = /^\/\S*$/.test(draft.text);
    const [start, end] = isCommand || !current ? [0, draft.text.length] : [current.selectionStart, current.selectionEnd];
    draft.write(draft.text.slice(0, start) + content + draft.text.slice(end));
    current?.focus();
  };
  const offering = useOffering({ text: mode === "reply" ? draft.text : "", entry, insert });
  useCommands([
    { id: "inbox-reply", label: t.toReply, group: t.conversation, keys: "r", run: () => choose("reply") },
    { id: "inbox-note", label: t.toNote, group: t.conversation, keys: "n", run: () => choose("note") },
  ]);
  const press = (event: KeyboardEvent) => {
    // During IME composition Enter accepts the word; some browsers report that only by key code 229.
    if (event.nativeEvent.isComposing || event.keyCode === 229 || offering.press(event) || suggestion.press(event)) return;
    if (event.key === "Escape") return field.current?.blur();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void deliver(false);
  };
  const sendLabels = { ai: t.takeAndSend, closed: t.reopenAndSend, waiting: t.send, human: t.send };
  return (
    <form
      className={classes.composer}
      data-mode={mode}
      aria-label={t.write}
      onSubmit={(event) => {
        event.preventDefault();
        void deliver(false);
      }}
    >
      <Obstacle refusal={refusal} entry={entry} thread={thread} sendAnyway={() => void deliver(true)} takeOver={takeOver} keepWriting={() => { setRefusal(null); field.current?.focus(); }} />
      <div className={classes.top}>
        <Modes mode={mode} choose={choose} />
        <label className={classes.label} htmlFor="reply-text" dir="auto">{mode === "note" ? t.noteLabel : t.replyTo(names.visitor(entry))}</label>
      </div>
      {holder && (
        <div className={classes.held} role="note">
          <span dir="auto">{t.holds(holder)}</span>
          <Button size="compact-sm" variant="default" onClick={takeOver}>{t.takeOver}</Button>
          <Button size="compact-sm" variant="subtle" onClick={() => choose("note")}>{t.writeNote}</Button>
        </div>
      )}
      {mode === "reply" && <SuggestionLine state={suggestion.state} thread={thread} does={suggestion.does} />}
      <div className={classes.box}>
        <Offered offering={offering} />
        <textarea
          id="reply-text"
          ref={field}
          className={classes.field}
          rows={3}
          dir="auto"
          autoComplete="off"
          maxLength={LONGEST[mode]}
          placeholder={mode === "note" ? t.noteHint : t.replyHint}
          aria-describedby="reply-keys"
          {...offering.field}
          value={draft.text}
          onChange={({ target }) => draft.write(target.value)}
          onInput={() => mode === "reply" && tellTyping(id)}
          onKeyDown={press}
        />
      </div>
      <div className={classes.foot}>
        <DraftNote mode={mode} draft={draft} />
        <span id="reply-keys" className={classes.keys}>{t.sendKeys(isMac() ? "⌘" : t === texts.de ? "Strg" : "Ctrl")}</span>
        {canSuggest && <Button size="compact-sm" variant="subtle" color="gray" disabled={suggestion.isBusy} onClick={suggestion.does.ask}>{suggestion.label}</Button>}
        {mode === "reply" && <CannedButton entry={entry} text={draft.text} insert={insert} />}
        <Button type="submit" size="compact-sm" loading={isBusy} disabled={holder !== "" || !draft.text.trim()} color={mode === "note" ? "yellow" : undefined}>
          {mode === "note" ? t.addNote : sendLabels[entry.state]}
        </Button>
      </div>
    </form>
  );
}

let typedAt = 0;

function tellTyping(id: string): void {
  if (Date.now() - typedAt < TYPING_MS) return;
  typedAt = Date.now();
  calls.typing(id).catch(() => {});
}

const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

function Modes({ mode, choose }: { mode: Mode; choose: (mode: Mode) => void }) {
  const t = useTexts(texts);
  return (
    <fieldset className={classes.modes}>
      <legend className={classes.hidden}>{t.what}</legend>
      {(["reply", "note"] as const).map((one) => (
        <label key={one} className={classes.mode} data-chosen={one === mode || undefined}>
          <input type="radio" name="mode" value={one} checked={one === mode} onChange={() => choose(one)} />
          {t[one]}
        </label>
      ))}
    </fieldset>
  );
}

type NoteOf = { mode: Mode; draft: ReturnType<ReturnType<typeof draftsOf>["of"]> };

function DraftNote({ draft }: NoteOf) {
  const t = useTexts(texts);
  if (draft.other) {
    return (
      <span className={classes.draft}>
        {t.otherDraft} <button type="button" className={classes.link} onClick={() => draft.swap()}>{t.showOther}</button>
      </span>
    );
  }
  const { unsaved } = draft;
  return <span className={classes.draft} data-draft>{unsaved ? (unsaved.kind === "away" ? t.draftAway : unsaved.detail) : draft.isSaved && t.draftSaved}</span>;
}
