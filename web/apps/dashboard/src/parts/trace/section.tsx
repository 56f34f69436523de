/** What the parts of a record are made of: a titled part, facts, bars. */
import { type ReactNode, useId } from "react";
import classes from "./trace.module.css";

export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    // Two records can stand side by side, so their parts are no landmarks, which need names of their own.
    <div role="group" className={classes.section} aria-labelledby={id}>
      <h3 id={id} className={classes.title}>{title}</h3>
      {children}
    </div>
  );
}

/** Names with what is known; those without are left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== "");
  if (!known.length) return null;
  return (
    <dl className={classes.facts}>
      {known.map(([name, value]) => <div key={name}><dt>{name}</dt><dd dir="auto">{value}</dd></div>)}
    </dl>
  );
}

/** A picture of a number that stands beside it, so it says nothing to screen readers. */
export function Bar({ share, quiet }: { share: number; quiet?: boolean }) {
  const width = `${Math.round(100 * Math.min(1, Math.max(0, share)))}%`;
  return <span className={classes.bar} data-quiet={quiet || undefined} aria-hidden="true"><span style={{ inlineSize: width }} /></span>;
}

export function Tag({ tone, children }: { tone: "good" | "bad" | "warn" | "calm"; children: ReactNode }) {
  return <span className={classes.tag} data-tone={tone}>{children}</span>;
}

/** Longer things that few look at. */
export function More({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className={classes.more}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

/** Text as it is; wide or long text scrolls in its own box, which is reachable by keyboard. */
export function Verbatim({ label, children }: { label: string; children: string }) {
  return <pre className={classes.verbatim} dir="auto" tabIndex={0} role="group" aria-label={label}>{children}</pre>;
}
