"""Reads and writes agents."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.models import AgentRow
from answerdesk.agents.types import Agent, AgentSettings, ResponseProfile
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId

Place = tuple[datetime, UUID] | None
"""The row behind which a part of a list begins: its creation time and id."""

# Versions of before these were added refuse unknown settings, and may run beside this one.
_NEWER_SETTINGS: Final = ("verification", "knowledge", "actions")
COLUMNS: Final = (
    "account_id, id, project_id, name, settings, newer_settings, response_profile, active, version,"
    " created_at, updated_at"
)
"""What `read_agent` needs."""

_OF_PROJECT: Final = "account_id = :account_id and project_id = :project_id"
_GET: Final = text(f"select {COLUMNS} from agent where {_OF_PROJECT} and id = :id")
_FIND: Final = text(f"select {COLUMNS} from agent where account_id = :account_id and id = :id")
_ACTIVE: Final = text(f"select {COLUMNS} from agent where {_OF_PROJECT} and active")
# Creating, activating and deleting a project's agents wait for each other.
_LOCK: Final = text(
    "select pg_advisory_xact_lock(hashtextextended('agents:' || cast(:project_id as text), 0))"
)
_CHANGE: Final = text(
    "update agent set name = :name, settings = cast(:settings as jsonb),"
    " newer_settings = cast(:newer as jsonb), response_profile = cast(:profile as jsonb),"
    " version = version + 1, updated_at = now()"
    f" where {_OF_PROJECT} and id = :id"
    f" returning {COLUMNS}"
)
_DEACTIVATE: Final = text(
    "update agent set active = false, version = version + 1, updated_at = now()"
    f" where {_OF_PROJECT} and active"
)
_ACTIVATE: Final = text(
    "update agent set active = true, version = version + 1, updated_at = now()"
    f" where {_OF_PROJECT} and id = :id returning {COLUMNS}"
)
_OLDEST: Final = text(f"select id from agent where {_OF_PROJECT} order by created_at, id limit 1")
_DELETE: Final = text(f"delete from agent where {_OF_PROJECT} and id = :id")
_MODELS: Final = (
    "from language_model where account_id = :account_id"
    " and (project_id is null or project_id = :project_id)"
)
# Whoever deletes or renames it waits, and then sees the agent.
_KEEP_MODEL: Final = text(
    f"select 1 {_MODELS} and name = :name order by project_id nulls last limit 1 for key share"
)
_MODEL_NAMES: Final = text(f"select distinct name {_MODELS} order by name limit :limit")


def read_agent(row: AgentRow | Row[Any] | Any) -> Agent:  # noqa: ANN401  # Or a driver's row.
    """Return the agent that a row has."""
    return Agent(
        account_id=AccountId(row.account_id),
        id=row.id,
        project_id=ProjectId(row.project_id),
        name=row.name,
        settings=AgentSettings.model_validate({**row.settings, **row.newer_settings}),
        profile=ResponseProfile.model_validate(row.response_profile or {}),
        active=row.active,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _key(session: AsyncSession, project_id: ProjectId, agent_id: UUID) -> dict[str, UUID]:
    return {**_of(session, project_id), "id": agent_id}


def _of(session: AsyncSession, project_id: ProjectId) -> dict[str, UUID]:
    return {"account_id": tenant_of(session), "project_id": project_id}


async def get(session: AsyncSession, project_id: ProjectId, agent_id: UUID) -> Agent | None:
    row = (await session.execute(_GET, _key(session, project_id, agent_id))).first()
    return None if row is None else read_agent(row)


async def find(session: AsyncSession, agent_id: UUID) -> Agent | None:
    """Return an agent of any of the tenant's projects."""
    parameters = {"account_id": tenant_of(session), "id": agent_id}
    row = (await session.execute(_FIND, parameters)).first()
    return None if row is None else read_agent(row)


async def active(session: AsyncSession, project_id: ProjectId) -> Agent | None:
    row = (await session.execute(_ACTIVE, _of(session, project_id))).first()
    return None if row is None else read_agent(row)


async def list_after(
    session: AsyncSession, project_id: ProjectId, after: Place, limit: int
) -> Sequence[Agent]:
    """Return at most `limit` of the project's agents behind `after`, oldest first."""
    query = (
        select(AgentRow)
        .where(AgentRow.project_id == project_id)
        .order_by(AgentRow.created_at, AgentRow.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(AgentRow.created_at, AgentRow.id) > after)
    return [read_agent(row) for row in await session.scalars(query)]


async def list_all_after(
    session: AsyncSession, only: Collection[ProjectId] | None, after: Place, limit: int
) -> Sequence[Agent]:
    """Return at most `limit` of the tenant's agents behind `after`, oldest first.

    Only those of the projects in `only`, unless it is None.
    """
    query = select(AgentRow).order_by(AgentRow.created_at, AgentRow.id).limit(limit)
    if only is not None:
        query = query.where(AgentRow.project_id.in_(only))
    if after is not None:
        query = query.where(tuple_(AgentRow.created_at, AgentRow.id) > after)
    return [read_agent(row) for row in await session.scalars(query)]


async def lock(session: AsyncSession, project_id: ProjectId) -> None:
    """Allow only one transaction at a time to add, activate or remove the project's agents."""
    await session.execute(_LOCK, {"project_id": project_id})


async def add(session: AsyncSession, rows: Sequence[AgentRow]) -> Sequence[Agent]:
    session.add_all(rows)
    await session.flush()
    for row in rows:
        await session.refresh(row)
    return [read_agent(row) for row in rows]


async def change(
    session: AsyncSession,
    agent: Agent,
    name: str,
    settings: AgentSettings,
    profile: Mapping[str, Any],
) -> Agent:
    """Set what its owner sets of an agent and raise its version; return it as stored."""
    known, newer = split_settings(settings)
    values = {
        "name": name,
        "settings": json.dumps(known),
        "newer": json.dumps(newer),
        "profile": json.dumps(profile),
    }
    key = _key(session, agent.project_id, agent.id)
    return read_agent((await session.execute(_CHANGE, {**key, **values})).one())


def split_settings(settings: AgentSettings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what goes into `settings` and into `newer_settings`."""
    return (
        settings.model_dump(mode="json", exclude={*_NEWER_SETTINGS}),
        settings.model_dump(mode="json", include={*_NEWER_SETTINGS}),
    )


async def activate(session: AsyncSession, project_id: ProjectId, agent_id: UUID) -> Agent:
    """Make this the project's active agent in place of the previous one."""
    await session.execute(_DEACTIVATE, _of(session, project_id))
    return read_agent((await session.execute(_ACTIVATE, _key(session, project_id, agent_id))).one())


async def oldest(session: AsyncSession, project_id: ProjectId) -> UUID | None:
    """Return the project's oldest agent."""
    found: UUID | None = await session.scalar(_OLDEST, _of(session, project_id))
    return found


async def delete(session: AsyncSession, agent: Agent) -> None:
    await session.execute(_DELETE, _key(session, agent.project_id, agent.id))


async def keep_model(session: AsyncSession, project_id: ProjectId, name: str) -> bool:
    """Keep the language model that agents of a project call so; tell whether there is one."""
    parameters = {**_of(session, project_id), "name": name}
    return (await session.execute(_KEEP_MODEL, parameters)).first() is not None


async def model_names(session: AsyncSession, project_id: ProjectId, limit: int) -> Sequence[str]:
    """Return the names of the language models that agents of a project can name."""
    parameters = {**_of(session, project_id), "limit": limit}
    return [row.name for row in await session.execute(_MODEL_NAMES, parameters)]
