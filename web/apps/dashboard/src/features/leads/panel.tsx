/** One lead beside the list: who it is, what they agreed to, where they came from. */
import { Anchor, Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useMay } from "../../api/queries.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Outside } from "../../parts/outside.tsx";
import { Failure, Loading } from "../../parts/states.tsx";
import { dateTime } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import classes from "./leads.module.css";
import { type Lead, leadQuery } from "./queries.ts";
import { texts } from "./texts.ts";

type Props = { projectId: string; leadId: string; known: Lead | undefined; isListed: boolean; onClose: () => void; onRemove: (lead: Lead) => void };

export function LeadPanel({ projectId, leadId, known, isListed, onClose, onRemove }: Props) {
  const t = useTexts(texts);
  const heading = useRef<HTMLHeadingElement>(null);
  const { data: lead = known, error, refetch } = useQuery({ ...leadQuery(projectId, leadId), enabled: isListed && !known });
  useEffect(() => heading.current?.focus({ preventScroll: true }), [leadId, lead === undefined]);
  return (
    <aside
      className={classes.panel}
      aria-label={t.contact}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start" mb="md">
        <h2 ref={heading} tabIndex={-1} className={classes.who} dir="auto">{lead ? nameOf(lead, t.nobody) : t.contact}</h2>
        <Button variant="subtle" size="compact-md" leftSection={<Icon name="close" size={16} />} onClick={onClose}>{t.close}</Button>
      </Group>
      {lead ? <About lead={lead} onRemove={() => onRemove(lead)} /> : error ? <Failure error={error} retry={() => void refetch()} /> : <Loading />}
    </aside>
  );
}

export const nameOf = ({ name, email, phone }: Lead, nobody: string) => name || email || phone || nobody;

function About({ lead, onRemove }: { lead: Lead; onRemove: () => void }) {
  const t = useTexts(texts);
  const may = useMay();
  const { email, phone, consent, conversation_id: conversation } = lead;
  return (
    <>
      <dl className={classes.facts}>
        {lead.name && <Fact name={t.name}>{lead.name}</Fact>}
        {email && <Fact name={t.email}><Outside href={`mailto:${encodeURIComponent(email).replace("%40", "@")}`} plain>{email}</Outside> <CopyButton value={email} /></Fact>}
        {phone && <Fact name={t.phone}>{phone} <CopyButton value={phone} /></Fact>}
        {lead.message && <Fact name={t.message}><span className={classes.text}>{lead.message}</span></Fact>}
        {lead.excerpt && lead.excerpt !== lead.message && <Fact name={t.excerpt}><span className={classes.text}>{lead.excerpt}</span></Fact>}
        {lead.page_url && <Fact name={t.page}><Outside href={lead.page_url} /></Fact>}
        <Fact name={t.at}>{dateTime(lead.created_at)}</Fact>
        {lead.updated_at !== lead.created_at && <Fact name={t.updated}>{dateTime(lead.updated_at)}</Fact>}
        <Fact name={t.consentText}>
          {consent ? (
            <>
              <span className={classes.text}>“{consent.text}”</span>
              <Text size="sm" c="dimmed">{t.consentAt(dateTime(consent.at))} {consent.page_url && <Outside href={consent.page_url} />}</Text>
            </>
          ) : t.noConsent}
        </Fact>
      </dl>
      <Group gap="xs" mt="lg">
        {conversation && may("conversations:read")
          ? <Anchor renderRoot={(props) => <Link to="/inbox" search={{ conversation } as object} {...props} />}>{t.conversation}</Anchor>
          : !conversation && <Text size="sm" c="dimmed">{t.noConversation}</Text>}
      </Group>
      <Group mt="md">
        {may("leads:write")
          ? <Button variant="default" leftSection={<Icon name="trash" size={16} />} onClick={onRemove}>{t.remove}</Button>
          : <Text size="sm" c="dimmed">{t.mayNotDelete}</Text>}
      </Group>
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}
