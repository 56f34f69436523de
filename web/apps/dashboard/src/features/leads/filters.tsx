/** Search and filters of the leads; they are in the address, so that reload and back keep them. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { type Ref, useEffect, useRef, useState } from "react";
import { Icon } from "../../parts/icons.tsx";
import { useTexts } from "../../texts/index.ts";
import classes from "./leads.module.css";
import type { LeadFilters } from "./search.ts";
import { texts } from "./texts.ts";

const TYPING_MS = 250;

type Props = { filters: LeadFilters; onChange: (filters: LeadFilters) => void; field: Ref<HTMLInputElement> };

export function Filters({ filters, onChange, field }: Props) {
  const t = useTexts(texts);
  const [typed, setTyped] = useState(filters.q ?? "");
  const sent = useRef(filters.q ?? "");
  useEffect(() => {
    // Back and forward change the search from outside; an own change is already in the field.
    if ((filters.q ?? "") !== sent.current) setTyped(filters.q ?? "");
    sent.current = filters.q ?? "";
  }, [filters.q]);
  const change = (next: { [K in keyof LeadFilters]: LeadFilters[K] | undefined }) =>
    onChange(Object.fromEntries(Object.entries({ ...filters, ...next }).filter(([, value]) => value !== undefined && value !== "")));
  const search = useDebouncedCallback((words: string) => {
    sent.current = words.trim();
    change({ q: words.trim() });
  }, TYPING_MS);
  const consent = filters.consent === undefined ? "" : String(filters.consent);
  return (
    <search className={classes.filters}>
      <TextInput
        ref={field}
        className={classes.words}
        type="search"
        label={t.search}
        placeholder={t.searchHint}
        leftSection={<Icon name="search" size={16} />}
        maxLength={200}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      <TextInput type="date" label={t.from} value={filters.from ?? ""} max={filters.to} onChange={(event) => change({ from: event.currentTarget.value })} />
      <TextInput type="date" label={t.until} value={filters.to ?? ""} min={filters.from} onChange={(event) => change({ to: event.currentTarget.value })} />
      <NativeSelect
        label={t.consent}
        value={consent}
        onChange={(event) => change({ consent: event.currentTarget.value === "" ? undefined : event.currentTarget.value === "true" })}
        data={[{ value: "", label: t.any }, { value: "true", label: t.withConsent }, { value: "false", label: t.withoutConsent }]}
      />
      {Object.keys(filters).length > 0 && (
        <Button
          variant="default"
          onClick={() => {
            setTyped("");
            onChange({});
          }}
        >
          {t.clear}
        </Button>
      )}
    </search>
  );
}
