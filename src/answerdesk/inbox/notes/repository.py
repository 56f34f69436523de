"""Reads and writes notes."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import IS_SET, TENANT, Executor, tenant_of
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId, new_id
from answerdesk.inbox.types import Note

# Of people, only those who are members of the account can be seen.
_SELECT: Final = (
    "select n.id, n.conversation_id, n.author_id, u.name as author_name, n.content, n.created_at"
    " from {source} n left join app_user u on u.id = n.author_id"
)
_OF_CONVERSATION: Final = (
    f"{_SELECT.format(source='note')}"
    " where n.account_id = :account_id and n.conversation_id = :conversation_id"
)
_LIST: Final = text(
    f"{_OF_CONVERSATION} and (cast(:at as timestamptz) is null"
    "  or (n.created_at, n.id) > (cast(:at as timestamptz), cast(:after as uuid)))"
    " order by n.created_at, n.id limit :limit"
)
_GET: Final = text(f"{_OF_CONVERSATION} and n.id = :id")
_OF_IDS: Final = text(
    f"with {TENANT} {_SELECT.format(source='note')}"
    f" where n.account_id = :account_id and n.id = any(:ids) and {IS_SET}"
)
_ADD: Final = text(
    "with added as (insert into note"
    "  (account_id, id, conversation_id, project_id, author_id, content)"
    "  values (:account_id, :id, :conversation_id, :project_id, :author_id, :content)"
    f"  returning *) {_SELECT.format(source='added')}"
)
_REMOVE: Final = text("delete from note where account_id = :account_id and id = :id")


def _note(row: Row[Any]) -> Note:
    return Note(**row._asdict())


async def list_after(
    session: AsyncSession,
    conversation_id: ConversationId,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Note]:
    """Return at most `limit` of a conversation's notes behind `after`, oldest first."""
    at, last = after or (None, None)
    parameters = {
        "account_id": tenant_of(session),
        "conversation_id": conversation_id,
        "at": at,
        "after": last,
        "limit": limit,
    }
    return [_note(row) for row in await session.execute(_LIST, parameters)]


async def get(session: AsyncSession, conversation_id: ConversationId, note_id: UUID) -> Note | None:
    parameters = {
        "account_id": tenant_of(session),
        "conversation_id": conversation_id,
        "id": note_id,
    }
    row = (await session.execute(_GET, parameters)).first()
    return None if row is None else _note(row)


async def of_ids(executor: Executor, note_ids: Collection[UUID]) -> Sequence[Note]:
    """Return those of these notes that are there, of any conversation."""
    return [_note(row) for row in await executor.rows(_OF_IDS, {"ids": [*note_ids]})]


async def add(
    session: AsyncSession,
    conversation_id: ConversationId,
    project_id: ProjectId,
    author_id: UserId | None,
    content: str,
) -> Note:
    """Store a note in a locked conversation."""
    parameters = {
        "account_id": tenant_of(session),
        "id": new_id(),
        "conversation_id": conversation_id,
        "project_id": project_id,
        "author_id": author_id,
        "content": content,
    }
    return _note((await session.execute(_ADD, parameters)).one())


async def remove(session: AsyncSession, note_id: UUID) -> None:
    await session.execute(_REMOVE, {"account_id": tenant_of(session), "id": note_id})
