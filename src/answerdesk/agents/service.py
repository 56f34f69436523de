"""Agents: find, list, create, change, activate and delete them; begin a project with one."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.limits import LimitReached, consume
from answerdesk.accounts.principal import Principal
from answerdesk.agents import repository
from answerdesk.agents.actions.tools import require_callable
from answerdesk.agents.errors import AgentsInvalid, agent_not_found, model_unknown
from answerdesk.agents.models import AgentRow
from answerdesk.agents.types import (
    AGENT_PREFIX,
    MOST_AT_ONCE,
    Agent,
    AgentDraft,
    AgentSettings,
    Desk,
    ResponseProfile,
)
from answerdesk.core import faults
from answerdesk.core.database import Database, tenant_of
from answerdesk.core.errors import InvalidInput, NotFound, require_version
from answerdesk.core.faults import Fault
from answerdesk.core.tenancy import AccountId, ProjectId, new_id, parse_public_id, public_id
from answerdesk.kit.merge_patch import merge_patch
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.service import create_project, find_owner, get_project, list_after
from answerdesk.projects.types import PROJECT_PREFIX, Project, ProjectSettings

AGENT_COLUMNS: Final = repository.COLUMNS
read_agent: Final = repository.read_agent
"""The columns of an agent, and what reads them, for statements that need more besides."""

FIRST_NAME: Final = "Assistant"
"""The name of a project's first agent."""

_NAME_LENGTH: Final = 200
_PROFILE: Final = "response_profile"
_MOST_MODELS_NAMED: Final = 20


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
    first = AgentDraft(project.id, FIRST_NAME, AgentSettings(), ResponseProfile())
    await repository.add(session, [_row(session, first, active=True)])
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


async def find_agent(session: AsyncSession, caller: Principal, agent_id: UUID) -> Agent:
    """Return an agent of any project that the caller may reach; raises NotFound."""
    agent = await repository.find(session, agent_id)
    if agent is None or not _reaches(caller, agent.project_id):
        raise agent_not_found()
    return agent


async def list_all_agents(
    session: AsyncSession, caller: Principal, after: repository.Place, limit: int
) -> Sequence[Agent]:
    """Return the agents of all projects that the caller may reach, oldest first."""
    return await repository.list_all_after(session, caller.projects, after, limit)


async def create_agent(
    session: AsyncSession,
    caller: Principal,
    project_id: ProjectId,
    name: str,
    settings: AgentSettings,
    profile: ResponseProfile | None = None,
) -> Agent:
    """Create an agent; a project's first is active. Raises LimitReached, InvalidInput."""
    draft = AgentDraft(project_id, _checked_name(name), settings, profile or ResponseProfile())
    (agent,) = await _create(session, caller, [draft])
    return agent


async def create_agents(
    session: AsyncSession, caller: Principal, drafts: Sequence[AgentDraft]
) -> Sequence[Agent]:
    """Create several agents, all or none, in order. A project's first agent is active.

    Raises AgentsInvalid, which names each wrong row, LimitReached, and InvalidInput for a wrong
    number of agents.
    """
    _require_number(len(drafts))
    faults: list[tuple[int, Fault]] = []
    checked: list[AgentDraft] = []
    known: dict[ProjectId, bool] = {}
    for row, draft in enumerate(drafts, 1):
        if draft.project_id not in known:
            known[draft.project_id] = await _is_open(session, caller, draft.project_id)
        if not known[draft.project_id]:
            faults.append((row, Fault("project", "is not known")))
        try:
            checked.append(replace(draft, name=_checked_name(draft.name)))
        except InvalidInput as error:
            faults.append((row, Fault("name", error.message)))
    if faults:
        raise AgentsInvalid(faults, len(drafts))
    return await _create(session, caller, checked)


def _require_number(agents: int) -> None:
    """Raise InvalidInput unless so many agents may be created together."""
    if not 1 <= agents <= MOST_AT_ONCE:
        raise InvalidInput(
            f"Send 1 to {MOST_AT_ONCE} agents; this request has {agents:,}", code="agents_number"
        )


async def named_project(session: AsyncSession, caller: Principal, text: str | None) -> ProjectId:
    """Return the project that a public id names, or (None) the first that the caller may reach.

    Raises NotFound, and InvalidInput if there is no project at all.
    """
    if text is not None:
        value = parse_public_id(PROJECT_PREFIX, text)
        if value is None:
            raise project_not_found()
        caller.require_project(ProjectId(value))
        return (await get_project(session, ProjectId(value))).id
    first = await list_after(session, caller.projects, None, 1)
    if not first:
        raise InvalidInput("There is no project yet; create one first", code="project_needed")
    return first[0].id


