/** The choice of events: all, or some of those that the format can tell, by what they are about. */
import { Checkbox, Radio, Stack, Text } from "@mantine/core";
import { useLanguage, useTexts } from "../../../../texts/index.ts";
import { EVENTS, GROUPS, groupOf } from "./eventtexts.ts";
import type { EventType, Format } from "./queries.ts";
import { texts } from "./texts.ts";
import classes from "./webhooks.module.css";

type Props = {
  types: readonly EventType[];
  format: Format;
  /** Null for all. */
  value: readonly string[] | null;
  onChange: (value: string[] | null) => void;
};

export function EventChoice({ types, format, value, onChange }: Props) {
  const t = useTexts(texts);
  const spoken = useLanguage();
  const told = types.filter(({ formats }) => formats[format]);
  if (!told.length) return <Text size="sm" c="dimmed">{t.noEvents}</Text>;
  const groups = [...new Set(told.map(({ name }) => groupOf(name)))];
  const toggle = (name: string, isOn: boolean) => onChange(isOn ? [...(value ?? []), name] : (value ?? []).filter((one) => one !== name));
  return (
    <div>
      <Radio.Group label={t.events} value={value === null ? "all" : "some"} onChange={(which) => onChange(which === "all" ? null : [])}>
        <Stack gap={6} mt={6}>
          <Radio value="all" label={t.allEvents} />
          <Radio value="some" label={t.someEvents} />
        </Stack>
      </Radio.Group>
      {value !== null && groups.map((group) => (
        <fieldset key={group} className={classes.group}>
          <legend>{GROUPS[spoken][group]}</legend>
          {told.filter(({ name }) => groupOf(name) === group).map(({ name, summary, formats }) => (
            <Checkbox
              key={name}
              size="sm"
              checked={value.includes(name)}
              onChange={(event) => toggle(name, event.currentTarget.checked)}
              label={EVENTS[spoken][name] ?? summary}
              description={formats[format] === name ? name : `${name} (${t.sentAs(formats[format] ?? "")})`}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}
