"""Nova Chat's agents and API keys."""

from typing import Annotated, Final

from fastapi import APIRouter, Body, Query, status

from answerdesk.accounts.api_keys import service as keys
from answerdesk.accounts.api_keys.service import KeyWish
from answerdesk.accounts.api_keys.types import KeyFilter
from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.members.service import list_members
from answerdesk.accounts.principal import Principal
from answerdesk.agents import service as agents
from answerdesk.agents.types import AgentSettings
from answerdesk.core.database import Database
from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.dialects.novachat.dependencies import (
    MOST_ROWS,
    PartOf,
    Workspace,
    WorkspaceOf,
    number_named,
)
from answerdesk.dialects.novachat.encoder import encode_agent, encode_key, encode_member
from answerdesk.dialects.novachat.schemas import (
    ERRORS,
    AgentIn,
    AgentOut,
    KeyIn,
    KeyMade,
    KeyOut,
    Named,
    Success,
)

AgentReader = Annotated[Principal, needs("agents:read")]
AgentWriter = Annotated[Principal, needs("agents:write")]
KeyReader = Annotated[Principal, needs("keys:read")]
KeyWriter = Annotated[Principal, needs("keys:write")]

_AGENTS: Final = "/nc-api/v1/agents"
_KEYS: Final = "/nc-api/v1/api-keys"


def make_router(settings: Settings) -> APIRouter:
    """Make the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(route_class=bounded_route(settings.max_json_bytes), responses=ERRORS)
    created = status.HTTP_201_CREATED
    router.add_api_route(_AGENTS, list_agents, response_model_exclude_none=True)
    router.add_api_route(
        _AGENTS,
        create_agent,
        methods=["POST"],
        status_code=created,
        response_model_exclude_none=True,
    )
    router.add_api_route(_KEYS, list_keys)
    router.add_api_route(_KEYS, create_key, methods=["POST"], status_code=created)
    router.add_api_route(_KEYS, revoke_named_key, methods=["DELETE"])
    router.add_api_route(f"{_KEYS}/{{key_id}}", revoke_key, methods=["DELETE"])
    return router


async def list_agents(
    caller: AgentReader, workspace: WorkspaceOf, database: DatabaseOf, part: PartOf
) -> list[AgentOut]:
    """List the AI agents, oldest first, then the account's people.

    People's addresses and roles are shown only to people who may see members.
    """
    project = await workspace.project()
    async with database.transaction(caller.account_id) as session:
        bots = (
            []
            if project is None
            else await agents.list_agents(session, project.id, None, MOST_ROWS)
        )
        people = await list_members(session, limit=MOST_ROWS, after=None)
    numbers = {
        **await workspace.numbers.of("agent", [one.id for one in bots]),
        **await workspace.numbers.of("user", [one.user_id for one in people]),
    }
    whole = caller.may("members:read")
    rows = [
        *(encode_agent(one, numbers[one.id]) for one in bots),
        *(encode_member(one, numbers[one.user_id], whole=whole) for one in people),
    ]
    part.count(len(rows))
    return rows[part.offset : part.offset + part.limit]


async def create_agent(
    body: AgentIn, caller: AgentWriter, workspace: WorkspaceOf, database: DatabaseOf
) -> AgentOut:
    """Create an AI agent; the account's first is active. `id` is the `ai_bot_config_id`."""
    project = await workspace.own_project()
    settings = AgentSettings(
        greeting=body.greeting_message or None, instructions=body.system_prompt or ""
    )
    async with database.transaction(caller.account_id) as session:
        made = await agents.create_agent(session, caller, project.id, body.bot_name, settings)
    return encode_agent(made, await workspace.numbers.of_one("agent", made.id))


async def list_keys(
    caller: KeyReader, workspace: WorkspaceOf, database: DatabaseOf, part: PartOf
) -> list[KeyOut]:
    """List the account's API keys that still work, newest first. Only for people."""
    async with database.transaction(caller.account_id) as session:
        found = await keys.list_keys(session, limit=MOST_ROWS, only=KeyFilter(working=True))
    part.count(len(found))
    shown = found[part.offset : part.offset + part.limit]
    numbers = await workspace.numbers.of("key", [one.id for one in shown])
    return [encode_key(one, numbers[one.id]) for one in shown]


async def create_key(
    body: KeyIn, caller: KeyWriter, workspace: WorkspaceOf, database: DatabaseOf
) -> KeyMade:
    """Create an API key; only this response has its text. Only for people."""
    wish = KeyWish(name=body.name, scopes=body.permissions, prefix="nc_live_")
    async with database.transaction(caller.account_id) as session:
        made, text = await keys.create_key(session, caller, wish)
    number = await workspace.numbers.of_one("key", made.id)
    return KeyMade(key=encode_key(made, number), full_key=text)


async def revoke_key(
    key_id: str,
    caller: KeyWriter,
    workspace: WorkspaceOf,
    database: DatabaseOf,
    body: Annotated[Named | None, Body()] = None,
) -> Success:
    """Revoke an API key. Repeating this changes nothing. Only for people."""
    return await _revoke(caller, workspace, database, _number(key_id, body))


async def revoke_named_key(
    caller: KeyWriter,
    workspace: WorkspaceOf,
    database: DatabaseOf,
    key_id: Annotated[str | None, Query(alias="id", max_length=100)] = None,
    body: Annotated[Named | None, Body()] = None,
) -> Success:
    """Revoke the API key that `?id=` or the body's `id` names. Only for people."""
    return await _revoke(caller, workspace, database, _number(key_id, body))


def _number(key_id: str | None, body: Named | None) -> int:
    return number_named("key", key_id, None if body is None else body.id)


async def _revoke(
    caller: Principal, workspace: Workspace, database: Database, number: int
) -> Success:
    value = await workspace.numbers.id_of("key", number)
    async with database.transaction(caller.account_id) as session:
        await keys.revoke_key(session, caller, value)
    return Success()
