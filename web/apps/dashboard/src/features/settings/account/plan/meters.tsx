/** How much of each limit is used, as bars beside their numbers. */
import { Progress, Text } from "@mantine/core";
import type { Schemas } from "../../../../api/client.ts";
import { number } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import classes from "./plan.module.css";
import { texts } from "./texts.ts";

type Metric = Schemas["UsageOut"];
type Props = { title: string; lead?: string; metrics: readonly Metric[]; currency?: string | null };

/** From this share on, a bar warns. */
const NEAR = 0.8;

export function Meters({ title, lead, metrics, currency = null }: Props) {
  return (
    <Card title={title} lead={lead}>
      <ul className={classes.meters}>{metrics.map((one) => <Meter key={one.metric} metric={one} currency={currency} />)}</ul>
    </Card>
  );
}

function Meter({ metric: { metric, limit, used }, currency }: { metric: Metric; currency: string | null }) {
  const t = useTexts(texts);
  const name = metric in t.metrics ? t.metrics[metric as keyof typeof t.metrics] : metric.replaceAll("_", " ");
  const write = (value: number) => (metric.endsWith("_money") ? money(value, currency) : number(value));
  const said = used === null ? (limit === null ? t.noLimit : `${t.limit}: ${write(limit)}`) : limit === null ? `${write(used)} (${t.noLimit})` : t.of(write(used), write(limit));
  const share = limit === null || used === null ? null : limit === 0 ? 1 : Math.min(1, used / limit);
  return (
    <li className={classes.meter}>
      <div className={classes.line}>
        <span>{name}</span>
        <Text span size="sm" c="dimmed">{said}</Text>
      </div>
      {share !== null && (
        <Progress.Root size="sm">
          <Progress.Section value={share * 100} aria-label={`${name}: ${said}`} color={share >= 1 ? "red" : share >= NEAR ? "orange" : undefined} />
        </Progress.Root>
      )}
    </li>
  );
}

/** Millionths of the currency in which the models' prices are. */
export function money(millionths: number, currency: string | null): string {
  const value = millionths / 1_000_000;
  const written = number(Math.round(value * 100) / 100);
  return currency ? `${written} ${currency}` : written;
}
