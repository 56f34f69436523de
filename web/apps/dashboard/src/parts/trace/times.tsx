/** How long each step of an answer took. */
import { language, useTexts } from "../../texts/index.ts";
import { Bar, Section } from "./section.tsx";
import type { Trace } from "./shapes.ts";
import { texts } from "./texts.ts";
import classes from "./trace.module.css";

export function milliseconds(value: number | null | undefined): string | null {
  if (typeof value !== "number") return null;
  const isLong = value >= 10_000;
  const format = { style: "unit", unit: isLong ? "second" : "millisecond", unitDisplay: "short", maximumFractionDigits: value < 100 || isLong ? 1 : 0 } as const;
  return new Intl.NumberFormat(language(), format).format(isLong ? value / 1000 : value);
}

export function Times({ trace }: { trace: Trace }) {
  const t = useTexts(texts);
  const { stages = {}, milliseconds: total } = trace;
  const names = Object.keys(t.stages).filter((name) => name in stages);
  if (!names.length) return null;
  const most = Math.max(...Object.values(stages), 0.01);
  return (
    <Section title={t.times}>
      <table className={classes.times}>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope="row">{t.stages[name as keyof typeof t.stages]}</th>
              <td><Bar share={(stages[name] ?? 0) / most} /></td>
              <td className={classes.number}>{milliseconds(stages[name])}</td>
            </tr>
          ))}
          {typeof total === "number" && (
            <tr><th scope="row">{t.total}</th><td /><td className={classes.number}>{milliseconds(total)}</td></tr>
          )}
        </tbody>
      </table>
    </Section>
  );
}
