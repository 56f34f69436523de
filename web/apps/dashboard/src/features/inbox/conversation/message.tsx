/** A message or a note. What others wrote is text; links are checked. */
import { memo } from "react";
import { useMay } from "../../../api/queries.ts";
import type { Entry, Message, Note } from "../../../live/shapes.ts";
import { Blocks, Sources } from "../../../parts/answer/blocks.tsx";
import { later } from "../../../parts/notify.tsx";
import { dateTime, percent, time } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import { authorised } from "../../../session/session.ts";
import { useInboxAddress } from "../address.ts";
import { useNames } from "../names.ts";
import { texts } from "../texts.ts";
import type { Thread } from "../thread.ts";
import classes from "./conversation.module.css";

export const MessageItem = memo(function MessageItem({ message, entry }: { message: Message; entry: Entry }) {
  const names = useNames();
  const { author, blocks, sources } = message;
  return (
    <li className={classes.said} data-author={author} id={message.id}>
      <h3 className={classes.by}><span dir="auto">{names.author(message, entry)}</span> <Stamp at={message.created_at} /></h3>
      <div className={classes.bubble}>
        {author === "assistant" && blocks.length > 0 ? <Blocks blocks={blocks} sources={sources} /> : <PlainText text={message.content} />}
        {author === "assistant" && <Sources sources={sources} blocks={blocks} />}
      </div>
      <Foot message={message} />
    </li>
  );
});

const Stamp = ({ at }: { at: string }) => <time dateTime={at} title={dateTime(at)}>{time(at)}</time>;

function PlainText({ text }: { text: string }) {
  const parts = text.split(/\n[^\S\n]*\n/).filter((part) => part.trim());
  return parts.map((part, place) => <p key={place} dir="auto" className={classes.plain}>{part.trim()}</p>);
}

function Foot({ message }: { message: Message }) {
  const t = useTexts(texts);
  const { change } = useInboxAddress();
  const { id, author, sources, confidence, abstained, feedback, question_id: question, turn, context } = message;
  const isAnswer = author === "assistant";
  // Null: it answers no question. Frames don't tell.
  const hasRecord = isAnswer && question !== null;
  const hasFailed = turn?.state === "failed";
  if (!hasRecord && !feedback && !hasFailed && !context && !abstained) return null;
  return (
    <div className={classes.foot}>
      {isAnswer && confidence !== null && sources.length > 0 && <span>{t.confidence(percent(confidence))}</span>}
      {abstained && <span className={classes.tag} data-tone="warn">{t.noAnswer}</span>}
      {feedback && <span className={classes.tag} data-tone={feedback.rating === "positive" ? "good" : "bad"}>{feedback.rating === "positive" ? t.helpful : t.notHelpful}</span>}
      {feedback?.reason && <q dir="auto">{feedback.reason}</q>}
      {hasFailed && <span className={classes.tag} data-tone="bad">{t.failedAnswer}</span>}
      {hasRecord && <button type="button" className={classes.link} onClick={() => change({ answer: id })}>{t.how}</button>}
      {context && <details><summary>{t.context}</summary><p dir="auto" className={classes.plain}>{context}</p></details>}
    </div>
  );
}

export function NoteItem({ note, thread }: { note: Note; thread: Thread }) {
  const t = useTexts(texts);
  const may = useMay();
  const names = useNames();
  const remove = () => {
    thread.hideNote(note, true);
    later({
      message: t.noteRemoved,
      commit: () => authorised(`/v1/conversations/${note.conversation_id}/notes/${note.id}`, { method: "DELETE", keepalive: true }),
      restore: () => thread.hideNote(note, false),
    });
    document.getElementById("conversation-title")?.focus();
  };
  return (
    <li className={classes.said} data-author="note" id={note.id}>
      <h3 className={classes.by}>
        <span className={classes.tag} data-tone="warn">{t.privateNote}</span> <span dir="auto">{names.noteAuthor(note)}</span> <Stamp at={note.created_at} />
        {may("conversations:write") && <button type="button" className={classes.link} onClick={remove}>{t.remove}</button>}
      </h3>
      <div className={classes.bubble}><PlainText text={note.content} /></div>
    </li>
  );
}
