/** The record of an answer, from the question to how long it took. The playground and the inbox show it. */
import { useTexts } from "../../texts/index.ts";
import { Candidates } from "./candidates.tsx";
import { Reading } from "./reading.tsx";
import { More, Verbatim } from "./section.tsx";
import type { Trace } from "./shapes.ts";
import { texts } from "./texts.ts";
import { Times } from "./times.tsx";
import classes from "./trace.module.css";
import { Writing } from "./writing.tsx";

/** `asked` is what the visitor wrote; with `other`, what differs from that record is told. */
export function TraceView({ trace, asked, other }: { trace: Trace; asked: string; other?: Trace | null }) {
  const t = useTexts(texts);
  const hasLooked = Boolean(trace.rewritten || trace.candidates?.length || trace.generation);
  return (
    <div className={classes.trace}>
      {hasLooked ? <Reading trace={trace} asked={asked} /> : <p className={classes.note}>{t.nothingLooked}</p>}
      {hasLooked && <Candidates trace={trace} other={other} />}
      {trace.generation && <Writing generation={trace.generation} />}
      <Times trace={trace} />
      <More title={t.raw}><Verbatim label={t.raw}>{JSON.stringify(trace, null, 2)}</Verbatim></More>
    </div>
  );
}
