/** One delivery beside the log: what was sent, each attempt, what came back. */
import { Button, Drawer, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../../../api/client.ts";
import { useMay } from "../../../../api/queries.ts";
import { CopyButton } from "../../../../parts/copy.tsx";
import { Icon } from "../../../../parts/icons.tsx";
import { tellDone, tellFailure } from "../../../../parts/notify.tsx";
import { Failure, Loading } from "../../../../parts/states.tsx";
import { dateTime } from "../../../../texts/formats.ts";
import { useLanguage, useTexts } from "../../../../texts/index.ts";
import { Facts } from "../parts/list.tsx";
import parts from "../parts/parts.module.css";
import { texts as partTexts } from "../parts/texts.ts";
import { EVENTS } from "./eventtexts.ts";
import { Outcome } from "./outcome.tsx";
import { deliveryQuery, type Webhook } from "./queries.ts";
import { DeliveryBadge } from "./states.tsx";
import { texts } from "./texts.ts";
import classes from "./webhooks.module.css";

export function DeliveryPanel({ webhook, deliveryId, onClose }: { webhook: Webhook; deliveryId: string | undefined; onClose: () => void }) {
  const t = useTexts(texts);
  const { close } = useTexts(partTexts);
  return (
    <Drawer opened={deliveryId !== undefined} onClose={onClose} position="right" size="lg" title={t.delivery} closeButtonProps={{ "aria-label": close }}>
      {deliveryId && <Detail webhook={webhook} deliveryId={deliveryId} />}
    </Drawer>
  );
}

function Detail({ webhook, deliveryId }: { webhook: Webhook; deliveryId: string }) {
  const t = useTexts(texts);
  const spoken = useLanguage();
  const client = useQueryClient();
  const canWrite = useMay()("webhooks:write");
  const { data: delivery, error, refetch } = useQuery(deliveryQuery(webhook.id, deliveryId));
  const replay = useMutation({
    mutationFn: () => api.POST("/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", { params: { path: { webhook_id: webhook.id, delivery_id: deliveryId } } }),
    onSuccess: () => {
      tellDone(t.againDone);
      return client.invalidateQueries({ queryKey: ["webhooks", webhook.id] });
    },
    onError: tellFailure,
  });
  if (error && !delivery) return <Failure error={error} retry={() => void refetch()} />;
  if (!delivery) return <Loading />;
  const { type, state, log } = delivery;
  const canReplay = canWrite && !delivery.private && (state === "failed" || state === "delivered");
  return (
    <Stack gap="lg">
      <div>
        <Text fw={600} mb="xs">{EVENTS[spoken][type] ?? type}</Text>
        <Facts
          facts={[
            [t.state, <DeliveryBadge key="state" state={state} />],
            [t.events, <code key="type">{type}</code>],
            [t.sentTo, webhook.url],
            [t.messageId, <span key="id"><code>{delivery.id}</code> <CopyButton value={delivery.id} /></span>],
            [t.happened, dateTime(delivery.created_at)],
            [t.ended, delivery.ended_at ? dateTime(delivery.ended_at) : ""],
            [t.next, delivery.next_attempt_at ? dateTime(delivery.next_attempt_at) : ""],
          ]}
        />
        {delivery.private && <Text size="sm" c="dimmed" mt="xs">{t.privateNote}</Text>}
      </div>
      {canReplay && <div><Button leftSection={<Icon name="refresh" size={16} />} loading={replay.isPending} onClick={() => replay.mutate()}>{t.again}</Button></div>}
      {!delivery.private && <Sent body={delivery.body} canSee={canWrite} />}
      <ol className={classes.attempts}>
        {log.toReversed().map((attempt) => (
          <li key={attempt.number}>
            <h3>{t.attempt(attempt.number)}<Text span size="sm" c="dimmed" fw={400}>{dateTime(attempt.begun_at)}</Text></h3>
            <Outcome outcome={attempt} />
          </li>
        ))}
      </ol>
    </Stack>
  );
}

/** What is sent, readable if it is JSON. */
function Sent({ body, canSee }: { body: string | null; canSee: boolean }) {
  const t = useTexts(texts);
  return (
    <details>
      <summary>{t.request}</summary>
      {body === null
        ? <Text size="sm" c="dimmed" mt="xs">{canSee ? t.requestGone : t.requestHidden}</Text>
        : <pre className={parts.pre} dir="auto" tabIndex={0} role="region" aria-label={t.request}>{readable(body)}</pre>}
    </details>
  );
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
