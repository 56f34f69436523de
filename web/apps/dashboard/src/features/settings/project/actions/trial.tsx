/** Calls the action as it is saved, and shows what was sent and what came back. */
import { Badge, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "../../../../api/client.ts";
import { queryClient } from "../../../../api/queries.ts";
import { Icon } from "../../../../parts/icons.tsx";
import { explain } from "../../../../parts/states.tsx";
import { number } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import classes from "../websites/websites.module.css";
import { type Action, callsQuery, type Parameter, type Tested } from "./queries.ts";
import { texts } from "./texts.ts";

export function Trial({ action, isDirty }: { action: Action; isDirty: boolean }) {
  const t = useTexts(texts);
  const [values, setValues] = useState<Record<string, string>>({});
  const { mutate, data: tested, error, isPending } = useMutation({
    mutationFn: () => {
      const given = action.parameters.filter(({ name }) => values[name]?.trim());
      const parameters = Object.fromEntries(given.map((one) => [one.name, valueOf(one, values[one.name] ?? "")]));
      return data(api.POST("/v1/actions/{action_id}/test", { params: { path: { action_id: action.id } }, body: { parameters } }));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: callsQuery(action.id).queryKey }),
  });
  return (
    <Card title={t.test} lead={isDirty ? t.testSaved : t.testLead}>
      {action.parameters.length > 0 && (
        <Group grow preventGrowOverflow={false} align="flex-start">
          {action.parameters.map((one) => (
            <TextInput key={one.name} label={one.name} placeholder={one.example ?? ""} value={values[one.name] ?? ""} onChange={(event) => setValues({ ...values, [one.name]: event.currentTarget.value })} />
          ))}
        </Group>
      )}
      <div><Button variant="default" leftSection={<Icon name="play" size={16} />} loading={isPending} onClick={() => mutate()}>{t.testIt}</Button></div>
      <div role="status">
        {error && <Text size="sm" className={classes.fault}>{explain(error)}</Text>}
        {tested && <Result tested={tested} fallback={action.fallback ?? null} />}
      </div>
    </Card>
  );
}

function Result({ tested, fallback }: { tested: Tested; fallback: string | null }) {
  const t = useTexts(texts);
  const { request, status, milliseconds, response, error, answer } = tested;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Badge variant="light" color={error ? "red" : "teal"}>{error ? t.failed : t.worked}</Badge>
        <Text size="sm">{status !== null && `${status} · `}{milliseconds !== null && t.after(number(milliseconds))}</Text>
      </Group>
      {error && <Text size="sm" className={classes.fault}>{error}</Text>}
      <Text size="sm" fw={500}>{t.visitorReads}</Text>
      <Text size="sm" dir="auto">{answer ?? fallback ?? t.ownFallback}</Text>
      <Text size="sm" fw={500}>{t.sent}</Text>
      <div className={classes.code}><pre tabIndex={0} role="region" aria-label={t.sent}>{[`${request.method} ${request.url}`, ...request.headers.map((name) => `${name}: …`), ...(request.body ? ["", request.body] : [])].join("\n")}</pre></div>
      {response !== null && (
        <>
          <Text size="sm" fw={500}>{t.cameBack}</Text>
          <div className={classes.code}><pre tabIndex={0} role="region" aria-label={t.cameBack}>{response}</pre></div>
        </>
      )}
    </Stack>
  );
}

function valueOf({ type }: Parameter, text: string): string | number | boolean {
  if (type === "number" && text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
  if (type === "boolean" && /^(true|false)$/i.test(text.trim())) return text.trim().toLowerCase() === "true";
  return text;
}
