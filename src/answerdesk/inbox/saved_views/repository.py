"""Reads and writes saved views."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import UserId, new_id
from answerdesk.inbox.saved_views.types import SavedView, SavedViewDraft

_COLUMNS: Final = "id, owner_id, maker_id, name, query, position, created_at, updated_at"
_SEEN: Final = "account_id = :account_id and (owner_id is null or owner_id = cast(:viewer as uuid))"
_LIST: Final = text(
    f"select {_COLUMNS} from saved_view where {_SEEN} order by position, created_at, id"
)
_GET: Final = text(f"select {_COLUMNS} from saved_view where {_SEEN} and id = :id for update")
_BESIDE: Final = (
    "from saved_view where account_id = :account_id"
    " and owner_id is not distinct from cast(:owner_id as uuid)"
)
# Views of one account are added one after the other, so that their number holds.
_LOCK_ACCOUNT: Final = text(
    "select pg_advisory_xact_lock(hashtextextended('views:' || cast(:account_id as text), 0))"
)
_COUNT: Final = text(f"select count(*) {_BESIDE}")
_ADD: Final = text(
    "insert into saved_view (account_id, id, owner_id, maker_id, name, query, position)"
    " values (:account_id, :id, :owner_id, :maker_id, :name, cast(:query as jsonb),"
    f"  coalesce(cast(:position as integer), (select coalesce(max(position) + 1, 0) {_BESIDE})))"
    f" returning {_COLUMNS}"
)
_CHANGE: Final = text(
    "update saved_view set owner_id = :owner_id, maker_id = :maker_id, name = :name,"
    "  query = cast(:query as jsonb), position = :position, updated_at = clock_timestamp()"
    f" where account_id = :account_id and id = :id returning {_COLUMNS}"
)
_NAMES: Final = text(
    "select exists (select from saved_view where account_id = :account_id"
    " and query ->> 'project_id' = :project_id)"
)
_REMOVE: Final = text("delete from saved_view where account_id = :account_id and id = :id")


def _saved_view(row: Row[Any]) -> SavedView:
    return SavedView(**row._asdict())


async def seen(session: AsyncSession, viewer: UserId | None) -> Sequence[SavedView]:
    """Return those of all people and the viewer's own, by position."""
    parameters = {"account_id": tenant_of(session), "viewer": viewer}
    return [_saved_view(row) for row in await session.execute(_LIST, parameters)]


async def locked(session: AsyncSession, viewer: UserId | None, view_id: UUID) -> SavedView | None:
    """Return one that the viewer may see; it stays as it is until we commit."""
    parameters = {"account_id": tenant_of(session), "viewer": viewer, "id": view_id}
    row = (await session.execute(_GET, parameters)).first()
    return None if row is None else _saved_view(row)


async def count_locked(session: AsyncSession, owner_id: UserId | None) -> int:
    """Return how many a person has, a number that stays until we commit; None means everybody."""
    await session.execute(_LOCK_ACCOUNT, {"account_id": tenant_of(session)})
    parameters = {"account_id": tenant_of(session), "owner_id": owner_id}
    return int(await session.scalar(_COUNT, parameters))


async def add(session: AsyncSession, maker_id: UserId, draft: SavedViewDraft) -> SavedView:
    parameters = {
        "account_id": tenant_of(session),
        "id": new_id(),
        "owner_id": None if draft.shared else maker_id,
        "maker_id": maker_id,
        "name": draft.name,
        "query": json.dumps(draft.query),
        "position": draft.position,
    }
    return _saved_view((await session.execute(_ADD, parameters)).one())


async def change(session: AsyncSession, changed: SavedView) -> SavedView:
    """Store a locked one as it is now."""
    parameters = {
        "account_id": tenant_of(session),
        "id": changed.id,
        "owner_id": changed.owner_id,
        "maker_id": changed.maker_id,
        "name": changed.name,
        "query": json.dumps(changed.query),
        "position": changed.position,
    }
    return _saved_view((await session.execute(_CHANGE, parameters)).one())


async def names_project(session: AsyncSession, project_id: str) -> bool:
    """Tell whether a view of anybody's is of a project, by its public id."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id}
    return bool(await session.scalar(_NAMES, parameters))


async def remove(session: AsyncSession, view_id: UUID) -> None:
    await session.execute(_REMOVE, {"account_id": tenant_of(session), "id": view_id})
