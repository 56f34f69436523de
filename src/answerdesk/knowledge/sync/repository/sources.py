"""Writes website sources, and the times of their next syncs."""

# ruff: noqa: S608 - statements are built from constants of this module only.

import json
from dataclasses import asdict
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId, new_id
from answerdesk.knowledge.sync.types import NewSource
from answerdesk.knowledge.types import SourceSettings

_ADD: Final = text(
    "insert into source (account_id, id, project_id, kind, name, key, url, settings,"
    " sync_every_hours) values (:account_id, :id, :project_id, :kind, :name, :url, :url,"
    " cast(:settings as jsonb), :hours)"
    " on conflict (account_id, project_id, kind, key) do nothing returning id"
)
_SAME: Final = text(
    "select id from source where account_id = :account_id and project_id = :project_id"
    " and kind = :kind and key = :url"
)
_CHANGE: Final = text(
    "update source set name = :name, settings = cast(:settings as jsonb),"
    " sync_every_hours = :hours, version = version + 1, updated_at = now()"
    " where account_id = :account_id and id = :source_id"
)
# Sources with the same interval that were added together would be synced together for ever, so
# each time is moved by up to a tenth. The database's clock and `random()` keep it one statement.
_JITTERED: Final = "make_interval(secs => sync_every_hours * 3600 * (0.9 + 0.2 * random()))"
_WAIT: Final = text(
    "update source set next_sync_at = case when sync_every_hours is not null then greatest("
    f"  clock_timestamp(), coalesce((select max(s.finished_at) from sync s"
    "   where s.account_id = source.account_id and s.source_id = source.id),"
    f"  clock_timestamp()) + {_JITTERED}) end"
    " where account_id = :account_id and id = :source_id returning"
    " extract(epoch from next_sync_at - clock_timestamp())::float8 as seconds"
)
_SECONDS_TO_NEXT: Final = text(
    "select extract(epoch from next_sync_at - clock_timestamp())::float8 as seconds from source"
    " where account_id = :account_id and id = :source_id"
)
_PROJECT: Final = text(
    "select project_id from source where account_id = :account_id and id = :source_id"
)
_HOLD: Final = text(
    "select 1 from source where account_id = :account_id and id = :source_id for key share"
)


def _key(session: AsyncSession, source_id: UUID) -> dict[str, object]:
    return {"account_id": tenant_of(session), "source_id": source_id}


def _settings(settings: SourceSettings) -> str:
    return json.dumps(asdict(settings))


async def add(session: AsyncSession, project_id: ProjectId, new: NewSource) -> UUID | None:
    """Store a website as a source; None if the project already has it."""
    parameters = {
        "account_id": tenant_of(session),
        "id": new_id(),
        "project_id": project_id,
        "kind": new.kind,
        "name": new.name,
        "url": new.url,
        "settings": _settings(new.settings),
        "hours": new.sync_every_hours,
    }
    added: UUID | None = await session.scalar(_ADD, parameters)
    return added


async def find(session: AsyncSession, project_id: ProjectId, new: NewSource) -> UUID | None:
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "kind": new.kind,
        "url": new.url,
    }
    found: UUID | None = await session.scalar(_SAME, parameters)
    return found


async def change(
    session: AsyncSession, source_id: UUID, name: str, settings: SourceSettings, hours: int | None
) -> None:
    parameters = {"name": name, "settings": _settings(settings), "hours": hours}
    await session.execute(_CHANGE, {**_key(session, source_id), **parameters})


async def wait_for_next(session: AsyncSession, source_id: UUID) -> float | None:
    """Set the time of the source's next sync, counted from its last one; return the seconds to it.

    None if it has no schedule.
    """
    seconds: float | None = await session.scalar(_WAIT, _key(session, source_id))
    return seconds


async def seconds_to_next(session: AsyncSession, source_id: UUID) -> float | None:
    """Return the seconds until the source is due (negative: overdue); None without a schedule."""
    seconds: float | None = await session.scalar(_SECONDS_TO_NEXT, _key(session, source_id))
    return seconds


async def hold(session: AsyncSession, source_id: UUID) -> bool:
    """Prevent removal of the source until the transaction ends; False if it is gone."""
    found = await session.scalar(_HOLD, _key(session, source_id))
    return found is not None


async def project_of(session: AsyncSession, source_id: UUID) -> ProjectId:
    """Return the project of an existing source."""
    return ProjectId(UUID(str(await session.scalar(_PROJECT, _key(session, source_id)))))
