/** The passages that the search found, with each score, and what became of them. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useLanguage, useTexts } from "../../texts/index.ts";
import { Bar, Section, Tag } from "./section.tsx";
import { type Candidate, isUsed, type Trace, outcomeOf } from "./shapes.ts";
import { texts } from "./texts.ts";
import classes from "./trace.module.css";

const FIRST = 5;

/** `other` is a record to compare with: what differs from it is told. */
export function Candidates({ trace, other }: { trace: Trace; other?: Trace | null }) {
  const t = useTexts(texts);
  const [isWhole, setIsWhole] = useState(false);
  const { candidates } = trace;
  if (!candidates) return null;
  const shown = isWhole ? candidates : candidates.slice(0, FIRST);
  return (
    <Section title={t.candidates}>
      <p className={classes.note}>{candidates.length ? t.candidatesLead : t.nothingFound}</p>
      <ol className={classes.candidates}>
        {shown.map((one, place) => <Found key={one.chunk} one={one} place={place} trace={trace} other={other} />)}
      </ol>
      {candidates.length > FIRST && (
        <Button size="compact-sm" variant="subtle" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? t.showFewer : t.showAll(candidates.length)}
        </Button>
      )}
    </Section>
  );
}

type FoundProps = { one: Candidate; place: number; trace: Trace; other?: Trace | null };

function Found({ one, place, trace, other }: FoundProps) {
  const t = useTexts(texts);
  const use = outcomeOf(one, trace);
  const told = "place" in use ? t[use.kind](use.place) : t[use.kind];
  return (
    <li className={classes.candidate} data-used={isUsed(use) || undefined}>
      <p className={classes.passage} dir="auto">{one.title || one.document}</p>
      {one.title && one.title !== one.document && <p className={classes.note} dir="auto">{one.document}</p>}
      <p className={classes.tags}>
        <Tag tone={isUsed(use) ? "good" : "calm"}>{told}</Tag>
        <Difference one={one} place={place} other={other} />
      </p>
      <Scores one={one} all={trace.candidates ?? []} />
    </li>
  );
}

function Difference({ one, place, other }: { one: Candidate; place: number; other?: Trace | null }) {
  const t = useTexts(texts);
  if (!other?.candidates) return null;
  const before = other.candidates.findIndex(({ chunk }) => chunk === one.chunk);
  if (before < 0) return <Tag tone="warn">{t.onlyHere}</Tag>;
  return before === place ? null : <Tag tone="warn">{t.moved(before + 1, place + 1)}</Tag>;
}

function Scores({ one, all }: { one: Candidate; all: readonly Candidate[] }) {
  const t = useTexts(texts);
  const most = (read: (candidate: Candidate) => number) => Math.max(...all.map(read), 0.0001);
  const rows = [
    { name: t.score, value: one.score, share: one.score / most(({ score }) => score) },
    { name: t.words, value: one.bm25, share: one.bm25 / most(({ bm25 }) => bm25) },
    { name: t.meaning, value: one.similarity, share: one.similarity },
    ...(typeof one.reranker === "number" ? [{ name: t.reranker, value: one.reranker, share: one.reranker / most(({ reranker }) => reranker ?? 0) }] : []),
  ];
  return (
    <dl className={classes.scores}>
      {rows.map(({ name, value, share }, row) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd><Bar share={share} quiet={row > 0} /><Score value={value} /></dd>
        </div>
      ))}
    </dl>
  );
}

function Score({ value }: { value: number }) {
  const spoken = useLanguage();
  return <span className={classes.number}>{new Intl.NumberFormat(spoken, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value)}</span>;
}
