"""Drafts: the same for a person in every browser; whoever saves says what it is based on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.members.service import member_not_found
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId
from answerdesk.inbox import service as inbox
from answerdesk.inbox.drafts import repository
from answerdesk.inbox.errors import draft_changed, too_many_drafts
from answerdesk.inbox.types import Draft, DraftKind

MOST_DRAFTS: Final = 1000
"""Of one person."""


async def list_drafts(
    session: AsyncSession,
    user_id: UserId | None,
    after: tuple[datetime, UUID, str] | None,
    limit: int,
) -> Sequence[Draft]:
    """Return at most `limit` of a person's drafts behind `after`, newest first."""
    return await repository.list_after(session, user_id, after, limit)


async def drafts_in(
    session: AsyncSession, user_id: UserId | None, conversation_id: ConversationId
) -> Sequence[Draft]:
    """Return a person's drafts in a conversation."""
    return await repository.in_conversation(session, user_id, conversation_id)


async def get_draft(
    session: AsyncSession, user_id: UserId | None, conversation_id: ConversationId, kind: DraftKind
) -> Draft | None:
    """Return a person's draft; None if there is none."""
    return await repository.get(session, user_id, conversation_id, kind)


async def save_draft(
    session: AsyncSession,
    user_id: UserId,
    conversation_id: ConversationId,
    kind: DraftKind,
    content: str,
    version: int,
) -> Draft | None:
    """Store what a person has written, based on `version` (0: there was no draft).

    Empty content deletes the draft. Returns the draft as it is then, None if there is none. Raises
    NotFound, and Conflict (`draft_changed`) if the stored draft is another one with another text.
    """
    project_id = await _locked(session, user_id, conversation_id)
    stored = await repository.get(session, user_id, conversation_id, kind)
    if content == ("" if stored is None else stored.content):
        # Also a save whose answer was lost, and that is sent again.
        return stored
    if version != (0 if stored is None else stored.version):
        raise draft_changed()
    if content == "":
        await repository.remove(session, user_id, conversation_id, kind)
        saved = None
    else:
        if stored is None and await repository.count(session, user_id) >= MOST_DRAFTS:
            raise too_many_drafts(MOST_DRAFTS)
        saved = await repository.save(session, user_id, conversation_id, kind, content)
    await inbox.tell_own(session, project_id, conversation_id, user_id, "draft")
    return saved


async def delete_draft(
    session: AsyncSession,
    user_id: UserId,
    conversation_id: ConversationId,
    kind: DraftKind,
    version: int | None,
) -> None:
    """Delete a person's draft, if there is one; with `version` only that one.

    Raises NotFound, and Conflict (`draft_changed`).
    """
    project_id = await _locked(session, user_id, conversation_id)
    stored = await repository.get(session, user_id, conversation_id, kind)
    if stored is None:
        return
    if version not in (None, stored.version):
        raise draft_changed()
    await repository.remove(session, user_id, conversation_id, kind)
    await inbox.tell_own(session, project_id, conversation_id, user_id, "draft")


async def _locked(
    session: AsyncSession, user_id: UserId, conversation_id: ConversationId
) -> ProjectId:
    # The person first: in the other order, a person's removal could wait for us and we for it.
    if not await repository.lock_person(session, user_id):
        raise member_not_found()
    project_id = await repository.hold_conversation(session, conversation_id)
    if project_id is None:
        raise conversation_not_found()
    return project_id