async def named_projects(
    session: AsyncSession, caller: Principal, texts: Iterable[str | None]
) -> Mapping[str | None, ProjectId]:
    """Return what `named_project` does for each text, without those that it doesn't find."""
    found: dict[str | None, ProjectId] = {}
    for text in dict.fromkeys(texts):
        try:
            found[text] = await named_project(session, caller, text)
        except NotFound:
            continue
    return found


async def _is_open(session: AsyncSession, caller: Principal, project_id: ProjectId) -> bool:
    try:
        await get_project(session, project_id)
    except NotFound:
        return False
    return _reaches(caller, project_id)


def _reaches(caller: Principal, project_id: ProjectId) -> bool:
    return caller.projects is None or project_id in caller.projects


async def _create(
    session: AsyncSession, caller: Principal, drafts: Sequence[AgentDraft]
) -> Sequence[Agent]:
    headless: set[ProjectId] = set()
    # Always in the same order, so that two requests can't wait for each other.
    for project_id in sorted({draft.project_id for draft in drafts}):
        await repository.lock(session, project_id)
        if await repository.active(session, project_id) is None:
            headless.add(project_id)
    await consume(session, tenant_of(session), "agents", len(drafts))
    for draft in drafts:
        await _require_model(session, draft.project_id, draft.settings.model)
        await require_callable(session, draft.project_id, draft.settings.actions)
    rows = []
    for draft in drafts:
        rows.append(_row(session, draft, active=draft.project_id in headless))
        headless.discard(draft.project_id)
    agents = await repository.add(session, rows)
    for agent in agents:
        await _audit(session, caller, "agent.created", agent)
    return agents


def _row(session: AsyncSession, draft: AgentDraft, *, active: bool) -> AgentRow:
    known, newer = repository.split_settings(draft.settings)
    return AgentRow(
        account_id=tenant_of(session),
        id=new_id(),
        project_id=draft.project_id,
        name=draft.name,
        settings=known,
        newer_settings=newer,
        response_profile=draft.profile.model_dump(mode="json"),
        active=active,
    )


async def _require_model(session: AsyncSession, project_id: ProjectId, name: str | None) -> None:
    """Raise InvalidInput unless agents of the project can name this language model, or none."""
    if name is not None and not await repository.keep_model(session, project_id, name):
        known = await repository.model_names(session, project_id, _MOST_MODELS_NAMED)
        raise model_unknown(name, known)


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
    *,
    profile: ResponseProfile | None = None,
) -> Agent:
    """Change an agent by a merge patch of its name, settings and `response_profile`.

    Omitted fields stay. `profile` replaces the response profile, unless it is None.

    Raises InvalidInput naming each invalid field, NotFound, and PreconditionFailed if the agent's
    version is not in `expected`.
    """
    agent = await _locked(session, project_id, agent_id, expected)
    of_settings = dict(patch)
    name = _checked_name(of_settings.pop("name", agent.name))
    settings, patched = _patched(agent, of_settings)
    profile = profile or patched
    if settings.model != agent.settings.model:
        await _require_model(session, project_id, settings.model)
    if settings.actions != agent.settings.actions:
        await require_callable(session, project_id, settings.actions)
    before, after = (one.model_dump(mode="json") for one in (agent.settings, settings))
    changed = [field for field in after if after[field] != before[field]]
    if name != agent.name:
        changed.insert(0, "name")
    if profile != agent.profile:
        changed.append(_PROFILE)
    if not changed:
        return agent
    stored = await repository.change(
        session, agent, name, settings, profile.model_dump(mode="json")
    )
    await _audit(session, caller, "agent.changed", stored, {"changed": [*changed]})
    return stored


def _patched(agent: Agent, patch: Mapping[str, Any]) -> tuple[AgentSettings, ResponseProfile]:
    profile = agent.profile.model_dump(mode="json")
    before = {**agent.settings.model_dump(mode="json"), _PROFILE: profile}
    try:
        after = _Profiled.model_validate(merge_patch(before, patch))
    except ValidationError as error:
        raise InvalidInput(faults.describe(error.errors(), model=_Profiled)) from error
    settings = AgentSettings.model_validate(after.model_dump(exclude={_PROFILE}))
    return settings, after.response_profile


class _Profiled(AgentSettings):
    response_profile: ResponseProfile = ResponseProfile()


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
