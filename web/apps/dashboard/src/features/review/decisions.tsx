/** A list of things to decide about, with the chosen one beside it. */
import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useCommands } from "../../app/commands.ts";
import { useHidden } from "../../parts/hidden.ts";
import { Icon } from "../../parts/icons.tsx";
import { Failure, Loading } from "../../parts/states.tsx";
import { texts as everywhere } from "../../parts/texts.ts";
import { useTexts } from "../../texts/index.ts";
import classes from "./review.module.css";
import { texts } from "./texts.ts";

type Query<T> = {
  data?: { pages: { items: T[] }[] };
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
};

type Props<T> = {
  label: string;
  query: Query<T>;
  /** The id in the address. Without one the first is shown, except on a phone. */
  opened: string | undefined;
  open: (id: string | undefined) => void;
  row: (one: T) => ReactNode;
  /** What is beside the list; `next` goes on once it is decided about. */
  detail: (one: T, next: () => void) => ReactNode;
  filter: ReactNode;
  nothing: ReactNode;
};

export function Decisions<T extends { id: string }>({ label, query, opened, open, row, detail, filter, nothing }: Props<T>) {
  const t = useTexts(texts);
  const e = useTexts(everywhere);
  const hidden = useHidden();
  const rows = useRef<HTMLUListElement>(null);
  const items = query.data?.pages.flatMap((part) => part.items).filter(({ id }) => !hidden.has(id)) ?? [];
  const shown = items.find(({ id }) => id === opened) ?? items[0];
  const place = shown ? items.indexOf(shown) : -1;
  const move = (by: number) => {
    const wanted = items[Math.min(items.length - 1, Math.max(0, place + by))];
    if (wanted) open(wanted.id);
  };
  const next = () => open((items[place + 1] ?? items[place - 1])?.id);
  useCommands([
    { id: "next", label: t.next, group: t.review, keys: "j", run: () => move(1) },
    { id: "previous", label: t.previous, group: t.review, keys: "k", run: () => move(-1) },
  ]);
  useEffect(() => {
    rows.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }, [shown?.id]);
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Loading />;
  return (
    <>
      <div className={classes.filter}>{filter}</div>
      {shown ? (
        <div className={classes.split} data-open={opened !== undefined || undefined}>
          <div className={classes.side}>
            <ul ref={rows} className={classes.rows} aria-label={label}>
              {items.map((one) => (
                <li key={one.id}><button type="button" className={classes.row} aria-current={one === shown} onClick={() => open(one.id)}>{row(one)}</button></li>
              ))}
            </ul>
            {query.hasNextPage && <Button fullWidth mt="xs" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{e.more}</Button>}
          </div>
          <div className={classes.detail}>
            <Button className={classes.back} variant="subtle" size="compact-sm" leftSection={<Icon name="left" size={14} />} onClick={() => open(undefined)}>{t.back}</Button>
            {detail(shown, next)}
          </div>
        </div>
      ) : nothing}
    </>
  );
}

/** The key of a button's command, for those who see it. */
export function Key({ children }: { children: string }) {
  return <kbd className={classes.keys} aria-hidden="true">{children}</kbd>;
}
