"""What the endpoints of actions need: the action named in a path, and what calls actions."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from answerdesk.agents.actions.calling import Actions
from answerdesk.agents.actions.errors import action_not_found
from answerdesk.agents.actions.types import ACTION_PREFIX
from answerdesk.core.tenancy import parse_public_id


async def _actions(request: Request) -> Actions:
    actions: Actions = request.app.state.application.actions
    return actions


ActionsOf = Annotated[Actions, Depends(_actions)]


async def _action_id(action_id: str) -> UUID:
    value = parse_public_id(ACTION_PREFIX, action_id)
    if value is None:
        raise action_not_found()
    return value


ActionIdOf = Annotated[UUID, Depends(_action_id)]
"""The action id in a path, which may be anybody's."""
