"""What the events of conversations and leads tell of, beyond their payloads, for webhooks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.answering.blocks import paragraphs
from answerdesk.conversations.events import (
    FEEDBACK_NEGATIVE,
    FEEDBACK_POSITIVE,
    QUESTION_UNANSWERED,
)
from answerdesk.conversations.history.service import subject_of
from answerdesk.conversations.history.types import (
    ConversationSummary,
    EventSubject,
    Preview,
    VisitorOfConversation,
)
from answerdesk.conversations.schemas import ConversationOut, MessageOut
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    MESSAGE_PREFIX,
    Message,
    Rating,
    VisitorId,
)
from answerdesk.core.events import Event
from answerdesk.core.tenancy import (
    ConversationId,
    MessageId,
    ProjectId,
    parse_public_id,
    public_id,
)
from answerdesk.leads.schemas import LeadOut
from answerdesk.leads.service import get_lead
from answerdesk.leads.types import LEAD_PREFIX, Circumstances, Contact, Lead
from answerdesk.projects.types import PROJECT_PREFIX


class EventDetails:
    """Reads, for any event of a conversation or a lead, what a webhook adds to its payload.

    These are `conversation`; `message` with the `question` that it responds to, and `feedback`; and
    `lead`: each if the event has one.
    """

    async def read(self, session: AsyncSession, event: Event) -> Mapping[str, Any] | None:
        """Return the details as they are now; None if what the event tells of is gone."""
        subject = await subject_of(session, event)
        if "lead_id" not in event.payload:
            return None if subject is None else _told(subject)
        lead = await lead_of(session, event)
        if lead is None:
            return None
        return {"lead": _lead(lead), **({} if subject is None else _told(subject))}

    def example(self, event: Event) -> Mapping[str, Any]:
        """Return the details of an event that did not happen."""
        lead = {"lead": _lead(example_lead(event))} if "lead_id" in event.payload else {}
        return {**lead, **_told(example_subject(event))}


async def lead_of(session: AsyncSession, event: Event) -> Lead | None:
    """Return the lead that an event tells of; None if it was erased."""
    return await get_lead(session, _id(event, "lead_id", LEAD_PREFIX))


def _told(subject: EventSubject) -> dict[str, Any]:
    conversation = ConversationOut.of(subject.conversation)
    path = f"/v1/conversations/{conversation.id}"
    told: dict[str, Any] = {
        "conversation": conversation.model_dump(mode="json", exclude={"latest_message"})
    }
    for name, message in (("message", subject.message), ("question", subject.question)):
        if message is not None:
            told[name] = _message(message, subject.conversation.project_id)
    if subject.rating is not None:
        told["feedback"] = {"rating": subject.rating, "reason": subject.reason}
    return {name: {**one, "path": path} for name, one in told.items()}


def _message(message: Message, project_id: ProjectId) -> dict[str, Any]:
    # A source may need our own address, which only a request knows.
    shown = MessageOut.of(message, project_id, "")
    return shown.model_dump(mode="json", exclude={"blocks", "sources"})


def _lead(lead: Lead) -> dict[str, Any]:
    path = f"/v1/projects/{public_id(PROJECT_PREFIX, lead.project_id)}/leads"
    return {**LeadOut.of(lead).model_dump(mode="json"), "path": path}


_QUESTION: Final = "Do you ship to Norway?"
_ANSWER: Final = "Yes. Shipping to Norway takes a week."
_NO_ANSWER: Final = "I don't have that in what I know."
_PAGE: Final = "https://shop.example/shipping"
_CONTACT: Final = Contact("ann@example.com", "+47 21 00 00 00", "Please call me.", "Ann")
_VISITOR: Final = VisitorOfConversation(
    id=VisitorId(UUID("3c4d5e6f708142939aabbccddeeff001")),
    external_id=None,
    dialect=None,
    identity="42",
    email=_CONTACT.email,
    name=_CONTACT.name,
)
_RATINGS: Final[Mapping[str, tuple[Rating, str | None]]] = {
    FEEDBACK_POSITIVE.name: ("positive", None),
    FEEDBACK_NEGATIVE.name: ("negative", "I asked about express shipping."),
}


def example_subject(event: Event) -> EventSubject:
    """Return what an event of a conversation or a lead that did not happen would tell of."""
    payload, moment = event.payload, event.created_at
    state = payload.get("state", "ai")
    conversation = ConversationSummary(
        id=ConversationId(_id(event, "conversation_id", CONVERSATION_PREFIX)),
        project_id=event.project_id,
        state=state,
        assignee_id=None,
        visitor=_VISITOR,
        opens_by_id=False,
        page_url=_PAGE,
        latest=Preview("visitor", _QUESTION),
        escalated_at=moment if state == "waiting" else None,
        created_at=moment,
        updated_at=moment,
    )
    asked = Message(
        id=MessageId(_id(event, "question_id", MESSAGE_PREFIX)),
        conversation_id=conversation.id,
        author="visitor",
        content=_QUESTION,
        blocks=paragraphs(_QUESTION),
        citations=(),
        confidence=None,
        abstained=False,
        created_at=moment,
    )
    if "message_id" not in payload:
        return EventSubject(conversation, asked if "question_id" in payload else None)
    message_id = MessageId(_id(event, "message_id", MESSAGE_PREFIX))
    if payload.get("author") == "visitor":
        return EventSubject(conversation, replace(asked, id=message_id))
    abstained = event.type == QUESTION_UNANSWERED.name
    text = _NO_ANSWER if abstained else _ANSWER
    answer = replace(
        asked,
        id=message_id,
        author="assistant",
        content=text,
        blocks=paragraphs(text),
        confidence=0.0 if abstained else 0.93,
        abstained=abstained,
    )
    rating, reason = _RATINGS.get(event.type, (None, None))
    return EventSubject(conversation, answer, asked, rating, reason)


def example_lead(event: Event) -> Lead:
    """Return the lead that an event that did not happen would tell of."""
    return Lead(
        id=_id(event, "lead_id", LEAD_PREFIX),
        project_id=event.project_id,
        conversation_id=ConversationId(_id(event, "conversation_id", CONVERSATION_PREFIX)),
        contact=_CONTACT,
        circumstances=Circumstances(_PAGE, _QUESTION),
        created_at=event.created_at,
        updated_at=event.created_at,
    )


def _id(event: Event, field: str, prefix: str) -> UUID:
    """Return an id of the payload; one of nothing if there is none."""
    return parse_public_id(prefix, event.payload.get(field) or "") or UUID(int=0)
