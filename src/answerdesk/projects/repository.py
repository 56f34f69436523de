"""Reads and writes projects and their widget keys. Deleted projects are never returned."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import IS_SET, TENANT, Executor, tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.projects.models import ProjectRow, WidgetKeyRow
from answerdesk.projects.types import Project, ProjectSettings, WidgetKey

_FIRST_PROJECT_LOCK: Final = 0x70726F6A
"""Advisory lock for creating the first project (the letters 'proj')."""

Place = tuple[datetime, UUID] | None
"""The row behind which a part of a list begins: its creation time and id."""

_NEWER_SETTINGS: Final = frozenset({"lead_capture", "privacy", "spending_caps", "widget"})
"""Settings in a column of their own, because the version before refuses unknown ones."""

_COLUMNS: Final = (
    "account_id, id, name, settings, newer_settings, demo, created_at, version, updated_at"
)
_GET: Final = text(
    f"select {_COLUMNS} from project"
    " where account_id = :account_id and id = :id and deleted_at is null"
)
_GET_SINGLE: Final = text(f"with {TENANT} {_GET.text} and {IS_SET}")
_LOCK: Final = text(f"{_GET.text} for update")
_CHANGE: Final = text(
    "update project set name = :name, settings = cast(:settings as jsonb),"
    " newer_settings = cast(:newer as jsonb),"
    " version = version + 1, updated_at = now()"
    " where account_id = :account_id and id = :id and deleted_at is null"
    f" returning {_COLUMNS}"
)
_MARK_DELETED: Final = text(
    "update project set deleted_at = now(), version = version + 1, updated_at = now()"
    " where account_id = :account_id and id = :id"
)
# Foreign keys also delete its rows in other tables.
_REMOVE: Final = text(
    "delete from project where account_id = :account_id and id = :id and deleted_at is not null"
)
_WIDGET_KEY: Final = "account_id, id, project_id, name, created_at, revoked_at"
_GET_WIDGET_KEY: Final = text(
    f"select {_WIDGET_KEY} from widget_key where account_id = :account_id and id = :id"
)
_PROJECT_OF_WIDGET_KEY: Final = text(
    "select project_id from widget_key join project using (account_id)"
    " where account_id = :account_id and widget_key.id = :id and revoked_at is null"
    "  and project.id = project_id and deleted_at is null"
)
_REVOKE_WIDGET_KEY: Final = text(
    "update widget_key set revoked_at = now()"
    " where account_id = :account_id and id = :id and revoked_at is null returning id"
)


def _project(row: ProjectRow | Row[Any]) -> Project:
    return Project(
        account_id=AccountId(row.account_id),
        id=ProjectId(row.id),
        name=row.name,
        settings=ProjectSettings.model_validate({**row.settings, **row.newer_settings}),
        demo=row.demo,
        created_at=row.created_at,
        version=row.version,
        updated_at=row.updated_at,
    )


def _key(session: AsyncSession, value: UUID) -> dict[str, UUID]:
    return {"account_id": tenant_of(session), "id": value}


async def get(session: AsyncSession, project_id: ProjectId) -> Project | None:
    row = (await session.execute(_GET, _key(session, project_id))).first()
    return None if row is None else _project(row)


async def get_single(executor: Executor, project_id: ProjectId) -> Project | None:
    """Return a project of the executor's tenant, in one round trip."""
    rows = await executor.rows(_GET_SINGLE, {"id": project_id})
    return _project(rows[0]) if rows else None


async def lock(session: AsyncSession, project_id: ProjectId) -> Project | None:
    """Return a project of the session's tenant, locked until the transaction ends."""
    row = (await session.execute(_LOCK, _key(session, project_id))).first()
    return None if row is None else _project(row)


async def list_all(session: AsyncSession) -> Sequence[Project]:
    """Return the tenant's projects, oldest first."""
    return await list_after(session, None, None, None)


