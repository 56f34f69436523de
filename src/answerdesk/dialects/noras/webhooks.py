"""Noras' webhooks: a conversation's start and end, and each of a user's messages."""

from collections.abc import Mapping
from typing import Any, Final

from answerdesk.conversations.events import (
    CONVERSATION_ENDED,
    CONVERSATION_REOPENED,
    CONVERSATION_STARTED,
    MESSAGE_RECEIVED,
)
from answerdesk.conversations.history.service import subject_of
from answerdesk.conversations.history.types import ConversationSummary
from answerdesk.conversations.types import CONVERSATION_PREFIX, VISITOR_PREFIX
from answerdesk.core.events import Event
from answerdesk.core.tenancy import public_id
from answerdesk.dialects.noras.dependencies import WIDGET_PREFIX
from answerdesk.kit.instants import instant
from answerdesk.webhooks.encoding import Session
from answerdesk.webhooks.types import Endpoint, Format


class NorasWebhooks:
    """Writes events as Noras does: five fields, of which `message` is null but for messages."""

    format: Format = "noras"
    names: Final[Mapping[str, str]] = {
        CONVERSATION_STARTED.name: "conversation.started",
        # A reopened conversation goes on, but for Noras each one begins after the last has ended.
        CONVERSATION_REOPENED.name: "conversation.started",
        MESSAGE_RECEIVED.name: "message.received",
        CONVERSATION_ENDED.name: "conversation.ended",
    }

    async def body(
        self, session: Session, event: Event, endpoint: Endpoint
    ) -> Mapping[str, Any] | None:
        """Return the body, read from the rows as they are now; None if they are gone."""
        del endpoint
        subject = await subject_of(session, event)
        if subject is None:
            return None
        message = None if subject.message is None else subject.message.content
        return self._write(event, _user_code(subject.conversation), message)

    def example(self, event: Event) -> Mapping[str, Any]:
        """Return the body of an event that did not happen, as Noras' document prints it."""
        said = "I need help with my order" if event.type == MESSAGE_RECEIVED.name else None
        return self._write(event, "user_456", said)

    def headers(self, secret: str, body: bytes) -> Mapping[str, str]:
        """Return nothing: Noras has no signature of its own."""
        del secret, body
        return {}

    def _write(self, event: Event, user_code: str, message: str | None) -> Mapping[str, Any]:
        return {
            "event": self.names[event.type],
            "widget_key": public_id(WIDGET_PREFIX, event.project_id),
            "user_code": user_code,
            "message": message,
            "timestamp": instant(event.created_at),
        }


def _user_code(conversation: ConversationSummary) -> str:
    """Return what Noras' programs call the user, or our id of the visitor or else of the session.

    A `user_code` is the "unique identifier for the user/session"; some visitors have none.
    """
    visitor = conversation.visitor
    if visitor is None:
        return public_id(CONVERSATION_PREFIX, conversation.id)
    if visitor.dialect == "noras" and visitor.external_id is not None:
        return visitor.external_id
    return public_id(VISITOR_PREFIX, visitor.id)
