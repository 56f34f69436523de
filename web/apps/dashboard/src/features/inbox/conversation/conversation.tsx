/** The conversation that the address names, with where to write. */
import { Problem } from "@answerdesk/api";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useMay } from "../../../api/queries.ts";
import { useCommands } from "../../../app/commands.ts";
import { useLive, useStore } from "../../../live/hooks.ts";
import { Empty, Failure, Loading } from "../../../parts/states.tsx";
import { useTexts } from "../../../texts/index.ts";
import { useInboxAddress } from "../address.ts";
import * as calls from "../calls.ts";
import { Composer } from "../compose/composer.tsx";
import { useNames } from "../names.ts";
import { announce } from "../news.tsx";
import { texts } from "../texts.ts";
import { useThread } from "../threads.ts";
import classes from "./conversation.module.css";
import { Head } from "./head.tsx";
import { ThreadView } from "./threadview.tsx";

const AnswerRecord = lazy(() => import("./answerrecord.tsx"));

export function Conversation({ id }: { id: string }) {
  const t = useTexts(texts);
  const store = useStore("entry", "own", "people", "all", "gone");
  const failure = useEntry(id);
  const entry = store.entries.get(id);
  if (failure instanceof Problem && (failure.status === 404 || failure.status === 422)) return <div className={classes.pane}><Empty icon="info" title={t.notThere} /></div>;
  if (failure) return <div className={classes.pane}><Failure error={failure} /></div>;
  if (!entry) return <div className={classes.pane}><div className={classes.loading}><Loading rows={8} /></div></div>;
  return <Opened id={id} />;
}

/** Read the entry, if no list has it. */
function useEntry(id: string): unknown {
  const { store } = useLive();
  const [failure, setFailure] = useState<unknown>(null);
  const isKnown = store.entries.has(id);
  useEffect(() => {
    if (isKnown) return;
    let isOver = false;
    calls.entry(id).then(
      (entry) => store.keep([entry]),
      (error: unknown) => isOver || setFailure(error),
    );
    return () => {
      isOver = true;
    };
  }, [store, id, isKnown]);
  return isKnown ? null : failure;
}

function Opened({ id }: { id: string }) {
  const t = useTexts(texts);
  const may = useMay();
  const names = useNames();
  const { store } = useLive();
  const { search, change } = useInboxAddress();
  const thread = useThread(id);
  const title = useRef<HTMLHeadingElement>(null);
  const entry = store.entries.get(id);
  useEffect(() => title.current?.focus({ preventScroll: true }), [id]);
  useEffect(() => {
    thread.heard = ({ message, note }) =>
      announce(message ? `${names.author(message, store.entries.get(id))}: ${message.content}` : `${t.privateNote}, ${names.noteAuthor(note)}: ${note.content}`);
  });
  useCommands([{ id: "inbox-list", label: t.toList, group: t.title, keys: "u", run: () => change({ conversation: undefined, answer: undefined }) }]);
  if (!entry) return null;
  return (
    <section className={classes.pane} aria-labelledby="conversation-title" data-pane="conversation">
      <Head entry={entry} title={title} thread={thread} />
      <ThreadView key={id} thread={thread} entry={entry} />
      {may("conversations:write") ? <Composer key={id} entry={entry} thread={thread} /> : <p className={classes.readOnly}>{t.readOnly}</p>}
      {search.answer && (
        <Suspense>
          <AnswerRecord thread={thread} message={search.answer} close={() => change({ answer: undefined }, true)} />
        </Suspense>
      )}
    </section>
  );
}
