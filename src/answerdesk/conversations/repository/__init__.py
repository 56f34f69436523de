"""Reads and writes visitors, conversations, messages and feedback."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.answering.blocks import Blocks, paragraphs, read_blocks
from answerdesk.answering.types import Citation
from answerdesk.conversations.handoff import Hand
from answerdesk.conversations.models import (
    ConversationRow,
    MessageRow,
    TurnRow,
)
from answerdesk.conversations.types import (
    ConversationState,
    Message,
    VisitorId,
)
from answerdesk.core.database import tenant_of
from answerdesk.core.dialects import Dialect
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, ProjectId, UserId, new_id

_PAGE: Final = 1000
"""Default maximum number of messages that are read from a conversation."""


_OF_CITATION: Final = frozenset(field.name for field in fields(Citation))
"""What is read of a stored citation; a newer version, beside this one, may have written more."""


def _citation(stored: dict[str, Any]) -> Citation:
    return Citation(
        **{
            **{name: value for name, value in stored.items() if name in _OF_CITATION},
            "chunk_id": UUID(stored["chunk_id"]),
            "document_id": UUID(stored["document_id"]),
            "heading_path": tuple(stored["heading_path"]),
        }
    )


def stored_citation(citation: Citation) -> dict[str, Any]:
    """Convert a citation to the JSON stored with a message."""
    return {
        **asdict(citation),
        "chunk_id": str(citation.chunk_id),
        "document_id": str(citation.document_id),
    }


def _blocks(row: MessageRow) -> Blocks:
    # People's messages have no blocks, nor do those of early versions.
    return read_blocks(row.blocks or ()) or paragraphs(row.content)


def message_of(row: MessageRow) -> Message:
    return Message(
        id=MessageId(row.id),
        conversation_id=ConversationId(row.conversation_id),
        author=row.author,  # type: ignore[arg-type]  # A check constraint holds it to the literal.
        content=row.content,
        blocks=_blocks(row),
        citations=tuple(_citation(one) for one in row.citations),
        confidence=row.confidence,
        abstained=row.abstained,
        created_at=row.created_at,
    )


@dataclass(frozen=True, slots=True)
class LockedConversation:
    """The columns of a locked conversation that decisions need."""

    account_id: AccountId
    id: ConversationId
    project_id: ProjectId
    state: ConversationState
    visitor_id: VisitorId | None
    opens_by_id: bool | None
    assignee_id: UserId | None
    waits: bool
    told: bool
    snoozed_until: datetime | None
    now: datetime
    """By the database's clock."""

    @property
    def hand(self) -> Hand:
        """Who has the conversation."""
        snoozed = self.snoozed_until is not None and self.snoozed_until > self.now
        return Hand(self.state, self.assignee_id, self.waits, self.told, snoozed)


# A deleted project's conversations are gone immediately, though a job removes the rows later.
STANDS: Final = (
    "exists (select from project where project.account_id = conversation.account_id"
    " and project.id = conversation.project_id and project.deleted_at is null)"
)
_LOCK = text(
    "select account_id, id, project_id, state, visitor_id, opens_by_id, assignee_id,"  # noqa: S608
    " waiting_since is not null, wait_told_at is not null,"
    " snoozed_until, clock_timestamp() from conversation"
    f" where account_id = :account_id and id = :id and {STANDS} for update"
)


async def lock_conversation(
    session: AsyncSession, conversation_id: ConversationId
) -> LockedConversation | None:
    """Return the conversation, locked until the transaction ends; None if there is none.

    Every writer of a message holds this lock, so messages commit in the order of their times, and
    a reader that continues from the last time it saw misses none.
    """
    parameters = {"account_id": tenant_of(session), "id": conversation_id}
    row = (await session.execute(_LOCK, parameters)).first()
    return None if row is None else LockedConversation(*row)


_VISITOR = text("select visitor_id from conversation where account_id = :account_id and id = :id")


async def visitor_of(session: AsyncSession, conversation_id: ConversationId) -> VisitorId | None:
    """Return the conversation's visitor, if known."""
    parameters = {"account_id": tenant_of(session), "id": conversation_id}
    visitor_id: VisitorId | None = await session.scalar(_VISITOR, parameters)
    return visitor_id


_MARKS = text(
    "select external_id, identity from visitor where account_id = :account_id and id = :id"
)


async def marks_of(session: AsyncSession, visitor_id: VisitorId) -> tuple[str | None, str | None]:
    """Return a visitor's `external_id` and `identity`; each may be None."""
    parameters = {"account_id": tenant_of(session), "id": visitor_id}
    row = (await session.execute(_MARKS, parameters)).first()
    return (None, None) if row is None else (row.external_id, row.identity)


_OUTSIDE_IDS = text(
    "select c.id, v.outside_id from conversation c"
    " join visitor v on v.account_id = c.account_id and v.id = c.visitor_id"
    " where c.account_id = :account_id and c.id = any(:ids) and v.dialect = :dialect"
)


