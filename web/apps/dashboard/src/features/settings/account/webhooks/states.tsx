/** A webhook's and a delivery's state, in words and colours. */
import { Badge } from "@mantine/core";
import { dateTime } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import type { DeliveryState, EventType, Webhook } from "./queries.ts";
import { texts } from "./texts.ts";

export function WebhookState({ webhook }: { webhook: Webhook }) {
  const t = useTexts(texts);
  if (!webhook.enabled) {
    return webhook.disabled_reason === "owner"
      ? <Badge variant="default">{t.paused}</Badge>
      : <Badge color="red">{t.stopped}</Badge>;
  }
  return webhook.failing_since ? <Badge color="orange" variant="filled">{t.failing}</Badge> : <Badge color="teal">{t.enabled}</Badge>;
}

/** Why it is paused, stopped or failing, and what to do; empty if it works. */
export function useReason({ enabled, disabled_reason: reason, failing_since: since }: Webhook): string {
  const t = useTexts(texts);
  if (enabled) return since ? t.failingSince(dateTime(since)) : "";
  if (reason === "gone") return t.goneText;
  return reason === "failing" ? t.stoppedText : t.pausedText;
}

const COLORS: Record<DeliveryState, string> = { pending: "blue", delivered: "teal", failed: "red", cancelled: "gray" };

export function DeliveryBadge({ state }: { state: DeliveryState }) {
  const t = useTexts(texts);
  return <Badge color={COLORS[state]}>{t.states[state]}</Badge>;
}

/** The events of a webhook in a few words. */
export function useEventsTold({ events, format }: Webhook, types: readonly EventType[]): string {
  const t = useTexts(texts);
  if (events) return t.countEvents(events.length);
  return types.some(({ formats }) => formats[format]) ? t.allEvents : t.onlyReplies;
}
