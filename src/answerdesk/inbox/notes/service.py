"""Notes: list, add and delete them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.principal import Principal, Role
from answerdesk.core.database import Executor
from answerdesk.core.tenancy import ConversationId, UserId
from answerdesk.inbox import service as inbox
from answerdesk.inbox.errors import not_your_note, note_not_found
from answerdesk.inbox.notes import repository
from answerdesk.inbox.types import Note

_DELETES_ALL: Final[frozenset[Role]] = frozenset({"owner", "admin"})


async def list_notes(
    session: AsyncSession,
    conversation_id: ConversationId,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Note]:
    """Return at most `limit` of a conversation's notes behind `after`, oldest first."""
    return await repository.list_after(session, conversation_id, after, limit)


async def notes_of(executor: Executor, note_ids: Collection[UUID]) -> Sequence[Note]:
    """Return those of these notes that are there, of any conversation, in any order."""
    return await repository.of_ids(executor, note_ids) if note_ids else []


async def add_note(
    session: AsyncSession, caller: Principal, conversation_id: ConversationId, content: str
) -> Note:
    """Note something for colleagues. Raises NotFound."""
    project_id = await inbox.touched(session, conversation_id)
    author_id = UserId(caller.subject) if caller.kind == "user" else None
    note = await repository.add(session, conversation_id, project_id, author_id, content)
    await inbox.tell(session, project_id, conversation_id, "note", note.id)
    return note


async def delete_note(
    session: AsyncSession, caller: Principal, conversation_id: ConversationId, note_id: UUID
) -> None:
    """Delete a note of the caller's own, or as an admin anybody's.

    Raises NotFound, or NotPermitted (`not_your_note`).
    """
    project_id = await inbox.touched(session, conversation_id)
    note = await repository.get(session, conversation_id, note_id)
    if note is None:
        raise note_not_found()
    own = caller.kind == "user" and note.author_id == caller.subject
    if not own and caller.role not in _DELETES_ALL:
        raise not_your_note()
    await repository.remove(session, note_id)
    await inbox.tell(session, project_id, conversation_id, "note", note_id)
