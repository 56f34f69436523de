"""Agents: find, list, create, change, activate and delete them; begin a project with one."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.limits import LimitReached, consume
from answerdesk.accounts.principal import Principal
from answerdesk.agents import repository
from answerdesk.agents.models import AgentRow
from answerdesk.agents.types import AGENT_PREFIX, Agent, AgentSettings, Desk
from answerdesk.core import faults
from answerdesk.core.database import Database, tenant_of
from answerdesk.core.errors import InvalidInput, NotFound, require_version
from answerdesk.core.tenancy import AccountId, ProjectId, new_id, public_id
from answerdesk.kit.merge_patch import merge_patch
from answerdesk.projects.service import create_project, find_owner, get_project
from answerdesk.projects.types import PROJECT_PREFIX, Project, ProjectSettings

FIRST_NAME: Final = "Assistant"
"""The name of a project's first agent."""

_NAME_LENGTH: Final = 200


def agent_not_found() -> NotFound:
    """For an id that names no agent of the project."""
    return NotFound("Agent not found", code="agent_not_found")


async def begin_project(
    session: AsyncSession,
    account_id: AccountId,
    name: str,
    *,
    settings: ProjectSettings | None = None,
    demo: bool = False,
    caller: Principal | None = None,
) -> Project:
    """Create a project with its first, active agent; `caller` is for the audit log.

    If the account's plan allows no more agents, the project starts without one, and the default
    settings apply. Raises what `create_project` raises.
    """
    project = await create_project(session, account_id, name, settings=settings, demo=demo)
    if caller is not None:
        target = public_id(PROJECT_PREFIX, project.id)
        detail = {"name": project.name}
        await record_audit(session, caller, "project.created", "project", target, detail)
    try:
        await consume(session, tenant_of(session), "agents")
    except LimitReached:
        return project
    await _add(session, project.id, FIRST_NAME, AgentSettings(), active=True)
    return project


async def active_agent(session: AsyncSession, project_id: ProjectId) -> Agent | None:
    """Return the agent that speaks for a project of the session's tenant; None if it has none."""
    return await repository.active(session, project_id)


async def get_desk(session: AsyncSession, project_id: ProjectId) -> Desk:
    """Return a project of the session's tenant with its active agent; raises NotFound."""
    return await desk_of(session, await get_project(session, project_id))


async def desk_of(session: AsyncSession, project: Project) -> Desk:
    """Return a project that has already been read, with its active agent."""
    return Desk(project, await active_agent(session, project.id))


async def find_desk(database: Database, text: str) -> Desk:
    """Return the project that a public id names, whoever owns it, with its active agent.

    Raises NotFound.
    """
    account_id, project_id = await find_owner(database, text)
    async with database.transaction(account_id) as session:
        return await get_desk(session, project_id)


async def get_agent(session: AsyncSession, project_id: ProjectId, agent_id: UUID) -> Agent:
    """Return an agent of the project; raises NotFound for any other id."""
    agent = await repository.get(session, project_id, agent_id)
    if agent is None:
        raise agent_not_found()
    return agent


async def list_agents(
    session: AsyncSession, project_id: ProjectId, after: repository.Place, limit: int
) -> Sequence[Agent]:
    """Return the project's agents behind `after`, oldest first, at most `limit`."""
    return await repository.list_after(session, project_id, after, limit)


async def create_agent(
    session: AsyncSession,
    caller: Principal,
    project_id: ProjectId,
    name: str,
    settings: AgentSettings,
) -> Agent:
    """Create an agent; a project's first is active. Raises LimitReached, InvalidInput."""
    await repository.lock(session, project_id)
    await consume(session, tenant_of(session), "agents")
    first = await repository.active(session, project_id) is None
    agent = await _add(session, project_id, _checked_name(name), settings, active=first)
    await _audit(session, caller, "agent.created", agent)
    return agent


async def _add(
    session: AsyncSession,
    project_id: ProjectId,
    name: str,
    settings: AgentSettings,
    *,
    active: bool,
) -> Agent:
    row = AgentRow(
        account_id=tenant_of(session),
        id=new_id(),
        project_id=project_id,
        name=name,
        settings=settings.model_dump(mode="json"),
        active=active,
    )
    return await repository.add(session, row)


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= _NAME_LENGTH:
        raise InvalidInput(f"An agent's name must have 1 to {_NAME_LENGTH} characters", code="name")
    return name


async def change_agent(
    session: AsyncSession,
    caller: Principal,
    project_id: ProjectId,
    agent_id: UUID,
    patch: Mapping[str, Any],
    expected: AbstractSet[int] | None = None,
) -> Agent:
    """Change an agent by a merge patch of its name and settings; omitted fields stay.

    Raises InvalidInput naming each invalid field, NotFound, and PreconditionFailed if the agent's
    version is not in `expected`.
    """
    agent = await _locked(session, project_id, agent_id, expected)
    of_settings = dict(patch)
    name = _checked_name(of_settings.pop("name", agent.name))
    settings = _patched(agent.settings, of_settings)
    before, after = (one.model_dump(mode="json") for one in (agent.settings, settings))
    changed = [field for field in after if after[field] != before[field]]
    if name != agent.name:
        changed.insert(0, "name")
    if not changed:
        return agent
    stored = await repository.change(session, agent, name, after)
    await _audit(session, caller, "agent.changed", stored, {"changed": [*changed]})
    return stored


def _patched(settings: AgentSettings, patch: Mapping[str, Any]) -> AgentSettings:
    try:
        return AgentSettings.model_validate(merge_patch(settings.model_dump(mode="json"), patch))
    except ValidationError as error:
        raise InvalidInput(faults.describe(error.errors(), model=AgentSettings)) from error


async def activate_agent(
    session: AsyncSession,
    caller: Principal,
    project_id: ProjectId,
    agent_id: UUID,
    expected: AbstractSet[int] | None = None,
) -> Agent:
    """Make this the agent that speaks for its project, replacing the previous. Raises NotFound."""
    agent = await _locked(session, project_id, agent_id, expected)
    if agent.active:
        return agent
    activated = await repository.activate(session, project_id, agent_id)
    await _audit(session, caller, "agent.activated", activated)
    return activated


async def delete_agent(
    session: AsyncSession,
    caller: Principal,
    project_id: ProjectId,
    agent_id: UUID,
    expected: AbstractSet[int] | None = None,
) -> None:
    """Delete an agent. If it was active, the project's oldest remaining one becomes active."""
    agent = await _locked(session, project_id, agent_id, expected)
    await repository.delete(session, agent)
    await _audit(session, caller, "agent.deleted", agent)
    successor = await repository.oldest(session, project_id) if agent.active else None
    if successor is not None:
        activated = await repository.activate(session, project_id, successor)
        await _audit(session, caller, "agent.activated", activated)


async def _locked(
    session: AsyncSession,
    project_id: ProjectId,
    agent_id: UUID,
    expected: AbstractSet[int] | None,
) -> Agent:
    await repository.lock(session, project_id)
    agent = await get_agent(session, project_id, agent_id)
    require_version(agent.version, expected)
    return agent


async def _audit(
    session: AsyncSession,
    caller: Principal,
    action: str,
    agent: Agent,
    detail: Mapping[str, Any] | None = None,
) -> None:
    project_id = public_id(PROJECT_PREFIX, agent.project_id)
    told = {"project_id": project_id, "name": agent.name, **(detail or {})}
    await record_audit(session, caller, action, "agent", public_id(AGENT_PREFIX, agent.id), told)
