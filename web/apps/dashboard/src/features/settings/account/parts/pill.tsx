/** A state in a word, with a colour that helps those who see it. */
import classes from "./parts.module.css";

export type Tone = "good" | "warn" | "bad" | "busy" | "calm";

export function Pill({ tone, children }: { tone: Tone; children: string }) {
  return <span className={classes.pill} data-tone={tone}>{children}</span>;
}
