/** What a call needs to know, and how it is found in what a visitor writes. */
import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { Icon } from "../../../../parts/icons.tsx";
import { useTexts } from "../../../../texts/index.ts";
import classes from "../websites/websites.module.css";
import type { Parameter } from "./queries.ts";
import { texts } from "./texts.ts";

/** How a value is recognized: it has one shape at most. */
const SHAPES = ["asked", "choices", "code", "date", "email", "prefix", "example"] as const;
type Shape = (typeof SHAPES)[number];

export type ParameterDraft = { name: string; type: Parameter["type"]; description: string; required: boolean; shape: Shape; detail: string };

export function parameterOf({ name, type, description, required, choices, format, prefix, example }: Parameter): ParameterDraft {
  const shape: Shape = choices.length ? "choices" : (format ?? (prefix ? "prefix" : example ? "example" : "asked"));
  return { name, type, description, required, shape, detail: choices.join(", ") || prefix || example || "" };
}

export function parameterFrom({ name, type, description, required, shape, detail }: ParameterDraft) {
  const said = detail.trim();
  const isText = type === "string";
  return {
    name: name.trim(),
    type,
    description: description.trim(),
    required,
    ...(isText && shape === "choices" ? { choices: said.split(",").map((one) => one.trim()).filter(Boolean) } : {}),
    ...(isText && (shape === "code" || shape === "date" || shape === "email") ? { format: shape } : {}),
    ...(isText && (shape === "prefix" || shape === "example") && said ? { [shape]: said } : {}),
  };
}

type Props = { value: ParameterDraft[]; onChange: (value: ParameterDraft[]) => void; faultAt: (path: string) => string | undefined; disabled: boolean };

export function Parameters({ value, onChange, faultAt, disabled }: Props) {
  const t = useTexts(texts);
  const put = (place: number, change: Partial<ParameterDraft>) => onChange(value.map((one, index) => (index === place ? { ...one, ...change } : one)));
  return (
    <Stack gap="sm">
      {value.map((one, place) => (
        <div key={place} className={classes.item} role="group" aria-label={one.name || t.parameter(place + 1)}>
          <Group align="flex-start" grow preventGrowOverflow={false}>
            <TextInput label={t.parameterName} placeholder="order" maxLength={50} spellCheck={false} dir="ltr" value={one.name} disabled={disabled} error={faultAt(`parameters[${place}]`)} onChange={(event) => put(place, { name: event.currentTarget.value })} />
            <TextInput label={t.askedFor} placeholder={t.askedForExample} maxLength={200} value={one.description} disabled={disabled} onChange={(event) => put(place, { description: event.currentTarget.value })} />
          </Group>
          <Group align="flex-start" grow preventGrowOverflow={false}>
            <NativeSelect label={t.type} value={one.type} disabled={disabled} onChange={(event) => put(place, { type: typeOf(event.currentTarget.value) })} data={[{ value: "string", label: t.types.string }, { value: "number", label: t.types.number }, { value: "boolean", label: t.types.boolean }]} />
            {one.type === "string" && <NativeSelect label={t.shape} value={one.shape} disabled={disabled} onChange={(event) => put(place, { shape: shapeOf(event.currentTarget.value), detail: "" })} data={SHAPES.map((shape) => ({ value: shape, label: t.shapes[shape] }))} />}
            {one.type === "string" && (one.shape === "choices" || one.shape === "prefix" || one.shape === "example") && (
              <TextInput label={t.details[one.shape]} placeholder={one.shape === "choices" ? t.choicesExample : one.shape === "prefix" ? "ORD-" : "A-1234"} value={one.detail} disabled={disabled} onChange={(event) => put(place, { detail: event.currentTarget.value })} />
            )}
          </Group>
          <Group justify="space-between">
            <Checkbox label={t.required} checked={one.required} disabled={disabled} onChange={(event) => put(place, { required: event.currentTarget.checked })} />
            {!disabled && <Button variant="default" size="xs" onClick={() => onChange(value.filter((_, index) => index !== place))} aria-label={t.removeOf(one.name || t.parameter(place + 1))}>{t.remove}</Button>}
          </Group>
        </div>
      ))}
      {!disabled && <div><Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={() => onChange([...value, { name: "", type: "string", description: "", required: true, shape: "asked", detail: "" }])}>{t.addParameter}</Button></div>}
    </Stack>
  );
}

const shapeOf = (text: string): Shape => SHAPES.find((one) => one === text) ?? "asked";
const typeOf = (text: string): Parameter["type"] => (text === "number" || text === "boolean" ? text : "string");
