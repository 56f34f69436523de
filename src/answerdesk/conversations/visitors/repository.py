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
