"""The events of webhooks (`core.events`)."""

from typing import Final, Literal

from answerdesk.core.events import EventType, Payload


class DisabledWebhook(Payload):
    """A webhook to which nothing is sent any more, and why."""

    webhook_id: str
    reason: Literal["gone", "failing"]


WEBHOOK_DISABLED: Final = EventType(
    "webhook.disabled",
    "A webhook was disabled, because its receiver is gone (410) or failed for days.",
    DisabledWebhook,
    DisabledWebhook(webhook_id="webhook_9f8e7d6c5b4a43210f1e2d3c4b5a6978", reason="failing"),
)

TYPES: Final = (WEBHOOK_DISABLED,)
