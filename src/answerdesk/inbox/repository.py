"""Locks conversations for changes that only people of the account see."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.types import ConversationState
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, ProjectId

# A deleted project's conversations are gone immediately, though a job removes the rows later.
_STANDS: Final = (
    "exists (select from project where project.account_id = conversation.account_id"
    " and project.id = conversation.project_id and project.deleted_at is null)"
)
_ONE: Final = f"where account_id = :account_id and id = :id and {_STANDS}"
_LOCK: Final = text(
    "select project_id, state, snoozed_until, clock_timestamp() as now"
    f" from conversation {_ONE} for update"
)
# A trigger raises the version with every update.
_TOUCH: Final = text(f"update conversation set version = version {_ONE} returning project_id")


@dataclass(frozen=True, slots=True)
class LockedConversation:
    """What is locked until the transaction ends; `now` is the database's clock."""

    project_id: ProjectId
    state: ConversationState
    snoozed_until: datetime | None
    now: datetime


async def lock(session: AsyncSession, conversation_id: ConversationId) -> LockedConversation | None:
    """Return the conversation, locked until the transaction ends; None if there is none."""
    parameters = {"account_id": tenant_of(session), "id": conversation_id}
    row = (await session.execute(_LOCK, parameters)).first()
    return None if row is None else LockedConversation(*row)


async def touch(session: AsyncSession, conversation_id: ConversationId) -> ProjectId | None:
    """Lock a conversation and raise its version; return its project, None if there is none."""
    parameters = {"account_id": tenant_of(session), "id": conversation_id}
    project_id: ProjectId | None = await session.scalar(_TOUCH, parameters)
    return project_id
