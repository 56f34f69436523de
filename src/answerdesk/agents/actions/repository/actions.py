"""Reads and writes actions."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.actions.types import Action, ActionSettings, OfferedAction, OfferedActions
from answerdesk.core.database import IS_SET, tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId, new_id

Place = tuple[datetime, UUID] | None
"""The row next to which a part of a list begins: its time and id."""

_COLUMNS: Final = (
    "account_id, id, project_id, name, settings, header_names, version, created_at, updated_at"
)
# The actions of a deleted project are gone immediately, though a job removes the rows later.
_OF_ACCOUNT: Final = (
    f"select {_COLUMNS} from action where account_id = :account_id and exists ("
    "select from project p where p.account_id = action.account_id and p.id = action.project_id"
    " and p.deleted_at is null)"
)
_FIND: Final = text(f"{_OF_ACCOUNT} and id = :id")
_LOCK: Final = text(f"{_OF_ACCOUNT} and id = :id for update")
_FIND_SOME: Final = text(
    f"{_OF_ACCOUNT} and project_id = :project_id and id = any(cast(:ids as uuid[]))"
    " order by created_at, id"
)
_IN_PROJECTS: Final = " and project_id = any(cast(:projects as uuid[]))"
_FIRST: Final = text(f"{_OF_ACCOUNT}{_IN_PROJECTS} order by created_at, id limit :limit")
_AFTER: Final = text(
    f"{_OF_ACCOUNT}{_IN_PROJECTS} and (created_at, id) > (:after_time, :after_id)"
    " order by created_at, id limit :limit"
)
_PART: Final = text(
    f"{_OF_ACCOUNT}{_IN_PROJECTS} order by created_at, id limit :limit offset :offset"
)
_COUNT: Final = text(f"select count(*) from action where account_id = :account_id{_IN_PROJECTS}")
# Whoever changes a project's actions locks its row, so that their number and version hold.
_RAISE_VERSION: Final = text(
    "update project set actions_version = actions_version + 1"
    " where account_id = :account_id and id = :project_id"
)
_ADD: Final = text(
    "insert into action (account_id, id, project_id, name, settings, header_names)"
    " values (:account_id, :id, :project_id, :name, cast(:settings as jsonb), :header_names)"
    f" returning {_COLUMNS}"
)
_CHANGE: Final = text(
    "update action set name = :name, settings = cast(:settings as jsonb),"
    " header_names = :header_names, version = version + 1, updated_at = now()"
    f" where account_id = :account_id and id = :id returning {_COLUMNS}"
)
_DELETE: Final = text("delete from action where account_id = :account_id and id = any(:ids)")
_SOME: Final = text(
    "select id from action where account_id = :account_id and project_id = :project_id"
    " order by id limit :limit"
)

OFFERED: Final = (
    "(select json_agg(json_build_object('id', n.id, 'settings', n.settings)"
    "  order by n.created_at, n.id) from action n"
    " where n.account_id = :account_id and n.project_id = :project_id"
    "  and n.settings->'enabled' = 'true' and n.settings->'triggers' <> '[]'"
    f"  and {IS_SET})"
)
"""An expression of statements that read what a project offers; `read_offered` reads it."""


def read_offered(version: int, found: Sequence[Mapping[str, Any]] | None) -> OfferedActions:
    return OfferedActions(
        version,
        tuple(
            OfferedAction(UUID(one["id"]), ActionSettings.model_validate(one["settings"]))
            for one in found or ()
        ),
    )


def _action(row: Row[Any]) -> Action:
    return Action(
        account_id=AccountId(row.account_id),
        id=row.id,
        project_id=ProjectId(row.project_id),
        name=row.name,
        settings=ActionSettings.model_validate(row.settings),
        header_names=tuple(row.header_names),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def find(session: AsyncSession, action_id: UUID, *, lock: bool = False) -> Action | None:
    parameters = {"account_id": tenant_of(session), "id": action_id}
    row = (await session.execute(_LOCK if lock else _FIND, parameters)).first()
    return None if row is None else _action(row)


async def find_some(
    session: AsyncSession, project_id: ProjectId, ids: Collection[UUID]
) -> Sequence[Action]:
    """Return those of a project's actions, oldest first."""
    if not ids:
        return ()
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "ids": list(ids)}
    return [_action(row) for row in await session.execute(_FIND_SOME, parameters)]


async def list_after(
    session: AsyncSession, project_id: ProjectId, after: Place, limit: int
) -> Sequence[Action]:
    """Return at most `limit` of a project's actions behind `after`, oldest first."""
    parameters = {**_in_projects(session, [project_id]), "limit": limit}
    statement = _FIRST
    if after is not None:
        statement = _AFTER
        parameters |= {"after_time": after[0], "after_id": after[1]}
    return [_action(row) for row in await session.execute(statement, parameters)]


async def part(
    session: AsyncSession, projects: Collection[ProjectId], *, offset: int, limit: int
) -> tuple[Sequence[Action], int]:
    """Return a part of several projects' actions, oldest first, and the number of all of them."""
    wanted = _in_projects(session, projects)
    rows = await session.execute(_PART, {**wanted, "offset": offset, "limit": limit})
    return [_action(row) for row in rows], await count(session, projects)


async def count(session: AsyncSession, projects: Collection[ProjectId]) -> int:
    return int(await session.scalar(_COUNT, _in_projects(session, projects)))


async def raise_version(session: AsyncSession, project_id: ProjectId) -> None:
    """Tell that a project's actions change, and let nobody else change them meanwhile."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id}
    await session.execute(_RAISE_VERSION, parameters)


async def add(
    session: AsyncSession,
    project_id: ProjectId,
    name: str,
    settings: ActionSettings,
    header_names: Collection[str],
) -> Action:
    parameters = {
        "account_id": tenant_of(session),
        "id": new_id(),
        "project_id": project_id,
        **_values(name, settings, header_names),
    }
    return _action((await session.execute(_ADD, parameters)).one())


async def change(
    session: AsyncSession,
    action_id: UUID,
    name: str,
    settings: ActionSettings,
    header_names: Collection[str],
) -> Action:
    parameters = {
        "account_id": tenant_of(session),
        "id": action_id,
        **_values(name, settings, header_names),
    }
    return _action((await session.execute(_CHANGE, parameters)).one())


async def delete(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Delete actions with the log of their calls."""
    await session.execute(_DELETE, {"account_id": tenant_of(session), "ids": list(ids)})


async def some_of(session: AsyncSession, project_id: ProjectId, limit: int) -> Sequence[UUID]:
    """Return the ids of some of a project's actions."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "limit": limit}
    return [row.id for row in await session.execute(_SOME, parameters)]


def _in_projects(session: AsyncSession, projects: Collection[ProjectId]) -> dict[str, Any]:
    return {"account_id": tenant_of(session), "projects": list(projects)}


def _values(
    name: str, settings: ActionSettings, header_names: Collection[str]
) -> dict[str, object]:
    return {
        "name": name,
        "settings": json.dumps(settings.model_dump(mode="json")),
        "header_names": list(header_names),
    }
