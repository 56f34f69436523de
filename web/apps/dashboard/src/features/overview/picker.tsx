/** Chooses the range: a length up to today, or two dates. */
import { Group, SegmentedControl, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTexts } from "../../texts/index.ts";
import { isDay, LENGTHS, type Range, type RangeSearch, USUAL } from "./range.ts";
import { texts } from "./texts.ts";

const OWN = "own";

type Props = {
  search: RangeSearch;
  range: Range;
  /** What is only being typed makes no step to go back to. */
  choose: (search: RangeSearch, isTyped?: boolean) => void;
};

export function RangePicker({ search, range, choose }: Props) {
  const t = useTexts(texts);
  const isOwn = Boolean(search.from);
  const [typed, setTyped] = useState(range);
  const { from, to } = range;
  useEffect(() => setTyped({ from, to }), [from, to]);
  const type = (part: Partial<Range>) => {
    const next = { ...typed, ...part };
    setTyped(next);
    if (isDay(next.from) && isDay(next.to)) choose(next, true);
  };
  return (
    <Group gap="xs" align="flex-end">
      {isOwn && (
        <Group gap="xs">
          <TextInput type="date" size="sm" aria-label={t.from} value={typed.from} max={typed.to} onChange={(event) => type({ from: event.currentTarget.value })} />
          <TextInput type="date" size="sm" aria-label={t.to} value={typed.to} min={typed.from} onChange={(event) => type({ to: event.currentTarget.value })} />
        </Group>
      )}
      <SegmentedControl
        aria-label={t.range}
        // A label whose colour is on its way to another theme is hard to read.
        transitionDuration={0}
        value={isOwn ? OWN : String(search.days ?? USUAL)}
        onChange={(value) => choose(value === OWN ? range : { days: Number(value) })}
        data={[...LENGTHS.map((days) => ({ value: String(days), label: t.lastDays(days) })), { value: OWN, label: t.own }]}
      />
    </Group>
  );
}
