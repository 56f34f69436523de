/** The messages and notes of a conversation, newest at the end. */
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useStore } from "../../../live/hooks.ts";
import type { Entry } from "../../../live/shapes.ts";
import { Icon } from "../../../parts/icons.tsx";
import { Failure, Loading } from "../../../parts/states.tsx";
import { date } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import { joined } from "../names.ts";
import { texts } from "../texts.ts";
import type { Item, Thread } from "../thread.ts";
import { useItems } from "../threads.ts";
import classes from "./conversation.module.css";
import { MessageItem, NoteItem } from "./message.tsx";
import { useReading } from "./presence.ts";

const SHOWN = 100;
const NEAR_END = 120;

export function ThreadView({ thread, entry }: { thread: Thread; entry: Entry }) {
  const t = useTexts(texts);
  const items = useItems(thread);
  const [most, setMost] = useState(SHOWN);
  const shown = items.slice(-most);
  const { box, news, toEnd, onScroll, keepPlace } = useScrolling(thread, items);
  const earlier = () => {
    keepPlace();
    setMost(most + SHOWN * 2);
  };
  return (
    <div className={classes.threadFrame}>
      <div className={classes.thread} ref={box} tabIndex={0} role="region" aria-label={t.messages} onScroll={onScroll}>
        {thread.failure !== null && <Failure error={thread.failure} retry={() => void thread.read().then((show) => show())} />}
        {!thread.isLoaded && thread.failure === null && items.length === 0 && <Loading rows={6} />}
        {items.length > most && <p className={classes.earlier}><button type="button" onClick={earlier}>{t.earlier}</button></p>}
        <ol className={classes.items} aria-label={t.messages}>
          {shown.map((item, place) => (
            <Fragment key={item.id}>
              {dayOf(item) !== dayOf(shown[place - 1]) && <li className={classes.day}>{dayOf(item)}</li>}
              {item.note ? <NoteItem note={item.note} thread={thread} /> : <MessageItem message={item.message} entry={entry} />}
            </Fragment>
          ))}
        </ol>
        {thread.satisfaction && (
          <p className={classes.rating}>
            {t.rating(String(thread.satisfaction.score))}
            {thread.satisfaction.comment && <q dir="auto">{thread.satisfaction.comment}</q>}
          </p>
        )}
      </div>
      {news && <button type="button" className={classes.news} onClick={toEnd}>{t.newMessages}<Icon name="down" size={16} /></button>}
      <Typing id={entry.id} />
    </div>
  );
}

const dayOf = (item: Item | undefined) => (item ? date(new Date(item.at)) : "");

function Typing({ id }: { id: string }) {
  const t = useTexts(texts);
  const store = useStore("typing", "people");
  const names = store.typingIn(id).map((name) => name || t.visitorTypes);
  return <p className={classes.typing} aria-live="polite">{names.length > 0 && t.typing(joined(names, t.and), names.length)}</p>;
}

/** Stays at the end while somebody reads there, and where they are otherwise. */
function useScrolling(thread: Thread, items: readonly Item[]) {
  const box = useRef<HTMLDivElement>(null);
  const wasAtEnd = useRef(true);
  const heightBefore = useRef(0);
  const [news, setNews] = useState(false);
  const isAtEnd = () => {
    const { current } = box;
    return current !== null && current.scrollHeight - current.scrollTop - current.clientHeight < NEAR_END;
  };
  const read = useReading(thread, isAtEnd);
  const toEnd = () => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
    wasAtEnd.current = true;
    setNews(false);
    read();
  };
  const newest = items.at(-1)?.id;
  const known = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (heightBefore.current && box.current) {
      box.current.scrollTop += box.current.scrollHeight - heightBefore.current;
      heightBefore.current = 0;
      return;
    }
    const isNew = newest !== known.current;
    known.current = newest;
    if (wasAtEnd.current) toEnd();
    else if (isNew) setNews(true);
  });
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    // Stay at the end when the window or the field for writing changes its size.
    const observer = new ResizeObserver(() => wasAtEnd.current && current.scrollTo({ top: current.scrollHeight }));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return {
    box,
    news,
    toEnd,
    onScroll: () => {
      wasAtEnd.current = isAtEnd();
      if (!wasAtEnd.current) return;
      setNews(false);
      read();
    },
    /** The next draw adds something above: what is read now stays where it is. */
    keepPlace: () => {
      heightBefore.current = box.current?.scrollHeight ?? 0;
      wasAtEnd.current = false;
    },
  };
}
