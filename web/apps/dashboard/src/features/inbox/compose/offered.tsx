/** Canned replies that `/` offers under the field. */
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useState } from "react";
import type { Entry } from "../../../live/shapes.ts";
import { tellFailure } from "../../../parts/notify.tsx";
import { useTexts } from "../../../texts/index.ts";
import * as calls from "../calls.ts";
import type { CannedReply } from "../calls.ts";
import { announce } from "../news.tsx";
import { cannedQuery } from "../queries.ts";
import { texts } from "../texts.ts";
import classes from "./compose.module.css";

const MOST = 8;
const SHORT = 120;

type Given = { text: string; entry: Entry; insert: (content: string) => void };

/** `/` at the beginning, with no blank yet, asks for a canned reply. */
export function useOffering({ text, entry, insert }: Given) {
  const t = useTexts(texts);
  const typed = /^\/(\S*)$/.exec(text)?.[1] ?? null;
  const [refused, setRefused] = useState<string | null>(null);
  const [place, setPlace] = useState(0);
  const isOpen = typed !== null && refused !== text;
  const { data: found } = useQuery({ ...cannedQuery(entry.project_id, typed ?? ""), enabled: isOpen });
  const shown = isOpen && found ? found.slice(0, MOST) : null;
  const count = shown?.length;
  useEffect(() => {
    setPlace(0);
    if (count !== undefined) announce(count ? t.cannedFound(count) : t.cannedNoMatch);
  }, [typed, count, t]);
  const choose = (one: CannedReply) => {
    setRefused(text);
    calls.rendered(one.id, entry.id).then(({ content }) => insert(content), tellFailure);
  };
  const press = (event: KeyboardEvent): boolean => {
    if (!shown) return false;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const one = shown[place];
    if (step && shown.length) setPlace((place + step + shown.length) % shown.length);
    else if ((event.key === "Enter" || event.key === "Tab") && one && !event.shiftKey) choose(one);
    else if (event.key === "Escape") setRefused(text);
    else return false;
    event.preventDefault();
    return true;
  };
  return {
    shown,
    place,
    choose,
    press,
    field: {
      role: shown ? "combobox" : undefined,
      "aria-expanded": shown ? true : undefined,
      "aria-controls": shown ? "canned-offered" : undefined,
      "aria-activedescendant": shown?.length ? `canned-${place}` : undefined,
    },
  };
}

export function Offered({ offering }: { offering: ReturnType<typeof useOffering> }) {
  const t = useTexts(texts);
  const { shown, place, choose } = offering;
  if (!shown) return null;
  return (
    <ul className={classes.offered} id="canned-offered" role="listbox" aria-label={t.canned}>
      {shown.map((one, row) => (
        <li key={one.id} id={`canned-${row}`} role="option" aria-selected={row === place} onMouseDown={(event) => event.preventDefault()} onClick={() => choose(one)}>
          <code>/{one.shortcut}</code> <span dir="auto">{one.title}</span>
          <span className={classes.quiet} dir="auto">{one.content.slice(0, SHORT)}</span>
        </li>
      ))}
      {shown.length === 0 && <li role="option" aria-selected={false} aria-disabled="true" className={classes.quiet}>{t.cannedNoMatch}</li>}
    </ul>
  );
}
