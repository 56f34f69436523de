"""Orac's webhooks: five events, signed with a header of Orac's own."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

from answerdesk.conversations.details import example_lead, example_subject, lead_of
from answerdesk.conversations.events import (
    CONVERSATION_ESCALATED,
    CONVERSATION_STARTED,
    FEEDBACK_NEGATIVE,
    QUESTION_UNANSWERED,
)
from answerdesk.conversations.history.service import subject_of
from answerdesk.conversations.history.types import EventSubject
from answerdesk.conversations.types import MESSAGE_PREFIX
from answerdesk.core.events import Event
from answerdesk.core.tenancy import public_id
from answerdesk.dialects.orac.encoder import (
    encode_conversation,
    encode_lead,
    text_of,
)
from answerdesk.kit.instants import instant
from answerdesk.leads.events import LEAD_CREATED, LEAD_UPDATED
from answerdesk.leads.types import Lead
from answerdesk.projects.types import PROJECT_PREFIX
from answerdesk.webhooks.encoding import Session
from answerdesk.webhooks.types import Endpoint, Format


class OracWebhooks:
    """Writes events with Orac's names; `data` is what Orac's API shows of the same thing."""

    format: Format = "orac"
    names: Final[Mapping[str, str]] = {
        CONVERSATION_STARTED.name: "new_conversation",
        LEAD_CREATED.name: "new_lead",
        LEAD_UPDATED.name: "new_lead",
        CONVERSATION_ESCALATED.name: "escalation",
        FEEDBACK_NEGATIVE.name: "negative_feedback",
        QUESTION_UNANSWERED.name: "unanswered_question",
    }

    async def body(
        self, session: Session, event: Event, endpoint: Endpoint
    ) -> Mapping[str, Any] | None:
        """Return the body, read from the rows as they are now; None if they are gone."""
        del endpoint
        told: EventSubject | Lead | None
        if self.names[event.type] == "new_lead":
            told = await lead_of(session, event)
        else:
            told = await subject_of(session, event)
        return None if told is None else self._write(event, told)

    def example(self, event: Event) -> Mapping[str, Any]:
        """Return the body of an event that did not happen."""
        is_lead = self.names[event.type] == "new_lead"
        return self._write(event, example_lead(event) if is_lead else example_subject(event))

    def headers(self, secret: str, body: bytes) -> Mapping[str, str]:
        """Return Orac's signature, keyed with the secret's text as it is shown."""
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return {"X-Orac-Signature": f"sha256={digest}"}

    def _write(self, event: Event, told: EventSubject | Lead) -> Mapping[str, Any]:
        return {
            "event": self.names[event.type],
            "project_id": public_id(PROJECT_PREFIX, event.project_id),
            "conversation_id": event.payload.get("conversation_id"),
            "created_at": instant(event.created_at, "microseconds"),
            "data": _data(told),
        }


def _data(told: EventSubject | Lead) -> Mapping[str, Any]:
    if isinstance(told, Lead):
        return encode_lead(told).model_dump()
    if told.message is None:
        return encode_conversation(told.conversation).model_dump()
    rating = {} if told.rating is None else {"rating": told.rating, "reason": told.reason}
    return {
        "message_id": public_id(MESSAGE_PREFIX, told.message.id),
        **rating,
        "question": None if told.question is None else text_of(told.question),
        "answer": text_of(told.message),
    }
