/** The passages that the search found, with each score, and what became of them. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { percent } from "../../texts/formats.ts";
import { language, useTexts } from "../../texts/index.ts";
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
  const highest = Math.max(...all.map(({ reranker }) => reranker ?? 0), 0.0001);
  const rows = [
    // The score is the logarithm of odds; people know chances.
    { name: t.score, said: percent(chance(one.score)), share: chance(one.score) },
    { name: t.words, said: percent(one.bm25), share: one.bm25 },
    { name: t.meaning, said: percent(one.similarity), share: one.similarity },
    // A service has a scale of its own.
    ...(typeof one.reranker === "number" ? [{ name: t.reranker, said: decimal(one.reranker), share: one.reranker / highest }] : []),
  ];
  return (
    <dl className={classes.scores}>
      {rows.map(({ name, said, share }, row) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd><Bar share={share} quiet={row > 0} /><span className={classes.number}>{said}</span></dd>
        </div>
      ))}
    </dl>
  );
}

const chance = (logOdds: number) => 1 / (1 + Math.exp(-logOdds));
const decimal = (value: number) => new Intl.NumberFormat(language(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
