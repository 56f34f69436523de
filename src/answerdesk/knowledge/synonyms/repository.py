"""Reads and writes groups of synonyms."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId, new_id
from answerdesk.knowledge.synonyms.types import Place, SynonymGroup, key_of

_COLUMNS: Final = "id, project_id, terms, version, created_at, updated_at"
_OF_PROJECT: Final = (
    f"select {_COLUMNS} from synonym_group"
    " where account_id = :account_id and project_id = :project_id"
)
_FIND: Final = text(f"{_OF_PROJECT} and id = :id")
_LOCK: Final = text(f"{_OF_PROJECT} and id = :id for update")
_WITH_KEYS: Final = text(f"{_OF_PROJECT} and keys && cast(:keys as text[]) order by created_at, id")
_AFTER: Final = " and (created_at, id) > (:after_time, :after_id)"
_IN_ORDER: Final = " order by created_at, id limit :limit"
_COUNT: Final = text(
    "select count(*) from synonym_group where account_id = :account_id and project_id = :project_id"
)
_ADD: Final = text(
    "insert into synonym_group (account_id, id, project_id, terms, keys)"
    " values (:account_id, :id, :project_id, cast(:terms as text[]), cast(:keys as text[]))"
    f" returning {_COLUMNS}"
)
_REPLACE: Final = text(
    "update synonym_group set terms = cast(:terms as text[]), keys = cast(:keys as text[]),"
    " version = version + 1, updated_at = clock_timestamp()"
    f" where account_id = :account_id and id = :id returning {_COLUMNS}"
)
_REMOVE: Final = text("delete from synonym_group where account_id = :account_id and id = :id")
_CHANGED: Final = text(
    "update knowledge_base set synonyms_rev = synonyms_rev + 1"
    " where account_id = :account_id and project_id = :project_id"
)


def _group(row: Row[Any]) -> SynonymGroup:
    return SynonymGroup(
        id=row.id,
        project_id=ProjectId(row.project_id),
        terms=tuple(row.terms),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _of(session: AsyncSession, project_id: ProjectId) -> dict[str, Any]:
    return {"account_id": tenant_of(session), "project_id": project_id}


async def begin_change(session: AsyncSession, project_id: ProjectId) -> None:
    """Have every process read the project's groups again once this transaction commits.

    Until then, no other transaction changes them. The project must have a knowledge base.
    """
    await session.execute(_CHANGED, _of(session, project_id))


async def find(
    session: AsyncSession, project_id: ProjectId, group_id: UUID, *, lock: bool = False
) -> SynonymGroup | None:
    parameters = {**_of(session, project_id), "id": group_id}
    row = (await session.execute(_LOCK if lock else _FIND, parameters)).first()
    return None if row is None else _group(row)


async def with_terms(
    session: AsyncSession, project_id: ProjectId, terms: Collection[str]
) -> Sequence[SynonymGroup]:
    """Return the groups that have any of these terms, oldest first."""
    parameters = {**_of(session, project_id), "keys": [key_of(term) for term in terms]}
    return [_group(row) for row in await session.execute(_WITH_KEYS, parameters)]


async def page(
    session: AsyncSession, project_id: ProjectId, after: Place, limit: int
) -> Sequence[SynonymGroup]:
    """Return at most `limit` groups behind `after`, oldest first."""
    statement, parameters = _OF_PROJECT, {**_of(session, project_id), "limit": limit}
    if after is not None:
        statement += _AFTER
        parameters["after_time"], parameters["after_id"] = after
    return [_group(row) for row in await session.execute(text(statement + _IN_ORDER), parameters)]


async def count(session: AsyncSession, project_id: ProjectId) -> int:
    return int(await session.scalar(_COUNT, _of(session, project_id)))


async def add(session: AsyncSession, project_id: ProjectId, terms: Sequence[str]) -> SynonymGroup:
    parameters = {**_of(session, project_id), "id": new_id(), **_written(terms)}
    return _group((await session.execute(_ADD, parameters)).one())


async def replace(session: AsyncSession, group_id: UUID, terms: Sequence[str]) -> SynonymGroup:
    parameters = {"account_id": tenant_of(session), "id": group_id, **_written(terms)}
    return _group((await session.execute(_REPLACE, parameters)).one())


async def remove(session: AsyncSession, group_id: UUID) -> None:
    await session.execute(_REMOVE, {"account_id": tenant_of(session), "id": group_id})


def _written(terms: Sequence[str]) -> dict[str, list[str]]:
    return {"terms": [*terms], "keys": [key_of(term) for term in terms]}
