"""Orac's custom actions, on the programmatic tier."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.agents.actions import service
from answerdesk.agents.actions.dependencies import ActionsOf
from answerdesk.agents.actions.errors import action_not_found
from answerdesk.agents.actions.types import ACTION_PREFIX
from answerdesk.core.errors import InvalidInput
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.dialects.orac.dependencies import PartOf, ProjectsOf
from answerdesk.dialects.orac.encoder import action_patch, encode_action, encode_test
from answerdesk.dialects.orac.endpoints.programmatic import ERRORS, ProjectFilter
from answerdesk.dialects.orac.schemas import (
    ActionBody,
    ActionIn,
    ActionList,
    ActionPatch,
    ActionTestBody,
    ActionTestIn,
    Success,
)

Reader = Annotated[Principal, needs("agents:read")]
Writer = Annotated[Principal, needs("agents:write")]
_PATH: Final = "/api/actions"


async def _action_id(
    action_id: Annotated[str | None, Query(alias="id", max_length=200)] = None,
) -> UUID:
    return named_action(action_id)


def named_action(text: str | None) -> UUID:
    """Return the id of an action; raises InvalidInput without one, and NotFound."""
    if not text:
        raise InvalidInput("The id is missing; send it as ?id=", code="id_missing")
    value = parse_public_id(ACTION_PREFIX, text)
    if value is None:
        raise action_not_found()
    return value


ActionIdOf = Annotated[UUID, Depends(_action_id)]


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(route_class=bounded_route(settings.max_json_bytes), tags=["programmatic"])
    created = status.HTTP_201_CREATED
    told: dict[str, Any] = {"responses": ERRORS}
    router.add_api_route(_PATH, list_actions, **told)
    router.add_api_route(_PATH, add_action, methods=["POST"], status_code=created, **told)
    router.add_api_route(_PATH, change_action, methods=["PUT"], **told)
    router.add_api_route(_PATH, delete_action, methods=["DELETE"], **told)
    router.add_api_route(f"{_PATH}/test", call_action, methods=["POST"], **told)
    return router


async def list_actions(
    caller: Reader,
    projects: ProjectsOf,
    database: DatabaseOf,
    part: PartOf,
    project_id: ProjectFilter = None,
) -> ActionList:
    """List actions, oldest first."""
    chosen = await projects.ids(project_id)
    async with database.transaction(caller.account_id) as session:
        found, total = await service.part_of_actions(
            session, chosen, offset=part.offset, limit=part.limit
        )
    return ActionList(actions=[encode_action(one) for one in found], **part.of(total))


async def add_action(
    body: ActionIn,
    caller: Writer,
    projects: ProjectsOf,
    database: DatabaseOf,
    actions: ActionsOf,
) -> ActionBody:
    """Add an action. How many an account has depends on its plan."""
    project = await projects.one(body.project_id)
    patch = action_patch(body)
    async with database.transaction(caller.account_id) as session:
        return encode_action(
            await service.add_patched(session, actions.sealer, caller, project.id, patch)
        )


async def change_action(
    caller: Writer,
    action_id: ActionIdOf,
    body: ActionPatch,
    database: DatabaseOf,
    actions: ActionsOf,
) -> ActionBody:
    """Change an action: fields that are left out stay as they are."""
    patch = action_patch(body)
    async with database.transaction(caller.account_id) as session:
        return encode_action(
            await service.change_action(session, actions.sealer, caller, action_id, patch)
        )


async def delete_action(caller: Writer, action_id: ActionIdOf, database: DatabaseOf) -> Success:
    """Delete an action with its log."""
    async with database.transaction(caller.account_id) as session:
        await service.delete_action(session, caller, action_id)
    return Success()


async def call_action(
    caller: Writer,
    body: ActionTestIn,
    actions: ActionsOf,
    action_id: Annotated[str | None, Query(alias="id", max_length=200)] = None,
) -> ActionTestBody:
    """Call an action now and show what came back. Its id is in the query or in the body."""
    found = named_action(action_id or body.id)
    _, outcome = await actions.test(caller, found, body.parameters)
    return encode_test(outcome)
