"""Nova Chat's webhooks: a conversation was created, or something in it has changed."""

from collections.abc import Mapping
from typing import Any, Final

from answerdesk.conversations.events import (
    CONVERSATION_ENDED,
    CONVERSATION_STARTED,
    CONVERSATION_UPDATED,
    MESSAGE_RECEIVED,
    MESSAGE_SENT,
)
from answerdesk.conversations.history.service import subject_of
from answerdesk.core.events import Event
from answerdesk.core.numbers import numbers_of
from answerdesk.dialects.novachat.encoder import encode_contact
from answerdesk.dialects.novachat.schemas import ContactOut
from answerdesk.webhooks.encoding import Session
from answerdesk.webhooks.types import Endpoint, Format


class NovaChatWebhooks:
    """Writes events as Nova Chat does: which conversation of which account, and its contact."""

    format: Format = "novachat"
    names: Final[Mapping[str, str]] = {
        CONVERSATION_STARTED.name: "conversation_created",
        MESSAGE_RECEIVED.name: "conversation_updated",
        MESSAGE_SENT.name: "conversation_updated",
        CONVERSATION_UPDATED.name: "conversation_updated",
        CONVERSATION_ENDED.name: "conversation_updated",
    }

    async def body(
        self, session: Session, event: Event, endpoint: Endpoint
    ) -> Mapping[str, Any] | None:
        """Return the body, read from the rows as they are now; None if they are gone."""
        subject = await subject_of(session, event)
        if subject is None:
            return None
        conversation_id, account_id = subject.conversation.id, endpoint.account_id
        numbers = await numbers_of(session, "conversation", [conversation_id])
        accounts = await numbers_of(session, "account", [account_id])
        contact = encode_contact(subject.conversation.visitor)
        return self._write(event, numbers[conversation_id], accounts[account_id], contact)

    def example(self, event: Event) -> Mapping[str, Any]:
        """Return the body of an event that did not happen, as Nova Chat's document prints it."""
        return self._write(event, 360, 17, ContactOut(name="John", email="john@example.com"))

    def headers(self, secret: str, body: bytes) -> Mapping[str, str]:
        """Return nothing: Nova Chat has no signature of its own."""
        del secret, body
        return {}

    def _write(
        self, event: Event, conversation: int, account: int, contact: ContactOut
    ) -> Mapping[str, Any]:
        return {
            "event": self.names[event.type],
            "conversation_id": conversation,
            "account_id": account,
            "contact": contact.model_dump(),
        }
