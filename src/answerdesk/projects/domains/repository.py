"""Reads and writes the domains of projects."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId, new_id
from answerdesk.projects.domains.types import Domain, DomainDraft, Place

_COLUMNS: Final = "id, project_id, website_url, label, token, agent_id, is_active, created_at"
_OF_PROJECT: Final = (
    f"select {_COLUMNS} from project_domain"
    " where account_id = :account_id and project_id = :project_id"
)
_ADD: Final = text(
    "insert into project_domain"
    " (account_id, id, project_id, website_url, label, token, agent_id, is_active)"
    " values (:account_id, :id, :project_id, :website_url, :label, :token, :agent_id, :is_active)"
    f" returning {_COLUMNS}"
)
_AT: Final = text(f"{_OF_PROJECT} and website_url = :website_url")
_GET: Final = text(f"{_OF_PROJECT} and id = :id")
_LOCK: Final = text(f"{_OF_PROJECT} and id = :id for update")
_LIST: Final = text(
    f"{_OF_PROJECT} and (cast(:after_time as timestamptz) is null"
    "  or (created_at, id) > (cast(:after_time as timestamptz), cast(:after_id as uuid)))"
    " order by created_at, id offset :offset limit :limit"
)
_COUNT: Final = text(
    "select count(*) from project_domain"
    " where account_id = :account_id and project_id = :project_id"
)
_BY_TOKEN: Final = text(
    f"select {_COLUMNS} from project_domain d where account_id = :account_id and token = :token"
    " and exists (select from project p where p.account_id = d.account_id"
    "  and p.id = d.project_id and p.deleted_at is null)"
)
_CHANGE: Final = text(
    "update project_domain set label = :label, agent_id = :agent_id, is_active = :is_active,"
    " updated_at = now() where account_id = :account_id and id = :id"
    f" returning {_COLUMNS}"
)
_REMOVE: Final = text(
    "delete from project_domain where account_id = :account_id and id = any(:ids)"
)
_SOME: Final = text(
    "select id, token from project_domain"
    " where account_id = :account_id and project_id = :project_id limit :limit for update"
)


def _domain(row: Row[Any]) -> Domain:
    return Domain(
        id=row.id,
        project_id=ProjectId(row.project_id),
        website_url=row.website_url,
        label=row.label,
        token=row.token,
        agent_id=row.agent_id,
        is_active=row.is_active,
        created_at=row.created_at,
    )


async def _one(session: AsyncSession, statement: Any, **values: object) -> Domain | None:  # noqa: ANN401  # A text clause.
    parameters = {"account_id": tenant_of(session), **values}
    row = (await session.execute(statement, parameters)).first()
    return None if row is None else _domain(row)


async def add(session: AsyncSession, project_id: ProjectId, draft: DomainDraft) -> Domain:
    rows = await session.execute(
        _ADD,
        {
            "account_id": tenant_of(session),
            "id": new_id(),
            "project_id": project_id,
            "website_url": draft.website_url,
            "label": draft.label,
            "token": new_id(),
            "agent_id": draft.agent_id,
            "is_active": draft.is_active,
        },
    )
    return _domain(rows.one())


async def at(session: AsyncSession, project_id: ProjectId, website_url: str) -> Domain | None:
    return await _one(session, _AT, project_id=project_id, website_url=website_url)


async def get(session: AsyncSession, project_id: ProjectId, domain_id: UUID) -> Domain | None:
    return await _one(session, _GET, project_id=project_id, id=domain_id)


async def lock(session: AsyncSession, project_id: ProjectId, domain_id: UUID) -> Domain | None:
    """Return a project's domain, locked until the transaction ends."""
    return await _one(session, _LOCK, project_id=project_id, id=domain_id)


async def by_token(session: AsyncSession, token: UUID) -> Domain | None:
    """Return the domain with this token, unless its project is deleted."""
    return await _one(session, _BY_TOKEN, token=token)


async def list_after(
    session: AsyncSession, project_id: ProjectId, after: Place, offset: int, limit: int
) -> Sequence[Domain]:
    """Return at most `limit` of a project's domains behind `after`, oldest first."""
    after_time, after_id = after or (None, None)
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "after_time": after_time,
        "after_id": after_id,
        "offset": offset,
        "limit": limit,
    }
    return [_domain(row) for row in await session.execute(_LIST, parameters)]


async def count(session: AsyncSession, project_id: ProjectId) -> int:
    parameters = {"account_id": tenant_of(session), "project_id": project_id}
    return int(await session.scalar(_COUNT, parameters))


async def change(session: AsyncSession, domain: Domain) -> Domain:
    """Store a locked domain's label, agent and state; return it as stored."""
    parameters = {
        "account_id": tenant_of(session),
        "id": domain.id,
        "label": domain.label,
        "agent_id": domain.agent_id,
        "is_active": domain.is_active,
    }
    return _domain((await session.execute(_CHANGE, parameters)).one())


async def remove(session: AsyncSession, domain_ids: Sequence[UUID]) -> None:
    parameters = {"account_id": tenant_of(session), "ids": [*domain_ids]}
    await session.execute(_REMOVE, parameters)


async def lock_some(
    session: AsyncSession, project_id: ProjectId, limit: int
) -> Sequence[tuple[UUID, UUID]]:
    """Lock some of a project's domains and return their ids and tokens."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "limit": limit}
    return [(row.id, row.token) for row in await session.execute(_SOME, parameters)]
