"""Reads and writes contexts."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.contexts.types import Context
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId, new_id

Place = tuple[datetime, UUID] | None
"""The row behind which a part of a list begins: its creation time and id."""

_COLUMNS: Final = "id, project_id, name, text, version, created_at, updated_at"
_OF_ACCOUNT: Final = f"select {_COLUMNS} from context where account_id = :account_id"
_FIND: Final = text(f"{_OF_ACCOUNT} and id = :id")
_FIND_MANY: Final = text(f"{_OF_ACCOUNT} and id = any(cast(:ids as uuid[]))")
_LOCK: Final = text(f"{_OF_ACCOUNT} and id = :id for update")
_IN_PROJECTS: Final = " and project_id = any(cast(:projects as uuid[]))"
_AFTER: Final = " and (created_at, id) > (:after_time, :after_id)"
_IN_ORDER: Final = " order by created_at, id limit :limit"
# Contexts of one project are added one after the other, so that their number holds.
_LOCK_PROJECT: Final = text(
    "select pg_advisory_xact_lock(hashtextextended('contexts:' || cast(:project_id as text), 0))"
)
_COUNT: Final = text(
    "select count(*) from context where account_id = :account_id and project_id = :project_id"
)
_ADD: Final = text(
    "insert into context (account_id, id, project_id, name, text)"
    f" values (:account_id, :id, :project_id, :name, :text) returning {_COLUMNS}"
)
_CHANGE: Final = text(
    "update context set name = :name, text = :text, version = version + 1, updated_at = now()"
    f" where account_id = :account_id and id = :id returning {_COLUMNS}"
)
_DELETE: Final = text("delete from context where account_id = :account_id and id = :id")


def _context(row: Row[Any]) -> Context:
    return Context(
        id=row.id,
        project_id=ProjectId(row.project_id),
        name=row.name,
        text=row.text,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def find(session: AsyncSession, context_id: UUID, *, lock: bool = False) -> Context | None:
    parameters = {"account_id": tenant_of(session), "id": context_id}
    row = (await session.execute(_LOCK if lock else _FIND, parameters)).first()
    return None if row is None else _context(row)


async def find_many(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Context]:
    """Return those of the tenant's contexts that have these ids, in no particular order."""
    parameters = {"account_id": tenant_of(session), "ids": list(ids)}
    return [_context(row) for row in await session.execute(_FIND_MANY, parameters)]


async def list_after(
    session: AsyncSession, only: Collection[ProjectId] | None, after: Place, limit: int
) -> Sequence[Context]:
    """Return at most `limit` contexts behind `after`, oldest first.

    Only those of the projects in `only`, unless it is None.
    """
    statement = _OF_ACCOUNT
    parameters: dict[str, object] = {"account_id": tenant_of(session), "limit": limit}
    if only is not None:
        statement += _IN_PROJECTS
        parameters["projects"] = list(only)
    if after is not None:
        statement += _AFTER
        parameters["after_time"], parameters["after_id"] = after
    return [_context(row) for row in await session.execute(text(statement + _IN_ORDER), parameters)]


async def count_locked(session: AsyncSession, project_id: ProjectId) -> int:
    """Return the number of a project's contexts, to which no other transaction may add now."""
    await session.execute(_LOCK_PROJECT, {"project_id": project_id})
    parameters = {"account_id": tenant_of(session), "project_id": project_id}
    return int(await session.scalar(_COUNT, parameters))


async def add(session: AsyncSession, project_id: ProjectId, name: str, content: str) -> Context:
    parameters = {
        "account_id": tenant_of(session),
        "id": new_id(),
        "project_id": project_id,
        "name": name,
        "text": content,
    }
    return _context((await session.execute(_ADD, parameters)).one())


async def change(session: AsyncSession, context_id: UUID, name: str, content: str) -> Context:
    parameters = {
        "account_id": tenant_of(session),
        "id": context_id,
        "name": name,
        "text": content,
    }
    return _context((await session.execute(_CHANGE, parameters)).one())


async def delete(session: AsyncSession, context_id: UUID) -> None:
    await session.execute(_DELETE, {"account_id": tenant_of(session), "id": context_id})
