/** What was decided about a message, in a line. */
import { percent } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import { Tag } from "./section.tsx";
import type { Trace } from "./shapes.ts";
import { texts } from "./texts.ts";
import classes from "./trace.module.css";

const TONES = { answer: "good", abstain: "warn", small_talk: "calm", hand_off: "calm", act: "good" } as const;

type Props = { decision: string | null | undefined; confidence?: number | null; trace?: Trace | null };

export function Decided({ decision, confidence, trace }: Props) {
  const t = useTexts(texts);
  const known = decision && decision in TONES ? (decision as keyof typeof TONES) : null;
  const generation = trace?.generation;
  return (
    <p className={classes.tags}>
      <Tag tone={known ? TONES[known] : "calm"}>{known ? t[known] : (decision ?? t.undecided)}</Tag>
      {generation && (generation.failed ? <Tag tone="bad">{t.modelFailed}</Tag> : <Tag tone="calm">{t.writtenBy(generation.model ?? t.aModel)}</Tag>)}
      {!generation && known === "answer" && <Tag tone="calm">{t.ownWords}</Tag>}
      {typeof confidence === "number" && <span className={classes.note}>{t.confidence}: {percent(confidence)}</span>}
    </p>
  );
}
