/** Caps on what language models cost: tokens and money, for each of some periods. */
import { Group, Stack, Text, TextInput } from "@mantine/core";
import type { Schemas } from "../../api/client.ts";
import { inLanguages, useTexts } from "../../texts/index.ts";
import classes from "./form.module.css";
import { isAmount, isWhole, moneyIn, moneyText, numberIn, textOf } from "./values.ts";

type Cap = Schemas["SpendingCap"];
export type CapPeriod = "per_day" | "per_month" | "per_visitor_per_day" | "per_visitor_per_month";
export type CapTexts = Partial<Record<CapPeriod, { tokens: string; money: string }>>;

export const capTexts = (caps: Partial<Record<CapPeriod, Cap>>): CapTexts =>
  Object.fromEntries(Object.entries(caps).map(([period, { tokens, money }]) => [period, { tokens: textOf(tokens), money: moneyText(money) }]));

export const capsIn = (caps: CapTexts): Record<string, Cap> =>
  Object.fromEntries(Object.entries(caps).map(([period, { tokens, money }]) => [period, { tokens: numberIn(tokens), money: moneyIn(money) }]));

/** What is wrong with them, by path, such as `caps.per_day.tokens`. */
export function capFaults(caps: CapTexts, before: string, said: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [period, { tokens, money }] of Object.entries(caps)) {
    if (!isWhole(tokens, 0, 1e12)) found[`${before}.${period}.tokens`] = said;
    if (!isAmount(money)) found[`${before}.${period}.money`] = said;
  }
  return found;
}

type Props = {
  value: CapTexts;
  onChange: (value: CapTexts) => void;
  periods: readonly CapPeriod[];
  before: string;
  faultAt: (path: string) => string | undefined;
  currency: string | null;
  disabled: boolean;
};

export function CapFields({ value, onChange, periods, before, faultAt, currency, disabled }: Props) {
  const t = useTexts(texts);
  const put = (period: CapPeriod, change: Partial<{ tokens: string; money: string }>) =>
    onChange({ ...value, [period]: { tokens: "", money: "", ...value[period], ...change } });
  return (
    <Stack gap="sm">
      {periods.map((period) => (
        <fieldset key={period} className={classes.group}>
          <Text component="legend" size="sm" fw={600} mb={4}>{t[period]}</Text>
          <Group grow preventGrowOverflow={false} align="flex-start">
            <TextInput
              label={t.tokens}
              inputMode="numeric"
              placeholder={t.none}
              disabled={disabled}
              value={value[period]?.tokens ?? ""}
              error={faultAt(`${before}.${period}.tokens`)}
              onChange={(event) => put(period, { tokens: event.currentTarget.value })}
            />
            <TextInput
              label={currency ? `${t.money} (${currency})` : t.money}
              inputMode="decimal"
              placeholder={t.none}
              disabled={disabled}
              value={value[period]?.money ?? ""}
              error={faultAt(`${before}.${period}.money`)}
              onChange={(event) => put(period, { money: event.currentTarget.value })}
            />
          </Group>
        </fieldset>
      ))}
    </Stack>
  );
}

const texts = inLanguages({
  en: {
    per_day: "A day",
    per_month: "A month",
    per_visitor_per_day: "One visitor, a day",
    per_visitor_per_month: "One visitor, a month",
    tokens: "Tokens",
    money: "Money",
    none: "No cap",
  },
  de: {
    per_day: "Am Tag",
    per_month: "Im Monat",
    per_visitor_per_day: "Eine Person, am Tag",
    per_visitor_per_month: "Eine Person, im Monat",
    tokens: "Tokens",
    money: "Geld",
    none: "Ohne Grenze",
  },
});
