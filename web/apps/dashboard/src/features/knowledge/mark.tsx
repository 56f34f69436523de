/** A state: a dot in its colour, and its words, which say the same. */
import classes from "./mark.module.css";
import type { State } from "./states.ts";

export function Mark({ state: { tone, text } }: { state: State }) {
  return <span className={classes.mark} data-tone={tone}>{text}</span>;
}

/** How far something is; null while that is unknown. */
export function Bar({ value, label, says }: { value: number | null; label: string; says?: string }) {
  const known = value === null ? {} : { value };
  return <progress className={classes.bar} max={1} aria-label={label} aria-valuetext={says} {...known} />;
}
