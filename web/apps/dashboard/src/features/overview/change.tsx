/** How a number differs from the one before, in words and with an arrow, never by colour alone. */
import { duration, number, percent } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import classes from "./overview.module.css";
import { texts } from "./texts.ts";

type Texts = (typeof texts)["en"];
type Kind = "count" | "time" | "points";

/** `good` is the direction that is better; null where none is. */
export type Changed = { said: string; before: string; direction: "up" | "down" | null; good: "up" | "down" | null };

export function differenceOf(now: number | null, before: number | null, good: Changed["good"], t: Texts, kind: Kind): Changed {
  const was = before === null || before === 0 ? "" : t.beforeWas(write(before, kind));
  if (now === null || before === null) return { said: t.noComparison, before: was, direction: null, good };
  // What is written alike is alike: seconds and points are rounded.
  if (now === before || (kind !== "count" && Math.round(now) === Math.round(before))) return { said: t.same, before: "", direction: null, good };
  const direction = now > before ? "up" : "down";
  return { said: difference(now, before, t, kind), before: was, direction, good };
}

function difference(now: number, before: number, t: Texts, kind: Kind): string {
  const isUp = now > before;
  const by = Math.abs(now - before);
  if (kind === "time") return isUp ? t.longer(duration(by)) : t.shorter(duration(by));
  if (kind === "points") return t.points(number(Math.round(by)), isUp ? t.higher : t.lower);
  if (before === 0) return t.newNow;
  return isUp ? t.more(percent(by / before)) : t.fewer(percent(by / before));
}

function write(value: number, kind: Kind): string {
  if (kind === "time") return duration(value);
  return kind === "points" ? percent(value / 100) : number(value);
}

export function Change({ change: { said, before, direction, good } }: { change: Changed }) {
  const t = useTexts(texts);
  const tone = direction && good ? (direction === good ? "better" : "worse") : undefined;
  return (
    <p className={classes.change} data-tone={tone}>
      {direction && <span aria-hidden="true">{direction === "up" ? "↑" : "↓"}</span>} {said}
      {tone && <span className={classes.hidden}> ({t[tone]})</span>}
      {before && <span className={classes.before}>{before}</span>}
    </p>
  );
}
