"""Writes until when conversations are snoozed."""

from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, ProjectId

_SNOOZE: Final = text(
    "update conversation set snoozed_until = :until where account_id = :account_id and id = :id"
)
# What has just been woken has not been idle since its last message: or it would end at once.
_WAKE: Final = (
    "update conversation set snoozed_until = null, updated_at = clock_timestamp()"
    " where account_id = :account_id and id = :id and snoozed_until is not null"
)
_WAKE_NOW: Final = text(f"{_WAKE} returning project_id")
_WAKE_DUE: Final = text(f"{_WAKE} and snoozed_until <= clock_timestamp() returning project_id")


async def snooze(session: AsyncSession, conversation_id: ConversationId, until: datetime) -> None:
    """Snooze a locked conversation."""
    parameters = {"account_id": tenant_of(session), "id": conversation_id, "until": until}
    await session.execute(_SNOOZE, parameters)


async def wake(
    session: AsyncSession, conversation_id: ConversationId, *, due: bool
) -> ProjectId | None:
    """End a snooze; with `due` only one whose time is over, by the database's clock.

    Returns the conversation's project, None if nothing changed.
    """
    parameters = {"account_id": tenant_of(session), "id": conversation_id}
    project_id: ProjectId | None = await session.scalar(_WAKE_DUE if due else _WAKE_NOW, parameters)
    return project_id
