"""All types of events, and all formats in which webhooks tell them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from answerdesk.agents.actions import events as action_events
from answerdesk.bootstrap.administration import Administration
from answerdesk.bootstrap.providers import make_outbound
from answerdesk.conversations import events as conversation_events
from answerdesk.conversations.details import EventDetails
from answerdesk.core.crypto import Sealer
from answerdesk.core.events import EventTypes
from answerdesk.core.outbound import Outbound
from answerdesk.delayed_replies.service import standard_body
from answerdesk.delayed_replies.types import ReplyEncoders
from answerdesk.dialects.noras.webhooks import NorasWebhooks
from answerdesk.dialects.novachat.webhooks import NovaChatWebhooks
from answerdesk.dialects.novaro import webhooks as novaro
from answerdesk.dialects.orac.webhooks import OracWebhooks
from answerdesk.inbox import events as inbox_events
from answerdesk.insights.drafts import events as draft_events
from answerdesk.knowledge import events as knowledge_events
from answerdesk.leads import events as lead_events
from answerdesk.privacy import events as privacy_events
from answerdesk.projects import events as project_events
from answerdesk.webhooks import events as webhook_events
from answerdesk.webhooks.deliveries.run import Engine
from answerdesk.webhooks.encoding import Encoders
from answerdesk.webhooks.service import Endpoints
from answerdesk.webhooks.standard import StandardWebhooks


def make_event_types() -> EventTypes:
    """Return the types of events that slices declare."""
    return EventTypes(
        (
            *conversation_events.TYPES,
            conversation_events.CONVERSATION_ERASED,
            *privacy_events.TYPES,
            *lead_events.TYPES,
            *inbox_events.TYPES,
            *draft_events.TYPES,
            *knowledge_events.TYPES,
            *project_events.TYPES,
            *webhook_events.TYPES,
            *action_events.TYPES,
        )
    )


def make_encoders(event_types: EventTypes) -> Encoders:
    """Return the encoder of each format that tells events."""
    details = EventDetails()
    told = (
        *(*conversation_events.TYPES, *lead_events.TYPES, inbox_events.SLA_BREACHED),
        *(*action_events.TYPES, *draft_events.TYPES),
    )
    by_type = {one.name: details for one in told}
    encoders = (
        StandardWebhooks(event_types, by_type),
        NorasWebhooks(),
        NovaChatWebhooks(),
        OracWebhooks(),
    )
    return {one.format: one for one in encoders}


def make_reply_encoders() -> ReplyEncoders:
    """Return what writes delayed replies, for each format that they can be sent in."""
    return {"standard": standard_body, "novaro": novaro.response_body}


def make_endpoints(sealer: Sealer, outbound: Outbound) -> Endpoints:
    """Return what changes webhooks' endpoints, with all formats."""
    event_types = make_event_types()
    return Endpoints(sealer, event_types, make_encoders(event_types), outbound)


@asynccontextmanager
async def administered_webhooks(administration: Administration) -> AsyncIterator[Engine]:
    """Give what changes webhooks and sends test calls, for the operator's commands."""
    outbound = make_outbound(administration.settings)
    try:
        endpoints = make_endpoints(administration.sealer, outbound)
        yield Engine.of(administration.settings, administration.database, endpoints)
    finally:
        await outbound.close()
