/** Rows of things with what can be done to each, and the names and values of one thing. */
import { Button, Center } from "@mantine/core";
import type { ReactNode } from "react";
import { useTexts } from "../../../../texts/index.ts";
import classes from "./parts.module.css";
import { texts } from "./texts.ts";

export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return <ul className={classes.rows} aria-label={label}>{children}</ul>;
}

/** A row with its main text, what is less important under it, and its buttons at the end. */
export function Row({ title, note, end, children }: { title: ReactNode; note?: ReactNode; end?: ReactNode; children?: ReactNode }) {
  return (
    <li className={classes.row}>
      <div className={classes.text}>
        <div className={classes.name}>{title}</div>
        {note && <div className={classes.note}>{note}</div>}
        {children}
      </div>
      {end && <div className={classes.end}>{end}</div>}
    </li>
  );
}

/** Names with their values; those without a value are left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {facts.filter(([, value]) => value !== null && value !== "" && value !== false).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

type More = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

/** The next part of a long list. */
export function MoreButton({ query }: { query: More }) {
  const t = useTexts(texts);
  if (!query.hasNextPage) return null;
  return (
    <Center mt="md">
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t.loadMore}</Button>
    </Center>
  );
}

/** Why there are no buttons, for people whose role lets them look only. */
export function ReadOnly() {
  const t = useTexts(texts);
  return <p className={classes.readonly}>{t.readOnly}</p>;
}
