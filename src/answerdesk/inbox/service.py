"""What every change in the inbox has in common: the lock, the version, the event."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.types import USER_PREFIX
from answerdesk.conversations import changing
from answerdesk.conversations.changing import LockedConversation
from answerdesk.conversations.types import CONVERSATION_PREFIX, OfTheAccount
from answerdesk.core.database import tenant_of
from answerdesk.core.events import record
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId, public_id
from answerdesk.inbox import repository
from answerdesk.inbox.events import (
    INBOX_CHANGED,
    OWN_CHANGED,
    Aspect,
    InboxChange,
    OwnAspect,
    OwnChange,
)
from answerdesk.inbox.types import NOTE_PREFIX


async def locked(session: AsyncSession, conversation_id: ConversationId) -> LockedConversation:
    """Lock a conversation until the transaction ends. Raises NotFound."""
    return await changing.locked(session, conversation_id, OfTheAccount())


async def touched(session: AsyncSession, conversation_id: ConversationId) -> ProjectId:
    """Lock a conversation and raise its version; return its project. Raises NotFound."""
    found = await locked(session, conversation_id)
    await repository.touch(session, conversation_id)
    return found.project_id


async def tell(
    session: AsyncSession,
    project_id: ProjectId,
    conversation_id: ConversationId,
    aspect: Aspect,
    note_id: UUID | None = None,
) -> None:
    """Record that something changed that only people of the account see."""
    change = InboxChange(
        conversation_id=public_id(CONVERSATION_PREFIX, conversation_id),
        aspect=aspect,
        note_id=None if note_id is None else public_id(NOTE_PREFIX, note_id),
    )
    await record(session, tenant_of(session), project_id, INBOX_CHANGED, change)


async def tell_own(
    session: AsyncSession,
    project_id: ProjectId,
    conversation_id: ConversationId,
    user_id: UserId,
    aspect: OwnAspect,
) -> None:
    """Record that something changed that concerns one person alone."""
    change = OwnChange(
        conversation_id=public_id(CONVERSATION_PREFIX, conversation_id),
        user_id=public_id(USER_PREFIX, user_id),
        aspect=aspect,
    )
    await record(session, tenant_of(session), project_id, OWN_CHANGED, change)
