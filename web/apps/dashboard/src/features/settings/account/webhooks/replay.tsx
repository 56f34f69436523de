/** Sends all that failed in a time again. */
import { Group, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, data } from "../../../../api/client.ts";
import { tellDone } from "../../../../parts/notify.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { FormDialog } from "../../../../parts/formdialog.tsx";
import { texts } from "./texts.ts";

const DAY_MS = 24 * 3600 * 1000;

export function Replay({ webhookId, opened, onClose }: { webhookId: string; opened: boolean; onClose: () => void }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const [{ since, until }, setRange] = useState({ since: "", until: "" });
  useEffect(() => {
    // The last day, with the present minute in it.
    if (opened) setRange({ since: local(Date.now() - DAY_MS), until: local(Date.now() + 60_000) });
  }, [opened]);
  const send = async () => {
    if (new Date(until) <= new Date(since)) throw new Error(t.replayOrder);
    const body = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
    const { replayed } = await data(api.POST("/v1/webhooks/{webhook_id}/replay", { params: { path: { webhook_id: webhookId } }, body }));
    if (!replayed) throw new Error(t.replayNone);
    tellDone(t.replayed(replayed));
    void client.invalidateQueries({ queryKey: ["webhooks", webhookId] });
  };
  return (
    <FormDialog opened={opened} onClose={onClose} title={t.replayTitle} submit={t.replayYes} onSubmit={send}>
      <Text size="sm">{t.replayText}</Text>
      <Group grow>
        <TextInput type="datetime-local" label={t.from} required value={since} onChange={(event) => setRange({ since: event.currentTarget.value, until })} />
        <TextInput type="datetime-local" label={t.until} required value={until} onChange={(event) => setRange({ since, until: event.currentTarget.value })} />
      </Group>
    </FormDialog>
  );
}

/** As fields of the type datetime-local have it: in minutes, in the browser's time zone. */
function local(time: number): string {
  const offset = new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - offset).toISOString().slice(0, 16);
}
