/** What differs between two answers to the same question, side by side. */
import { useQuery } from "@tanstack/react-query";
import { texts as ofTrace } from "../../parts/trace/texts.ts";
import { milliseconds } from "../../parts/trace/times.tsx";
import { number, percent } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import classes from "./playground.module.css";
import { type Trial, type Tried, trialQuery } from "./queries.ts";
import { texts } from "./texts.ts";

export function Differences({ projectId, one, other }: { projectId: string; one: Trial; other: Trial }) {
  const t = useTexts(texts);
  const of = useTexts(ofTrace);
  const { data: first } = useQuery({ ...trialQuery(projectId, one), enabled: false });
  const { data: second } = useQuery({ ...trialQuery(projectId, other), enabled: false });
  if (!first || !second) return null;
  const rows = compared(first, second, t, of);
  return (
    <section className={classes.differences} aria-labelledby="differences">
      <h2 id="differences" className={classes.title}>{t.differences}</h2>
      {rows.length === 0 ? (
        <p className={classes.note}>{t.noDifferences}</p>
      ) : (
        <div className={classes.scroll} tabIndex={0} role="group" aria-labelledby="differences">
          <table>
            <thead><tr><th scope="col">{t.what}</th><th scope="col">{t.first}</th><th scope="col">{t.second}</th></tr></thead>
            <tbody>
              {rows.map(({ name, values }) => (
                <tr key={name}><th scope="row">{name}</th>{values.map((value, place) => <td key={place} dir="auto">{value}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

type Row = { name: string; values: [string, string] };

function compared(first: Tried, second: Tried, t: (typeof texts)["en"], of: (typeof ofTrace)["en"]): Row[] {
  const rows: [string, (one: Tried) => string | null | undefined][] = [
    [t.decision, ({ decision }) => of[decision]],
    [t.confidence, ({ confidence }) => (confidence === null ? null : percent(confidence))],
    [t.said, ({ content }) => content],
    [t.sources, ({ sources }) => sources.map(({ title }) => title).join(" · ")],
    [t.readAs, ({ trace }) => trace.rewritten],
    [t.bestPassage, ({ trace }) => trace.candidates?.[0]?.title || trace.candidates?.[0]?.document],
    [t.writer, ({ trace }) => trace.generation?.model ?? (trace.generation ? of.aModel : of.ownWords)],
    [t.tokens, ({ trace: { generation } }) => (typeof generation?.input_tokens === "number" ? of.readWritten(number(generation.input_tokens), number(generation.output_tokens ?? 0)) : null)],
    [t.cost, ({ trace }) => trace.generation?.cost],
  ];
  const found = rows.map(([name, read]): Row => ({ name, values: [read(first) || "–", read(second) || "–"] })).filter(({ values: [one, other] }) => one !== other);
  // Two times are never quite equal, so they only stand beside other differences.
  return found.length ? [...found, { name: t.time, values: [milliseconds(first.milliseconds) ?? "–", milliseconds(second.milliseconds) ?? "–"] }] : [];
}
