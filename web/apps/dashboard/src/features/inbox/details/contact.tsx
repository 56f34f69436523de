/** The visitor: who they say they are, and whether the site has confirmed it. */
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Schemas } from "../../../api/client.ts";
import { useMay } from "../../../api/queries.ts";
import { explain, Failure, Loading } from "../../../parts/states.tsx";
import { texts as partTexts } from "../../../parts/texts.ts";
import { dateTime, number } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import * as calls from "../calls.ts";
import { contactQuery } from "../queries.ts";
import { texts } from "../texts.ts";
import { Facts, Part } from "./details.tsx";
import classes from "./details.module.css";

const MOST_SHOWN = 12;

export function Contact({ id }: { id: string }) {
  const t = useTexts(texts);
  const may = useMay();
  const { data: contact, error, refetch } = useQuery(contactQuery(id));
  const [isEditing, setEditing] = useState(false);
  return (
    <Part title={t.contact}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!contact && !error && <Loading rows={4} />}
      {contact && (isEditing ? <Editor contact={contact} done={() => setEditing(false)} /> : <Known contact={contact} />)}
      {contact && !isEditing && may("conversations:write") && <button type="button" className={classes.link} onClick={() => setEditing(true)}>{t.changeContact}</button>}
    </Part>
  );
}

function Known({ contact }: { contact: Schemas["ContactOut"] }) {
  const t = useTexts(texts);
  const attributes = Object.entries(contact.attributes).slice(0, MOST_SHOWN);
  return (
    <>
      <Facts
        facts={[
          [t.name, contact.name],
          [t.email, contact.email],
          [t.outsideId, contact.identity ?? contact.external_id],
          [t.firstSeen, dateTime(contact.first_seen_at)],
          [t.lastSeen, dateTime(contact.last_seen_at)],
          ...attributes.map(([name, value]) => [name, String(value).slice(0, 200)] as const),
        ]}
      />
      <p className={contact.verified ? classes.good : classes.quiet}>{contact.verified ? t.verified : t.unverified}</p>
      <p className={classes.quiet}>{t.visits(number(contact.conversation_count), number(contact.lead_count))}</p>
    </>
  );
}

function Editor({ contact, done }: { contact: Schemas["ContactOut"]; done: () => void }) {
  const t = useTexts(texts);
  const parts = useTexts(partTexts);
  const client = useQueryClient();
  const [name, setName] = useState(contact.name ?? "");
  const [email, setEmail] = useState(contact.email ?? "");
  const [failure, setFailure] = useState<unknown>(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    try {
      const changed = await calls.changeContact(contact.id, { name: name.trim() || null, email: email.trim() || null });
      client.setQueryData(contactQuery(contact.id).queryKey, changed);
      done();
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <form onSubmit={(event) => void save(event)} aria-label={t.changeContact}>
      <Stack gap="xs">
        <TextInput label={t.name} maxLength={200} autoComplete="off" dir="auto" value={name} onChange={({ target }) => setName(target.value)} autoFocus />
        <TextInput label={t.email} type="email" maxLength={320} autoComplete="off" value={email} onChange={({ target }) => setEmail(target.value)} />
        {failure !== null && <Text c="red" size="sm" role="alert">{explain(failure)}</Text>}
        <Group gap="xs" justify="flex-end">
          <Button size="compact-sm" variant="default" onClick={done}>{parts.cancel}</Button>
          <Button size="compact-sm" type="submit">{parts.save}</Button>
        </Group>
      </Stack>
    </form>
  );
}
