/** A webhook's and a delivery's state, in words and colours. */
import { dateTime } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { Pill, type Tone } from "../parts/pill.tsx";
import type { DeliveryState, EventType, Webhook } from "./queries.ts";
import { texts } from "./texts.ts";

export function WebhookState({ webhook }: { webhook: Webhook }) {
  const t = useTexts(texts);
  if (!webhook.enabled) {
    return webhook.disabled_reason === "owner"
      ? <Pill tone="calm">{t.paused}</Pill>
      : <Pill tone="bad">{t.stopped}</Pill>;
  }
  return webhook.failing_since ? <Pill tone="warn">{t.failing}</Pill> : <Pill tone="good">{t.enabled}</Pill>;
}

/** Why it is paused, stopped or failing, and what to do; empty if it works. */
export function useReason({ enabled, disabled_reason: reason, failing_since: since }: Webhook): string {
  const t = useTexts(texts);
  if (enabled) return since ? t.failingSince(dateTime(since)) : "";
  if (reason === "gone") return t.goneText;
  return reason === "failing" ? t.stoppedText : t.pausedText;
}

const TONES: Record<DeliveryState, Tone> = { pending: "busy", delivered: "good", failed: "bad", cancelled: "calm" };

export function DeliveryBadge({ state }: { state: DeliveryState }) {
  const t = useTexts(texts);
  return <Pill tone={TONES[state]}>{t.states[state]}</Pill>;
}

/** The events of a webhook in a few words. */
export function useEventsTold({ events, format }: Webhook, types: readonly EventType[]): string {
  const t = useTexts(texts);
  if (events) return t.countEvents(events.length);
  return types.some(({ formats }) => formats[format]) ? t.allEvents : t.onlyReplies;
}