async def list_after(
    session: AsyncSession, only: Collection[ProjectId] | None, after: Place, limit: int | None
) -> Sequence[Project]:
    """Return at most `limit` of the tenant's projects behind `after`, oldest first.

    `only` are those that the caller may reach; None means all.
    """
    query = (
        select(ProjectRow)
        .where(ProjectRow.deleted_at.is_(None))
        .order_by(ProjectRow.created_at, ProjectRow.id)
        .limit(limit)
    )
    if only is not None:
        query = query.where(ProjectRow.id.in_(only))
    if after is not None:
        query = query.where(tuple_(ProjectRow.created_at, ProjectRow.id) > after)
    return [_project(row) for row in await session.scalars(query)]


async def add(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    name: str,
    settings: ProjectSettings,
    *,
    demo: bool,
) -> Project:
    known, newer = _split(settings)
    project = ProjectRow(
        account_id=account_id,
        id=project_id,
        name=name,
        settings=known,
        newer_settings=newer,
        demo=demo,
    )
    session.add(project)
    await session.flush()
    await session.refresh(project)
    return _project(project)


def _split(settings: ProjectSettings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what goes into `settings` and into `newer_settings`."""
    return (
        settings.model_dump(mode="json", exclude={*_NEWER_SETTINGS}),
        settings.model_dump(mode="json", include={*_NEWER_SETTINGS}),
    )


async def change(
    session: AsyncSession, project_id: ProjectId, name: str, settings: ProjectSettings
) -> Project:
    """Set a locked project's name and settings and raise its version; return it as stored."""
    known, newer = _split(settings)
    values = {
        **_key(session, project_id),
        "name": name,
        "settings": json.dumps(known),
        "newer": json.dumps(newer),
    }
    return _project((await session.execute(_CHANGE, values)).one())


async def mark_deleted(session: AsyncSession, project_id: ProjectId) -> None:
    """Hide a project from everybody from now on."""
    await session.execute(_MARK_DELETED, _key(session, project_id))


async def remove(session: AsyncSession, project_id: ProjectId) -> None:
    """Delete a project that is marked as deleted, with all rows that belong to it."""
    await session.execute(_REMOVE, _key(session, project_id))


async def lock_first_project(session: AsyncSession) -> None:
    """Allow only one transaction at a time to create the first project."""
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _FIRST_PROJECT_LOCK})


def _widget_key(row: WidgetKeyRow | Row[Any]) -> WidgetKey:
    return WidgetKey(row.id, ProjectId(row.project_id), row.name, row.created_at, row.revoked_at)


async def add_widget_key(session: AsyncSession, row: WidgetKeyRow) -> WidgetKey:
    session.add(row)
    await session.flush()
    await session.refresh(row)
    return _widget_key(row)


async def widget_keys(
    session: AsyncSession, project_id: ProjectId, after: Place, limit: int | None
) -> Sequence[WidgetKey]:
    """Return at most `limit` of a project's widget keys behind `after`, oldest first."""
    query = (
        select(WidgetKeyRow)
        .where(WidgetKeyRow.project_id == project_id)
        .order_by(WidgetKeyRow.created_at, WidgetKeyRow.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(WidgetKeyRow.created_at, WidgetKeyRow.id) > after)
    return [_widget_key(row) for row in await session.scalars(query)]


async def get_widget_key(session: AsyncSession, key_id: UUID) -> WidgetKey | None:
    """Return a widget key of the session's tenant, revoked or not."""
    row = (await session.execute(_GET_WIDGET_KEY, _key(session, key_id))).first()
    return None if row is None else _widget_key(row)


async def project_of_widget_key(session: AsyncSession, key_id: UUID) -> ProjectId | None:
    """Return the project that a widget key opens; None if the key no longer opens one."""
    found = await session.scalar(_PROJECT_OF_WIDGET_KEY, _key(session, key_id))
    return None if found is None else ProjectId(found)


async def revoke_widget_key(session: AsyncSession, key_id: UUID) -> bool:
    """Revoke a widget key; return False if it was already revoked or is unknown."""
    return (await session.execute(_REVOKE_WIDGET_KEY, _key(session, key_id))).first() is not None
