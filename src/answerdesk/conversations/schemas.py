"""Bodies of the visitors' native API, and conversations and messages as their owners read them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from answerdesk.answering.blocks import Block
from answerdesk.answering.certainty import Level, certainty_of
from answerdesk.answering.citing import citation_titles
from answerdesk.answering.types import Citation
from answerdesk.conversations.history.types import (
    ConversationSummary,
    Preview,
    VisitorOfConversation,
)
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    MESSAGE_LENGTH,
    MESSAGE_PREFIX,
    VISITOR_PREFIX,
    Author,
    ConversationState,
    Message,
    Rating,
)
from answerdesk.conversations.visitors.identity import TOKEN_LENGTH
from answerdesk.conversations.visitors.service import Session
from answerdesk.core.dialects import Dialect
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.knowledge.links import source_url
from answerdesk.leads.types import (
    CONSENT_LENGTH,
    NAME_LENGTH,
    PAGE_URL_LENGTH,
    PHONE_LENGTH,
    Consent,
    Contact,
)
from answerdesk.projects.types import PROJECT_PREFIX


class CitedSource(BaseModel):
    """A passage that supports an answer, and where it can be read."""

    title: str = Field(
        description="The document's title and its section's, so that sources can be told apart."
    )
    document: str = Field(description="The document's own title.")
    heading_path: list[str]
    quote: str
    url: str

    @classmethod
    def all_of(
        cls, citations: Sequence[Citation], project_id: ProjectId, base_url: str
    ) -> "list[CitedSource]":
        """Return the sources of an answer, in the order of its citations."""
        return [
            cls(
                title=title,
                document=one.title,
                heading_path=list(one.heading_path),
                quote=one.quote,
                url=source_url(project_id, one.chunk_id, (one.url, one.anchor), base_url),
            )
            for one, title in zip(citations, citation_titles(citations), strict=True)
        ]


class CertaintyOut(BaseModel):
    """How certain an answer is: `text` says it in the answer's language."""

    level: Level
    text: str

    @classmethod
    def of(
        cls, said: str, citations: Sequence[Citation], confidence: float | None
    ) -> "CertaintyOut | None":
        certainty = certainty_of(said, citations, confidence)
        return None if certainty is None else cls(level=certainty.level, text=certainty.text)


class SaidOut(BaseModel):
    """What everybody reads of a message."""

    id: str
    author: Author
    content: str = Field(description="Plain text.")
    blocks: list[Annotated[Block, Field(discriminator="type")]] = Field(
        description="The same content, typed. A block's `source` is the index of its source in "
        "`sources`; its `marked` parts answer what was asked."
    )
    sources: list[CitedSource]
    abstained: bool = Field(description="The message says that the knowledge holds no answer.")
    created_at: datetime

    @staticmethod
    def fields_of(message: Message, project_id: ProjectId, base_url: str) -> dict[str, Any]:
        """Return a message's fields by name, for its readers' own bodies."""
        return {
            "id": public_id(MESSAGE_PREFIX, message.id),
            "author": message.author,
            "content": message.content,
            "blocks": list(message.blocks),
            "sources": CitedSource.all_of(message.citations, project_id, base_url),
            "abstained": message.abstained,
            "created_at": message.created_at,
        }


class MessageOut(SaidOut):
    """A message; `confidence` is the probability that an answer is right, 0 to 1."""

    confidence: float | None

    @classmethod
    def of(cls, message: Message, project_id: ProjectId, base_url: str) -> "MessageOut":
        fields = cls.fields_of(message, project_id, base_url)
        return cls(**fields, confidence=message.confidence)


class VisitorsMessageOut(SaidOut):
    """A message as its visitor reads it; an answer with sources has a `certainty`.

    `rating` is the visitor's own.
    """

    certainty: CertaintyOut | None
    rating: Rating | None

    @classmethod
    def of(
        cls,
        message: Message,
        project_id: ProjectId,
        base_url: str,
        rating: Rating | None = None,
    ) -> "VisitorsMessageOut":
        fields = cls.fields_of(message, project_id, base_url)
        said = CertaintyOut.of(message.content, message.citations, message.confidence)
        return cls(**fields, certainty=said, rating=rating)


Id = Annotated[CleanText, Field(max_length=200)]
Token = Annotated[CleanText, Field(max_length=TOKEN_LENGTH)]


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        msg = "is out of range"
        raise ValueError(msg) from error


Since = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A time with its offset, such as 2026-04-18T11:20:00Z."""


class Strict(BaseModel):
    """A body that may have no other fields."""

    model_config = ConfigDict(extra="forbid")


class SessionIn(Strict):
    """A page's request for a visitor session, with the project's widget key."""

    widget_key: Id = Field(examples=["wk_9f86d081884c7d659a2feaa0c55ad015"])
    identity_token: Token | None = Field(
        default=None, description="The visitor's identity, signed by the site's own server."
    )
    visitor_token: Token | None = Field(
        default=None, description="The last token, to come back as the same anonymous visitor."
    )


class OwnSessionIn(Strict):
    """Our own page's request for a visitor session, with what it has of its last visitor."""

    identity_token: Token | None = Field(
        default=None, description="The visitor's identity, signed by the website's own server."
    )
    visitor_token: Token | None = None
    resume_token: Token | None = Field(default=None, description="Without a visitor token only.")


class SessionOut(BaseModel):
    """A visitor, and their token, which is valid for `expires_in` seconds."""

    visitor_token: str
    expires_in: int
    visitor_id: str

    @classmethod
    def of(cls, session: Session) -> "SessionOut":
        return cls(
            visitor_token=session.token,
            expires_in=session.expires_in,
            visitor_id=public_id(VISITOR_PREFIX, session.visitor.id),
        )


