/** Links to addresses that visitors, pages or models have given: only the harmless kinds become links. */
import type { ReactNode } from "react";
import { Icon } from "./icons.tsx";
import classes from "./outside.module.css";

const HARMLESS = new Set(["http:", "https:", "mailto:"]);

/** The address if it may be linked, else null. One of ours may be without its beginning. */
export function harmless(address: string | null | undefined): string | null {
  if (!address || !URL.canParse(address, location.origin)) return null;
  const url = new URL(address, location.origin);
  return HARMLESS.has(url.protocol) ? url.href : null;
}

/** A link that opens in a new tab, or just its text where the address must not be linked. */
export function Outside({ href, children, plain }: { href: string | null | undefined; children?: ReactNode; plain?: boolean }) {
  const safe = harmless(href);
  if (!safe) return <span dir="auto">{children ?? href}</span>;
  return (
    <a className={classes.link} href={safe} target="_blank" rel="noopener noreferrer" dir="auto">
      {children ?? href}
      {!plain && <Icon name="external" size={13} />}
    </a>
  );
}
