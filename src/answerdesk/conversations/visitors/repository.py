"""Reads and writes known visitors: those with a token of ours, or with a site's identity."""

from typing import Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.types import Visitor, VisitorId
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId, new_id

_GET: Final = text(
    "select account_id, project_id, id, identity, email, name from visitor"
    " where account_id = :account_id and project_id = :project_id and id = :id"
)
_ADD: Final = text(
    "insert into visitor (account_id, id, project_id) values (:account_id, :id, :project_id)"
    " returning account_id, project_id, id, identity, email, name"
)
# E-mail and name stay if a later token lacks them.
_IDENTIFY: Final = text(
    "insert into visitor as v (account_id, id, project_id, identity, email, name)"
    " values (:account_id, :id, :project_id, :identity, :email, :name)"
    " on conflict (account_id, project_id, identity) where identity is not null do update set"
    "  seen_at = now(), email = coalesce(excluded.email, v.email),"
    "  name = coalesce(excluded.name, v.name)"
    " returning account_id, project_id, id, identity, email, name"
)
_SEEN: Final = text(
    "update visitor set seen_at = now() where account_id = :account_id and id = :id"
)
# In a fixed order, as whatever locks several conversations.
_LOCK_CONVERSATIONS: Final = text(
    "select id from conversation where account_id = :account_id and visitor_id = :visitor_id"
    " order by id for update"
)
_MOVE: Final = text(
    "with moved as (update conversation set visitor_id = :known_id"
    "  where account_id = :account_id and visitor_id = :anonymous_id returning id)"
    " select count(*) from moved"
)
# What is known of the identified visitor stays; attributes are at most as many as people may set.
_COMPLETE: Final = text(
    "update visitor set name = coalesce(visitor.name, a.name),"
    "  email = coalesce(visitor.email, a.email),"
    "  attributes = case when (select count(*) from jsonb_object_keys("
    "    a.attributes || visitor.attributes)) <= :most"
    "   then a.attributes || visitor.attributes else visitor.attributes end"
    " from visitor a where a.account_id = :account_id and a.id = :anonymous_id"
    "  and visitor.account_id = a.account_id and visitor.id = :known_id"
)


def _visitor(row: Row[tuple[object, ...]]) -> Visitor:
    return Visitor(
        account_id=AccountId(row.account_id),
        project_id=ProjectId(row.project_id),
        id=VisitorId(row.id),
        identity=row.identity,
        email=row.email,
        name=row.name,
    )


async def get(
    session: AsyncSession, project_id: ProjectId, visitor_id: VisitorId
) -> Visitor | None:
    """Return a visitor of the project; None if there is none."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "id": visitor_id}
    row = (await session.execute(_GET, parameters)).first()
    return None if row is None else _visitor(row)


async def add(session: AsyncSession, project_id: ProjectId) -> Visitor:
    """Store a new anonymous visitor."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "id": new_id()}
    return _visitor((await session.execute(_ADD, parameters)).one())


async def upsert_identity(
    session: AsyncSession, project_id: ProjectId, identity: str, email: str | None, name: str | None
) -> Visitor:
    """Return the visitor with the site's `identity`, created on first use; safe to race."""
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "id": new_id(),
        "identity": identity,
        "email": email,
        "name": name,
    }
    return _visitor((await session.execute(_IDENTIFY, parameters)).one())


async def mark_seen(session: AsyncSession, visitor_id: VisitorId) -> None:
    """Update the time when the visitor was last seen."""
    await session.execute(_SEEN, {"account_id": tenant_of(session), "id": visitor_id})


async def lock_conversations(session: AsyncSession, visitor_id: VisitorId) -> None:
    """Lock a visitor's conversations until the transaction ends."""
    parameters = {"account_id": tenant_of(session), "visitor_id": visitor_id}
    await session.execute(_LOCK_CONVERSATIONS, parameters)


async def move_conversations(
    session: AsyncSession, anonymous: VisitorId, known: VisitorId, most_attributes: int
) -> int:
    """Make an anonymous visitor's conversations a known one's; return how many.

    With them goes what people have noted about the anonymous visitor and nobody about the other.
    """
    parameters = {
        "account_id": tenant_of(session),
        "anonymous_id": anonymous,
        "known_id": known,
        "most": most_attributes,
    }
    moved = int(await session.scalar(_MOVE, parameters))
    if moved:
        await session.execute(_COMPLETE, parameters)
    return moved
