/** Headers of a call, whose values the server never shows again. */
import { ActionIcon, Button, Group, Text, TextInput } from "@mantine/core";
import { Icon } from "../../../../parts/icons.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { texts } from "./texts.ts";

/** One that is kept has a value on the server, which an empty field leaves as it is. */
export type Header = { name: string; value: string; isKept: boolean };

export function headersPatch(headers: Header[], base: Header[]): Record<string, string | null> {
  const gone = base.filter(({ name }) => !headers.some((one) => one.name === name)).map(({ name }) => [name, null] as const);
  const changed = headers.filter(({ value }) => value !== "").map(({ name, value }) => [name.trim(), value] as const);
  return Object.fromEntries<string | null>([...gone, ...changed]);
}

type Props = { value: Header[]; onChange: (value: Header[]) => void; faultAt: (path: string) => string | undefined; disabled: boolean };

export function Headers({ value, onChange, faultAt, disabled }: Props) {
  const t = useTexts(texts);
  const put = (place: number, change: Partial<Header>) => onChange(value.map((one, index) => (index === place ? { ...one, ...change } : one)));
  return (
    <div role="group" aria-label={t.headers}>
      <Text size="sm" fw={500}>{t.headers}</Text>
      <Text size="xs" c="dimmed" mb="xs">{t.headersHelp}</Text>
      {value.map((header, place) => (
        <Group key={place} gap="xs" mb="xs" align="flex-start">
          <TextInput flex="1 1 9rem" aria-label={t.headerName(place + 1)} placeholder="Authorization" spellCheck={false} dir="ltr" value={header.name} readOnly={header.isKept} disabled={disabled} error={faultAt(`headers[${place}]`)} onChange={(event) => put(place, { name: event.currentTarget.value })} />
          <TextInput flex="2 1 12rem" type="password" autoComplete="off" aria-label={t.headerValue(header.name || String(place + 1))} placeholder={header.isKept ? t.headerKept : t.headerNew} dir="ltr" value={header.value} disabled={disabled} onChange={(event) => put(place, { value: event.currentTarget.value })} />
          {!disabled && <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.removeOf(header.name || t.headers)} onClick={() => onChange(value.filter((_, index) => index !== place))}><Icon name="close" size={16} /></ActionIcon>}
        </Group>
      ))}
      {!disabled && <Button variant="default" size="xs" leftSection={<Icon name="plus" size={14} />} onClick={() => onChange([...value, { name: "", value: "", isKept: false }])}>{t.addHeader}</Button>}
    </div>
  );
}
