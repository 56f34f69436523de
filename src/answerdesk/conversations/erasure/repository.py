"""Removes conversations with their messages, and the ways to their ids, a few at a time."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId

_AT_ONCE: Final = 100
"""Conversations of one transaction."""

# Messages, turns and ratings go with their conversation by their foreign keys; the ways from public
# ids to the account have none.
_ERASE: Final = text(
    "with chosen as materialized (select id from conversation"
    "  where account_id = :account_id and project_id = :project_id limit :limit"
    "), named as materialized ("
    "  select id from chosen union all select message.id from message join chosen"
    "   on message.account_id = :account_id and message.conversation_id = chosen.id"
    "), unrouted as (delete from public_id using named"
    "  where public_id.id = named.id and public_id.account_id = :account_id"
    "), gone as (delete from conversation using chosen"
    "  where conversation.account_id = :account_id and conversation.id = chosen.id returning 1"
    ") select count(*) from gone"
)


async def erase_conversations(session: AsyncSession, project_id: ProjectId) -> int:
    """Remove some of the project's conversations; return how many, 0 when none is left."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "limit": _AT_ONCE}
    return int(await session.scalar(_ERASE, parameters))
