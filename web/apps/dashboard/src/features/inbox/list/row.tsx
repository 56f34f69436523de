/** One conversation in the list. Plain elements: there may be hundreds. */
import { memo, type MouseEvent } from "react";
import type { Entry } from "../../../live/shapes.ts";
import { ago, dateTime } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import { texts } from "../texts.ts";
import classes from "./list.module.css";

export type Told = {
  id: string;
  href: string;
  name: string;
  author: string;
  text: string;
  hand: string;
  state: Entry["state"];
  time: string;
  moment: string;
  waits: boolean;
  unread: boolean;
  draft: boolean;
  missed: boolean;
  due: string;
  project: string;
  looking: string;
  /** Joined, so that rows that say the same are the same. */
  tags: string;
  isOpen: boolean;
};

/** Its place in the list: from 1, among so many (-1 if nobody knows), and the gaps around it. */
type Where = { place: number; of: number; before: number; after: number };

type Props = Told & Where & { open: (id: string) => void };

/** Tags have no line breaks. */
export const TAGS = "\n";

export const Row = memo(function Row({ id, href, open, isOpen, place, of, before, after, ...told }: Props) {
  const t = useTexts(texts);
  const choose = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(id);
  };
  const tags = told.tags ? told.tags.split(TAGS) : [];
  const gaps = before || after ? { marginBlockStart: before, marginBlockEnd: after } : undefined;
  return (
    <li className={classes.row} style={gaps} data-unread={told.unread || undefined} data-row={id} aria-posinset={place} aria-setsize={of}>
      <a href={href} onClick={choose} aria-current={isOpen ? "true" : undefined} draggable={false}>
        <span className={classes.top}>
          <span className={classes.name} dir="auto">{told.unread && <span className={classes.hidden}>{t.unread}: </span>}{told.name}</span>
          <time className={told.waits ? classes.wait : classes.time} dateTime={told.moment} title={dateTime(told.moment)}>{told.time}</time>
        </span>
        <span className={classes.text} dir="auto">{told.author && <span>{told.author}: </span>}{told.text}</span>
        <span className={classes.marks}>
          <span className={classes.hand} data-state={told.state}>{told.hand}</span>
          {told.draft && <span className={classes.mark} data-tone="warn">{t.draft}</span>}
          {told.missed && <span className={classes.mark} data-tone="bad">{t.missed}</span>}
          {told.due && <span className={classes.mark} data-tone="warn">{t.due(ago(told.due))}</span>}
          {told.looking && <span className={classes.mark} data-tone="here">{told.looking}</span>}
          {tags.map((one) => <span key={one} className={classes.mark} dir="auto">{one}</span>)}
          {told.project && <span className={classes.project} dir="auto">{told.project}</span>}
        </span>
      </a>
    </li>
  );
});
