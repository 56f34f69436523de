/** A number day by day: a small picture, and the same as a table. */
import { date, number } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import classes from "./overview.module.css";
import type { Overview } from "./queries.ts";
import { texts } from "./texts.ts";

export type Counted = "conversations" | "answered" | "abstained" | "handed_over" | "leads";
type Props = { days: Overview["days"]; what: Counted };

const HEIGHT = 40;
/** Of each day's width; the rest is the gap to the next. */
const WIDTH = 0.7;

/** Decoration: the table beside it says the same. */
export function Picture({ days, what }: Props) {
  const most = Math.max(...days.map((one) => one[what]), 1);
  const bars = days.map((one, place) => {
    const top = HEIGHT - Math.max(one[what] ? 2 : 0.75, (one[what] / most) * HEIGHT);
    return `M${place} ${HEIGHT}V${top.toFixed(2)}h${WIDTH}V${HEIGHT}z`;
  });
  return (
    <svg className={classes.picture} viewBox={`0 0 ${days.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <path d={bars.join("")} />
    </svg>
  );
}

export function Days({ days, what, name }: Props & { name: string }) {
  const t = useTexts(texts);
  return (
    <details className={classes.days}>
      <summary aria-label={t.tableOf(name)}>{t.byDay}</summary>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={t.tableOf(name)}>
        <table>
          <thead><tr><th scope="col">{t.day}</th><th scope="col">{name}</th></tr></thead>
          <tbody>
            {days.toReversed().map((one) => (
              <tr key={one.date}><th scope="row">{date(`${one.date}T12:00:00`)}</th><td>{number(one[what])}</td></tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
