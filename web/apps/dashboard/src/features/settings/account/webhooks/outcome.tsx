/** What a receiver answered. All of it is text that somebody else wrote. */
import { Group, Stack, Text } from "@mantine/core";
import type { Schemas } from "../../../../api/client.ts";
import { number } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import parts from "../parts/parts.module.css";
import { Pill } from "../parts/pill.tsx";
import { texts } from "./texts.ts";

type Told = Pick<Schemas["AttemptOut"], "status" | "error" | "milliseconds" | "headers" | "answer">;

export function Outcome({ outcome: { status, error, milliseconds, headers, answer } }: { outcome: Told }) {
  const t = useTexts(texts);
  const time = `${number(milliseconds)} ms`;
  const lines = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  return (
    <Stack gap={6}>
      <Group gap="xs">
        <Pill tone={error ? "bad" : "good"}>{error ? t.notAccepted : t.accepted}</Pill>
        <Text size="sm">{status === null ? t.noResponse(time) : t.status(status, time)}</Text>
      </Group>
      {error && <Text size="sm">{error}</Text>}
      {answer === "" && <Text size="sm" c="dimmed">{t.noBody}</Text>}
      {answer && <pre className={parts.pre} dir="auto" tabIndex={0} role="region" aria-label={t.response}>{answer}</pre>}
      {lines.length > 0 && (
        <details>
          <summary>{t.responseHeaders}</summary>
          <pre className={parts.pre} tabIndex={0} role="region" aria-label={t.responseHeaders}>{lines.join("\n")}</pre>
        </details>
      )}
    </Stack>
  );
}
