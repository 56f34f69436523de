/** Sends an example to the receiver, and shows what came back. */
import { Alert, Button, Group, NativeSelect, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "../../../../api/client.ts";
import { explain } from "../../../../parts/states.tsx";
import { useLanguage, useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import { EVENTS } from "./eventtexts.ts";
import { Outcome } from "./outcome.tsx";
import { eventTypesQuery, type Webhook } from "./queries.ts";
import { texts } from "./texts.ts";

export function WebhookTest({ webhook }: { webhook: Webhook }) {
  const t = useTexts(texts);
  const spoken = useLanguage();
  const { data: types = [] } = useQuery(eventTypesQuery);
  const [chosen, setChosen] = useState("");
  const told = types.filter(({ formats }) => formats[webhook.format]);
  // First what it is sent; the others can be tried as well.
  const isSent = (name: string) => webhook.events === null || webhook.events.includes(name);
  const ordered = [...told.filter(({ name }) => isSent(name)), ...told.filter(({ name }) => !isSent(name))];
  const type = chosen || ordered[0]?.name || "";
  const call = useMutation({
    mutationFn: () => data(api.POST("/v1/webhooks/{webhook_id}/test", { params: { path: { webhook_id: webhook.id } }, body: { type } })),
  });
  if (!told.length) return null;
  return (
    <Card title={t.test} lead={t.testLead}>
      <Group align="flex-end" gap="xs">
        <NativeSelect label={t.testEvent} value={type} onChange={(event) => setChosen(event.currentTarget.value)} data={ordered.map(({ name, summary }) => ({ value: name, label: EVENTS[spoken][name] ?? summary }))} />
        <Button variant="default" loading={call.isPending} onClick={() => call.mutate()}>{t.testSend}</Button>
      </Group>
      <div role="status">
        {call.isPending && <Text size="sm" c="dimmed">{t.testWaiting}</Text>}
        {call.data && <Outcome outcome={call.data} />}
      </div>
      {call.error && <Alert color="red" role="alert">{explain(call.error)}</Alert>}
    </Card>
  );
}
