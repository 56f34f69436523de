/** The log of what was sent to a webhook: filters, and sending again what failed. */
import { Button, NativeSelect, Text, TextInput } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../../../api/queries.ts";
import { Icon } from "../../../../parts/icons.tsx";
import { Moment } from "../../../../parts/moment.tsx";
import { Failure, Loading } from "../../../../parts/states.tsx";
import { useLanguage, useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import { MoreButton, Row, Rows } from "../parts/list.tsx";
import { DeliveryPanel } from "./delivery.tsx";
import { EVENTS } from "./eventtexts.ts";
import { deliveriesQuery, type Delivery, type Webhook } from "./queries.ts";
import { Replay } from "./replay.tsx";
import { STATES, type WebhookSearch } from "./search.ts";
import { DeliveryBadge } from "./states.tsx";
import { texts } from "./texts.ts";
import classes from "./webhooks.module.css";

const route = getRouteApi("/account/settings/webhooks/$webhookId");

export function Deliveries({ webhook }: { webhook: Webhook }) {
  const t = useTexts(texts);
  const { state, since, until, delivery } = route.useSearch();
  const canWrite = useMay()("webhooks:write");
  const navigate = useNavigate();
  const [isReplaying, setReplaying] = useState(false);
  const choose = (change: { [K in keyof WebhookSearch]?: WebhookSearch[K] | undefined }) =>
    void navigate({ to: ".", search: (before) => ({ ...before, ...change }), replace: !("delivery" in change), resetScroll: false });
  return (
    <Card
      title={t.deliveries}
      lead={t.deliveriesLead}
      actions={canWrite && webhook.enabled && <Button variant="default" size="sm" leftSection={<Icon name="refresh" size={16} />} onClick={() => setReplaying(true)}>{t.replay}</Button>}
    >
      <div className={classes.filters}>
        <NativeSelect label={t.state} value={state ?? ""} onChange={(event) => choose({ state: STATES.find((one) => one === event.currentTarget.value) })} data={[{ value: "", label: t.anyState }, ...STATES.map((value) => ({ value, label: t.states[value] }))]} />
        <TextInput type="date" label={t.from} value={since ?? ""} max={until} onChange={(event) => choose({ since: event.currentTarget.value || undefined })} />
        <TextInput type="date" label={t.until} value={until ?? ""} min={since} onChange={(event) => choose({ until: event.currentTarget.value || undefined })} />
      </div>
      <Log webhookId={webhook.id} filters={{ state, since, until }} onOpen={(id) => choose({ delivery: id })} />
      <DeliveryPanel webhook={webhook} deliveryId={delivery} onClose={() => choose({ delivery: undefined })} />
      <Replay webhookId={webhook.id} opened={isReplaying} onClose={() => setReplaying(false)} />
    </Card>
  );
}

function Log({ webhookId, filters, onOpen }: { webhookId: string; filters: Parameters<typeof deliveriesQuery>[1]; onOpen: (id: string) => void }) {
  const t = useTexts(texts);
  const query = useInfiniteQuery({ ...deliveriesQuery(webhookId, filters), placeholderData: keepPreviousData });
  if (query.isPending) return <Loading rows={4} />;
  if (!query.data) return <Failure error={query.error} retry={() => void query.refetch()} />;
  const found = query.data.pages.flatMap(({ items }) => items);
  if (!found.length) return <Text size="sm" c="dimmed">{Object.values(filters).some(Boolean) ? t.noneFound : t.noDeliveries}</Text>;
  return (
    <div>
      <Rows label={t.deliveries}>{found.map((one) => <Entry key={one.id} delivery={one} onOpen={() => onOpen(one.id)} />)}</Rows>
      <MoreButton query={query} />
    </div>
  );
}

function Entry({ delivery, onOpen }: { delivery: Delivery; onOpen: () => void }) {
  const t = useTexts(texts);
  const spoken = useLanguage();
  const { type, state, attempts, next_attempt_at: next, error } = delivery;
  return (
    <Row
      title={<button type="button" className={classes.opener} onClick={onOpen}>{EVENTS[spoken][type] ?? type}</button>}
      note={(
        <>
          {type} · <Moment at={delivery.created_at} /> · {t.attempts(attempts)}
          {state === "pending" && attempts > 0 && next && <> · {t.next} <Moment at={next} /></>}
          {error && state !== "delivered" && <div className={classes.error}>{error}</div>}
        </>
      )}
      end={<DeliveryBadge state={state} />}
    />
  );
}