async def outside_ids(
    session: AsyncSession, dialect: Dialect, conversations: Sequence[ConversationId]
) -> dict[ConversationId, str]:
    """Return the outside ids of conversations in a dialect; those without one are left out."""
    parameters = {
        "account_id": tenant_of(session),
        "ids": [*conversations],
        "dialect": dialect,
    }
    rows = await session.execute(_OUTSIDE_IDS, parameters)
    return {ConversationId(row.id): row.outside_id for row in rows}


async def get_conversation(
    session: AsyncSession, conversation_id: ConversationId
) -> ConversationRow | None:
    """Return the conversation, without a lock; None if there is none."""
    row: ConversationRow | None = await session.scalar(
        select(ConversationRow).where(ConversationRow.id == conversation_id, text(STANDS))
    )
    return row


async def touch(session: AsyncSession, conversation_id: ConversationId, **changes: Any) -> None:  # noqa: ANN401  # Column values.
    """Change columns of a conversation and note the time."""
    await session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == conversation_id)
        .values(updated_at=func.clock_timestamp(), **changes)
    )


async def messages(
    session: AsyncSession,
    conversation_id: ConversationId,
    *,
    unread_since: datetime | None = None,
    before: MessageId | None = None,
    exchanged: bool = False,
    limit: int = _PAGE,
) -> Sequence[Message]:
    """Return the newest `limit` messages, oldest first; before `before`, if given.

    With `unread_since` (inclusive) only people's replies, and what else the assistant said that was
    not read to its end in a stream. With `exchanged`, without what it said about who has the
    conversation, which answers nothing.
    """
    query = (
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation_id)
        .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
        .limit(limit)
    )
    if unread_since is not None:
        was_read = exists().where(
            TurnRow.account_id == MessageRow.account_id,
            TurnRow.question_id == MessageRow.question_id,
            TurnRow.read.is_(True),
        )
        is_unread = (MessageRow.author == "assistant") & ~was_read
        query = query.where(
            MessageRow.created_at >= unread_since, (MessageRow.author == "human") | is_unread
        )
    if exchanged:
        query = query.where(
            (MessageRow.author != "assistant") | MessageRow.question_id.is_not(None)
        )
    if before is not None:
        moment = select(MessageRow.created_at).where(MessageRow.id == before).scalar_subquery()
        query = query.where(MessageRow.created_at < moment)
    return [message_of(row) for row in reversed((await session.scalars(query)).all())]


async def add_message(
    session: AsyncSession,
    conversation: LockedConversation,
    author: Literal["assistant", "human"],
    content: str,
    sender_id: UserId | None = None,
) -> Message:
    """Store a message that answers no question in a locked conversation.

    It is a person's, or what the assistant says about who has the conversation.
    """
    row = MessageRow(
        account_id=conversation.account_id,
        id=new_id(),
        conversation_id=conversation.id,
        project_id=conversation.project_id,
        author=author,
        content=content,
        sender_id=sender_id,
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    return message_of(row)


async def get_message(session: AsyncSession, message_id: MessageId) -> Message | None:
    row = await session.scalar(select(MessageRow).where(MessageRow.id == message_id))
    return None if row is None else message_of(row)


async def answers_of(
    session: AsyncSession, question_ids: Sequence[MessageId]
) -> dict[MessageId, Message]:
    """Return the assistant's answers by question; unanswered questions are left out."""
    rows = await session.scalars(
        select(MessageRow).where(
            MessageRow.question_id.in_(question_ids), MessageRow.author == "assistant"
        )
    )
    return {MessageId(row.question_id): message_of(row) for row in rows if row.question_id}


_AT_ONCE: Final = 100
"""Maximum number of conversations removed in one transaction."""

_LOCK_SOME: Final = text(
    "select id from conversation where account_id = :account_id and project_id = :project_id"
    " limit :limit for update"
)
_IDS_OF_MESSAGES: Final = text(
    "select id from message where account_id = :account_id and conversation_id = any(:ids)"
)
# Foreign keys remove messages, turns and ratings with their conversation.
_REMOVE: Final = text("delete from conversation where account_id = :account_id and id = any(:ids)")


async def lock_some(session: AsyncSession, project_id: ProjectId) -> Sequence[ConversationId]:
    """Lock and return some of the project's conversations, so that nobody adds messages."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "limit": _AT_ONCE}
    return [ConversationId(row.id) for row in await session.execute(_LOCK_SOME, parameters)]


async def ids_of_messages(
    session: AsyncSession, conversations: Sequence[ConversationId]
) -> Sequence[MessageId]:
    parameters = {"account_id": tenant_of(session), "ids": [*conversations]}
    return [MessageId(row.id) for row in await session.execute(_IDS_OF_MESSAGES, parameters)]


async def remove_conversations(
    session: AsyncSession, conversations: Sequence[ConversationId]
) -> None:
    """Remove the conversations with their messages, turns and ratings."""
    parameters = {"account_id": tenant_of(session), "ids": [*conversations]}
    await session.execute(_REMOVE, parameters)
