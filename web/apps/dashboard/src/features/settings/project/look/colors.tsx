/** Colours, place and picture. */
import { ActionIcon, Button, Group, NativeSelect, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useRef } from "react";
import { Icon } from "../../../../parts/icons.tsx";
import { number } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import type { Draft } from "../../draft.ts";
import { Card } from "../../form.tsx";
import { contrast, inkOn } from "./contrast.ts";
import type { LookDraft, Stop } from "./draft.ts";
import classes from "./look.module.css";
import { texts } from "./texts.ts";

const LEAST_FOR_TEXT = 4.5;
/** What WCAG asks of a button against what is around it. */
const LEAST_FOR_SHAPES = 3;
const isColor = (text: string) => /^#[0-9a-f]{6}$/i.test(text);

export function ColorCard({ form }: { form: Draft<LookDraft> }) {
  const t = useTexts(texts);
  const { value, set } = form;
  const onWhite = isColor(value.color) ? contrast(value.color, "#ffffff") : LEAST_FOR_SHAPES;
  return (
    <Card title={t.look}>
      <ColorField label={t.colorLabel} pick={t.pick} value={value.color} onChange={(color) => set({ color })} {...form.field("color", "settings.look.color")} />
      {onWhite < LEAST_FOR_SHAPES && value.theme !== "dark" && <Warning>{t.faintButton(number(Math.round(onWhite * 10) / 10))}</Warning>}
      <Stops form={form} />
      <Group grow preventGrowOverflow={false} align="flex-start">
        <NativeSelect label={t.theme} {...form.text("theme", "settings.widget.theme")} data={[{ value: "auto", label: t.themes.auto }, { value: "light", label: t.themes.light }, { value: "dark", label: t.themes.dark }]} />
        <NativeSelect label={t.position} {...form.text("position", "settings.look.position")} data={[{ value: "bottom-right", label: t.right }, { value: "bottom-left", label: t.left }]} />
      </Group>
      <TextInput label={t.avatar} description={t.avatarHelp} placeholder="https://example.com/avatar.png" inputMode="url" spellCheck={false} maxLength={2000} {...form.text("avatar", "settings.look.avatar")} />
      <Switch label={t.branding} {...form.flag("branding", "settings.look.show_branding")} />
      <Textarea label={t.css} description={t.cssHelp} autosize minRows={2} maxRows={16} maxLength={20_000} spellCheck={false} dir="ltr" classNames={{ input: classes.css }} {...form.text("css", "settings.look.custom_css")} />
    </Card>
  );
}

function Stops({ form }: { form: Draft<LookDraft> }) {
  const t = useTexts(texts);
  const { stops, color } = form.value;
  const adder = useRef<HTMLButtonElement>(null);
  const put = (place: number, change: Partial<Stop>) => form.set({ stops: stops.map((one, index) => (index === place ? { ...one, ...change } : one)) });
  const worst = Math.min(...stops.filter((one) => isColor(one.color)).map((one) => contrast(one.color, inkOn(isColor(color) ? color : "#000000"))));
  const disabled = !form.canWrite;
  return (
    <div role="group" aria-label={t.gradient}>
      <Text size="sm" fw={500}>{t.gradient}</Text>
      <Text size="xs" c="dimmed" mb="xs">{t.gradientHelp}</Text>
      {stops.length > 1 && <div className={classes.band} style={{ background: `linear-gradient(90deg, ${stops.map((one) => `${one.color} ${Number(one.at) || 0}%`).join(", ")})` }} aria-hidden="true" />}
      <ul className={classes.stops}>
        {stops.map((stop, place) => (
          <li key={place} className={classes.stop}>
            <ColorField label={t.stopColor(place + 1)} isLabelHidden pick={t.pick} value={stop.color} onChange={(next) => put(place, { color: next })} error={form.faultAt(`settings.look.gradient_stops[${place}].color`)} disabled={disabled} />
            <TextInput aria-label={t.stopAt(place + 1)} w={84} inputMode="decimal" rightSection="%" value={stop.at} disabled={disabled} error={form.faultAt(`settings.look.gradient_stops[${place}].at`)} onChange={(event) => put(place, { at: event.currentTarget.value })} />
            {!disabled && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={t.removeStop(place + 1)}
                onClick={() => {
                  form.set({ stops: stops.filter((_, index) => index !== place) });
                  adder.current?.focus();
                }}
              >
                <Icon name="close" size={16} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {stops.length > 0 && worst < LEAST_FOR_TEXT && <Warning>{t.faintText(number(Math.round(worst * 10) / 10))}</Warning>}
      {!disabled && stops.length < 20 && <Button ref={adder} mt="xs" variant="default" size="xs" leftSection={<Icon name="plus" size={14} />} onClick={() => form.set({ stops: [...stops, { color, at: stops.length ? "100" : "0" }] })}>{t.addStop}</Button>}
    </div>
  );
}

type ColorProps = { label: string; isLabelHidden?: boolean; pick: string; value: string; onChange: (value: string) => void; error: string | undefined; disabled: boolean };

function ColorField({ label, isLabelHidden, pick, value, onChange, error, disabled }: ColorProps) {
  return (
    <div className={classes.color}>
      <TextInput {...(isLabelHidden ? { "aria-label": label } : { label })} w={130} maxLength={7} spellCheck={false} dir="ltr" value={value} error={error} disabled={disabled} onChange={(event) => onChange(event.currentTarget.value)} />
      <input type="color" className={classes.picker} aria-label={`${label}: ${pick}`} value={isColor(value) ? value : "#000000"} disabled={disabled} onChange={(event) => onChange(event.currentTarget.value)} />
    </div>
  );
}

export function Warning({ children }: { children: string }) {
  return <p className={classes.warning} role="status"><Icon name="warning" size={16} />{children}</p>;
}
