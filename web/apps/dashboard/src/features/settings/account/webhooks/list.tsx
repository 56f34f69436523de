/** All webhooks, with their health. */
import { Button } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { projectsQuery, useMay } from "../../../../api/queries.ts";
import { useCommands } from "../../../../app/commands.ts";
import { texts as shell } from "../../../../app/texts.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Icon } from "../../../../parts/icons.tsx";
import { Page } from "../../../../parts/page.tsx";
import { useGone } from "../../../../parts/removal.ts";
import { Empty, Loading } from "../../../../parts/states.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { texts as names } from "../../texts.ts";
import { ReadOnly, Row, Rows } from "../parts/list.tsx";
import parts from "../parts/parts.module.css";
import { SecretDialog } from "../parts/secretdialog.tsx";
import { eventTypesQuery, type Webhook, webhooksQuery } from "./queries.ts";
import { useEventsTold, WebhookState } from "./states.tsx";
import { texts } from "./texts.ts";
import { NewWebhook } from "./webhookform.tsx";

export function WebhooksPage() {
  const t = useTexts(texts);
  const { webhooks: title } = useTexts(names);
  const { here } = useTexts(shell);
  const navigate = useNavigate();
  const canWrite = useMay()("webhooks:write");
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<{ id: string; secret: string } | null>(null);
  const add = () => setAdding(true);
  useCommands(canWrite ? [{ id: "add-webhook", label: t.add, group: here, keys: "n", run: add }] : []);
  const button = canWrite && <Button leftSection={<Icon name="plus" />} onClick={add}>{t.add}</Button>;
  return (
    <Page title={title} lead={t.lead} actions={button}>
      {!canWrite && <ReadOnly />}
      <Suspense fallback={<Loading />}>
        <List add={button} />
      </Suspense>
      <NewWebhook opened={isAdding} onClose={() => setAdding(false)} onMade={(id, secret) => setMade({ id, secret })} />
      <SecretDialog
        secret={made?.secret ?? null}
        title={t.made}
        note={t.madeNote}
        onClose={() => {
          if (made) void navigate({ to: "/settings/webhooks/$webhookId", params: { webhookId: made.id } });
          setMade(null);
        }}
      />
      <ApiCalls
        calls={[
          { method: "GET", path: "/v1/webhooks" },
          { method: "GET", path: "/v1/event-types" },
          { method: "POST", path: "/v1/webhooks", body: { url: "https://example.com/webhooks", events: ["lead.created"] } },
        ]}
      />
    </Page>
  );
}

function List({ add }: { add: React.ReactNode }) {
  const t = useTexts(texts);
  const gone = useGone();
  const webhooks = useSuspenseQuery(webhooksQuery).data.filter(({ id }) => !gone.has(id));
  if (!webhooks.length) return <Empty icon="webhook" title={t.empty} action={add}>{t.emptyText}</Empty>;
  return <Rows label={t.all}>{webhooks.map((one) => <Entry key={one.id} webhook={one} />)}</Rows>;
}

function Entry({ webhook }: { webhook: Webhook }) {
  const t = useTexts(texts);
  const { data: projects = [] } = useQuery(projectsQuery);
  const { data: types = [] } = useQuery(eventTypesQuery);
  const events = useEventsTold(webhook, types);
  const project = webhook.project_id ? projects.find(({ id }) => id === webhook.project_id)?.name : t.allProjects;
  return (
    <Row
      title={<Link className={parts.whole} to="/settings/webhooks/$webhookId" params={{ webhookId: webhook.id }}>{webhook.url}</Link>}
      note={[webhook.description, events, project].filter(Boolean).join(" · ")}
      end={<WebhookState webhook={webhook} />}
    />
  );
}
