"""Reads and writes the tags of conversations."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, ProjectId
from answerdesk.inbox.tags.types import CountedTag

_OF: Final = text(
    "select tag from conversation_tag"
    " where account_id = :account_id and conversation_id = :conversation_id"
)
_REMOVE: Final = text(
    "delete from conversation_tag where account_id = :account_id"
    " and conversation_id = :conversation_id and not tag = any(:tags)"
)
_ADD: Final = text(
    "insert into conversation_tag (account_id, conversation_id, tag)"
    " select :account_id, :conversation_id, tag from unnest(cast(:tags as text[])) as tag"
    " on conflict do nothing"
)
# Spellings that differ only in case are one tag, shown as most conversations have it.
_COUNT: Final = text(
    "select lower(t.tag) as key, mode() within group (order by t.tag) as tag, count(*) as used"
    " from conversation_tag t join conversation c"
    "  on c.account_id = t.account_id and c.id = t.conversation_id"
    " join project p on p.account_id = c.account_id and p.id = c.project_id"
    " where t.account_id = :account_id and p.deleted_at is null"
    "  and (cast(:projects as uuid[]) is null or c.project_id = any(cast(:projects as uuid[])))"
    "  and (cast(:after as text) is null or lower(t.tag) > cast(:after as text))"
    " group by lower(t.tag) order by lower(t.tag) limit :limit"
)


async def tags_of(session: AsyncSession, conversation_id: ConversationId) -> frozenset[str]:
    parameters = {"account_id": tenant_of(session), "conversation_id": conversation_id}
    return frozenset(row.tag for row in await session.execute(_OF, parameters))


async def replace(
    session: AsyncSession, conversation_id: ConversationId, tags: Sequence[str]
) -> None:
    """Store the tags of a locked conversation."""
    parameters = {
        "account_id": tenant_of(session),
        "conversation_id": conversation_id,
        "tags": [*tags],
    }
    await session.execute(_REMOVE, parameters)
    await session.execute(_ADD, parameters)


async def count_after(
    session: AsyncSession,
    projects: Collection[ProjectId] | None,
    after: str | None,
    limit: int,
) -> Sequence[CountedTag]:
    """Return at most `limit` tags behind the key `after`; None means every project's."""
    parameters = {
        "account_id": tenant_of(session),
        "projects": None if projects is None else [*projects],
        "after": after,
        "limit": limit,
    }
    rows = await session.execute(_COUNT, parameters)
    return [CountedTag(row.key, row.tag, row.used) for row in rows]
