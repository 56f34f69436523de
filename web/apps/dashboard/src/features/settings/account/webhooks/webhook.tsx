/** One webhook: its health, what can be done with it, and the log of what was sent. */
import { Alert, Anchor, Stack } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { projectsQuery, useMay } from "../../../../api/queries.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Page } from "../../../../parts/page.tsx";
import { date, dateTime } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import { Facts, ReadOnly } from "../parts/list.tsx";
import { WebhookActions } from "./actions.tsx";
import { Deliveries } from "./deliveries.tsx";
import { eventTypesQuery, type Webhook, webhookQuery } from "./queries.ts";
import { useEventsTold, useReason, WebhookState } from "./states.tsx";
import { WebhookTest } from "./test.tsx";
import { texts } from "./texts.ts";

const route = getRouteApi("/account/settings/webhooks/$webhookId");

export function WebhookPage() {
  const t = useTexts(texts);
  const { webhookId } = route.useParams();
  const canWrite = useMay()("webhooks:write");
  const { data: webhook } = useSuspenseQuery(webhookQuery(webhookId));
  const reason = useReason(webhook);
  const path = `/v1/webhooks/${webhookId}`;
  return (
    <Page
      title={webhook.url}
      lead={<Anchor renderRoot={(props) => <Link to="/settings/webhooks" {...props} />} size="sm">← {t.all}</Anchor>}
    >
      {!canWrite && <ReadOnly />}
      <Stack gap="md">
        {reason && <Alert color={webhook.enabled ? "orange" : webhook.disabled_reason === "owner" ? "gray" : "red"}>{reason}</Alert>}
        <Card title={webhook.description || t.about} actions={<WebhookState webhook={webhook} />}>
          <About webhook={webhook} />
          {canWrite && <WebhookActions webhook={webhook} />}
        </Card>
        {canWrite && <WebhookTest webhook={webhook} />}
        <Deliveries webhook={webhook} />
      </Stack>
      <ApiCalls
        calls={[
          { method: "GET", path },
          { method: "PATCH", path, body: { enabled: !webhook.enabled } },
          { method: "POST", path: `${path}/rotate-secret`, body: { overlap_hours: 24 } },
          { method: "POST", path: `${path}/test`, body: { type: "lead.created" } },
          { method: "GET", path: `${path}/deliveries?state=failed` },
          { method: "POST", path: `${path}/replay`, body: { since: webhook.created_at } },
        ]}
      />
    </Page>
  );
}

function About({ webhook }: { webhook: Webhook }) {
  const t = useTexts(texts);
  const { data: projects = [] } = useQuery(projectsQuery);
  const { data: types = [] } = useQuery(eventTypesQuery);
  const told = useEventsTold(webhook, types);
  const { project_id: projectId, old_secret_until: until } = webhook;
  return (
    <Facts
      facts={[
        [t.format, t.formats[webhook.format]],
        [t.events, webhook.events ? webhook.events.join(", ") : told],
        [t.project, projectId ? (projects.find(({ id }) => id === projectId)?.name ?? "") : t.allProjects],
        [t.added, date(webhook.created_at)],
        [t.oldUntil, until && new Date(until) > new Date() ? dateTime(until) : ""],
      ]}
    />
  );
}
