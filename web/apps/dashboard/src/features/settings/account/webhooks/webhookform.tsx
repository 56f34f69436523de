/** The form that adds a webhook or changes one. */
import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, data } from "../../../../api/client.ts";
import { projectsQuery } from "../../../../api/queries.ts";
import { tellDone } from "../../../../parts/notify.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { FormDialog } from "../../../../parts/formdialog.tsx";
import { EventChoice } from "./eventchoice.tsx";
import { changes, eventTypesQuery, type Format, type Webhook, webhooksQuery } from "./queries.ts";
import { texts } from "./texts.ts";

const FORMATS: Format[] = ["standard", "noras", "novaro", "novachat", "orac"];
const NEW = { url: "", format: "standard" as Format, project: "", events: null as string[] | null, description: "" };

/** `onMade` gets the id and the secret of a webhook that was added. */
export function NewWebhook({ opened, onClose, onMade }: { opened: boolean; onClose: () => void; onMade: (id: string, secret: string) => void }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const [typed, setTyped] = useState(NEW);
  const { data: projects = [] } = useQuery(projectsQuery);
  const add = async () => {
    const { url, format, project, events, description } = typed;
    const body = { url: address(url, t.urlWrong), format, project_id: project || null, events: checked(events, t.chooseEvent), description: description.trim() };
    const { id, secret } = await data(api.POST("/v1/webhooks", { body }));
    setTyped(NEW);
    void client.invalidateQueries({ queryKey: webhooksQuery.queryKey });
    onMade(id, secret);
  };
  return (
    <FormDialog opened={opened} onClose={onClose} title={t.add} submit={t.add} onSubmit={add} size="lg">
      <TextInput label={t.url} description={t.urlHelp} placeholder="https://example.com/webhooks" inputMode="url" autoComplete="url" required maxLength={2000} data-autofocus value={typed.url} onChange={(event) => setTyped({ ...typed, url: event.currentTarget.value })} />
      <NativeSelect label={t.format} description={t.formatHelp} value={typed.format} data={FORMATS.map((value) => ({ value, label: t.formats[value] }))} onChange={(event) => setTyped({ ...typed, format: event.currentTarget.value as Format, events: null })} />
      <NativeSelect label={t.project} value={typed.project} data={[{ value: "", label: t.allProjects }, ...projects.map(({ id, name }) => ({ value: id, label: name }))]} onChange={(event) => setTyped({ ...typed, project: event.currentTarget.value })} />
      <Rest typed={typed} format={typed.format} onChange={(change) => setTyped({ ...typed, ...change })} />
    </FormDialog>
  );
}

export function EditWebhook({ webhook, opened, onClose }: { webhook: Webhook; opened: boolean; onClose: () => void }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const [typed, setTyped] = useState<Typed & { url: string }>(webhook);
  useEffect(() => {
    if (opened) setTyped(webhook);
    // What is typed is kept while the log refreshes the webhook behind the form.
  }, [opened]);
  const save = async () => {
    const body = { url: address(typed.url, t.urlWrong), events: checked(typed.events, t.chooseEvent), description: typed.description.trim() };
    const changed = await data(api.PATCH("/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: webhook.id } }, body: changes(body) }));
    client.setQueryData(["webhooks", webhook.id], changed);
    void client.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true });
    tellDone(t.saved);
  };
  return (
    <FormDialog opened={opened} onClose={onClose} title={t.edit} submit={t.save} onSubmit={save} size="lg">
      <TextInput label={t.url} inputMode="url" required maxLength={2000} data-autofocus value={typed.url} onChange={(event) => setTyped({ ...typed, url: event.currentTarget.value })} />
      <Rest typed={typed} format={webhook.format} onChange={(change) => setTyped({ ...typed, ...change })} />
    </FormDialog>
  );
}

type Typed = { events: string[] | null; description: string };

function Rest({ typed, format, onChange }: { typed: Typed; format: Format; onChange: (change: Partial<Typed>) => void }) {
  const t = useTexts(texts);
  const { data: types = [] } = useQuery(eventTypesQuery);
  return (
    <>
      <EventChoice types={types} format={format} value={typed.events} onChange={(events) => onChange({ events })} />
      <TextInput label={t.description} description={t.descriptionHelp} maxLength={200} value={typed.description} onChange={(event) => onChange({ description: event.currentTarget.value })} />
    </>
  );
}

/** What was typed as an address, with https:// in front if nothing is. */
function address(typed: string, wrong: string): string {
  const text = typed.trim();
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]+:\d+(\/|$)/.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) throw new Error(wrong);
  return whole;
}

function checked(events: string[] | null, missing: string): string[] | null {
  if (events?.length === 0) throw new Error(missing);
  return events;
}