class OwnSessionOut(SessionOut):
    """A visitor on our own page. The resume token can only begin their next session."""

    resume_token: str

    @classmethod
    def of(cls, session: Session) -> "OwnSessionOut":
        told = SessionOut.of(session).model_dump()
        return cls(**told, resume_token=session.resume_token)


class ChatIn(Strict):
    """A visitor's message. Without `conversation_id` it begins a new conversation."""

    message: FilledText = Field(max_length=MESSAGE_LENGTH)
    conversation_id: Id | None = None
    page_url: Annotated[CleanText, Field(max_length=4000)] | None = None
    website_token: Id | None = Field(
        default=None,
        description="The token of one of the project's domains. A conversation that the message "
        "begins belongs to it and is answered by its agent; while it is not active, the message is "
        "for a person.",
    )
    context: Annotated[CleanText, Field(max_length=20_000)] | None = Field(
        default=None,
        description="What the website tells about the visitor or the page. It is kept with the "
        "message for those who read it; nobody has verified it.",
    )


class FeedbackIn(Strict):
    """A rating of an assistant's message; `reason` is stored verbatim."""

    message_id: Id
    rating: Rating
    reason: Annotated[CleanText, Field(max_length=10_000)] | None = None


class RatingIn(Strict):
    """A rating of a whole conversation, from 1 (worst) to 5; `comment` is stored verbatim."""

    score: Annotated[int, Field(ge=1, le=5, strict=True)]
    comment: Annotated[CleanText, Field(max_length=10_000)] | None = None


class AgreedIn(Strict):
    """What the visitor agreed to: the sentence as it was shown, and the page that showed it."""

    text: FilledText = Field(max_length=CONSENT_LENGTH)
    page_url: Annotated[CleanText, Field(max_length=PAGE_URL_LENGTH)] | None = None

    def consent(self) -> Consent:
        return Consent(self.text.strip(), datetime.now(UTC), self.page_url or None)


class ContactIn(Strict):
    """How to reach the visitor, and about what."""

    name: Annotated[CleanText, Field(max_length=NAME_LENGTH)] | None = None
    email: Annotated[CleanText, Field(max_length=320)] | None = None
    phone: Annotated[CleanText, Field(max_length=PHONE_LENGTH)] | None = None
    message: Annotated[CleanText, Field(max_length=MESSAGE_LENGTH)] | None = None
    consent: AgreedIn | None = Field(
        default=None,
        description="Needed for an address or a phone number if the project has a consent text.",
    )

    def contact(self) -> Contact:
        parts = (self.email, self.phone, self.message, self.name)
        return Contact(*(part or None for part in parts))

    def consented(self) -> Consent | None:
        return None if self.consent is None else self.consent.consent()


class OwnLeadIn(ContactIn):
    """Contact details that the visitor leaves; an address or a phone number is needed."""


class EscalateIn(ContactIn):
    """A request for a person, with the visitor's contact details."""


class LatestMessage(BaseModel):
    """The first 200 characters of the latest message, and its author."""

    author: Author
    content: str

    @classmethod
    def of(cls, preview: Preview | None) -> "LatestMessage | None":
        return None if preview is None else cls(author=preview.author, content=preview.content)


class VisitorOut(BaseModel):
    """The visitor of a conversation."""

    id: str
    identity: str | None = Field(description="The site's own id of them, signed by the site.")
    external_id: str | None = Field(description="The id claimed by their client; not verified.")
    dialect: Dialect | None = Field(description="The API in which `external_id` was given.")
    email: str | None
    name: str | None

    @classmethod
    def of(cls, visitor: VisitorOfConversation | None) -> "VisitorOut | None":
        if visitor is None:
            return None
        return cls(
            id=public_id(VISITOR_PREFIX, visitor.id),
            identity=visitor.identity,
            external_id=visitor.external_id,
            dialect=visitor.dialect,
            email=visitor.email,
            name=visitor.name,
        )


class ConversationOut(BaseModel):
    """A conversation with its visitor; `state` says who has it now."""

    id: str
    project_id: str
    state: ConversationState
    visitor: VisitorOut | None
    page_url: str | None
    latest_message: LatestMessage | None
    escalated_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, summary: ConversationSummary) -> "ConversationOut":
        return cls(**cls.fields_of(summary))

    @staticmethod
    def fields_of(summary: ConversationSummary) -> dict[str, Any]:
        """Return a conversation's fields by name, for subclasses with more fields."""
        return {
            "id": public_id(CONVERSATION_PREFIX, summary.id),
            "project_id": public_id(PROJECT_PREFIX, summary.project_id),
            "state": summary.state,
            "visitor": VisitorOut.of(summary.visitor),
            "page_url": summary.page_url,
            "latest_message": LatestMessage.of(summary.latest),
            "escalated_at": summary.escalated_at,
            "created_at": summary.created_at,
            "updated_at": summary.updated_at,
        }


class OwnConversation(BaseModel):
    """One of the visitor's conversations; `state` says who has it now."""

    id: str
    state: ConversationState
    latest_message: LatestMessage | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, summary: ConversationSummary) -> "OwnConversation":
        return cls(
            id=public_id(CONVERSATION_PREFIX, summary.id),
            state=summary.state,
            latest_message=LatestMessage.of(summary.latest),
            created_at=summary.created_at,
            updated_at=summary.updated_at,
        )


class OwnConversationList(Listing[OwnConversation]):
    """The visitor's conversations, most recently active first."""


class VisitorsMessageList(Listing[VisitorsMessageOut]):
    """A conversation's messages, oldest first."""
