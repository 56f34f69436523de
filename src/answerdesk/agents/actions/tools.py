"""Actions as a model's tools: how they are described to it, and what it may send with a call.

What a model asks for may have been dictated by a page. So it gets only actions that read, and each
value has to be one that the visitor has written, or one of the owner's choices.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.limits.service import plan_of
from answerdesk.agents.actions import errors
from answerdesk.agents.actions.calling import checked_values
from answerdesk.agents.actions.finding import as_said, found_in
from answerdesk.agents.actions.repository import actions as repository
from answerdesk.agents.actions.types import ACTION_PREFIX, Action, Parameter, Value
from answerdesk.core.tenancy import ProjectId, parse_public_id
from answerdesk.kit.redaction import CARD, EMAIL, PHONE
from answerdesk.providers.chat_model import Tool

_LONGEST_ARGUMENTS: Final = 4000
_LONGEST_NAME: Final = 48
_HIDDEN: Final = (EMAIL, PHONE, CARD)
_NO_NAME: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class ActionTool:
    """An action, and what a model is told of it."""

    action: Action
    tool: Tool


async def require_callable(
    session: AsyncSession, project_id: ProjectId, named: Collection[str]
) -> None:
    """Raise InvalidInput unless models of the project may call these actions, by public id."""
    ids = {one: parse_public_id(ACTION_PREFIX, one) for one in named}
    known = await repository.find_some(
        session, project_id, [one for one in ids.values() if one is not None]
    )
    callable_ = {action.id: action.only_reads for action in known}
    for name, action_id in ids.items():
        if action_id not in callable_:
            raise errors.action_unknown(name)
        if not callable_[action_id]:
            raise errors.action_changes_something(name)


async def action_tools(
    session: AsyncSession, project_id: ProjectId, named: Collection[str]
) -> Sequence[ActionTool]:
    """Return the tools for a model that may call these actions, by public id.

    None for an account whose plan has no actions. Those that are gone, disabled or no longer read
    only are left out.
    """
    ids: list[UUID] = []
    for one in named:
        action_id = parse_public_id(ACTION_PREFIX, one)
        if action_id is not None:
            ids.append(action_id)
    found = [
        action
        for action in await repository.find_some(session, project_id, ids)
        if action.settings.enabled and action.only_reads
    ]
    if not found or not (await plan_of(session, found[0].account_id)).has("custom_actions"):
        return ()
    return described(found)


def described(actions: Sequence[Action]) -> Sequence[ActionTool]:
    """Describe actions to a model, each with a name of its own."""
    tools: dict[str, ActionTool] = {}
    for action in actions:
        plain = _NO_NAME.sub("_", action.name.lower()).strip("_")[:_LONGEST_NAME] or "action"
        name, number = plain, 1
        while name in tools:
            number += 1
            name = f"{plain}_{number}"
        settings = action.settings
        description = ". ".join(filter(None, (action.name, settings.description)))
        schema: dict[str, object] = {
            "type": "object",
            "properties": {one.name: _property(one) for one in settings.parameters},
            "required": [one.name for one in settings.parameters if one.required],
        }
        tools[name] = ActionTool(action, Tool(name, description, schema))
    return tuple(tools.values())


def _property(parameter: Parameter) -> dict[str, object]:
    told: dict[str, object] = {"type": parameter.type, "description": parameter.wanted}
    if parameter.choices:
        told["enum"] = list(parameter.choices)
    return told


def values_for(
    parameters: Sequence[Parameter], arguments: str, said: Sequence[str]
) -> Mapping[str, Value]:
    """Return the values of a model's call; `said` is what the visitor has written, newest last.

    Raises InvalidInput, in words for the model, for arguments that are none, are missing, or are
    not the visitor's.
    """
    if len(arguments) > _LONGEST_ARGUMENTS:
        raise errors.parameters_invalid("they are too long")
    try:
        given = json.loads(arguments or "{}")
    except (ValueError, RecursionError) as error:
        raise errors.parameters_invalid("they are not valid JSON") from error
    if not isinstance(given, dict):
        raise errors.parameters_invalid("they are not a JSON object")
    by_name = {one.name: one for one in parameters}
    given = {
        name: _plain(by_name[name], value, said) if name in by_name else value
        for name, value in given.items()
    }
    values = checked_values(parameters, given)
    return {name: _visitors(by_name[name], value, said) for name, value in values.items()}


def _plain(parameter: Parameter, value: object, said: Sequence[str]) -> object:
    """Return a value as it was meant: models write numbers for texts, and can't see addresses."""
    if parameter.type != "string":
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        # A number of thousands of digits is not written out.
        return str(value) if abs(value) < 10**15 else value
    if value in _HIDDEN:
        for text in reversed(said):
            found = found_in(text, [parameter])
            if found:
                return found[parameter.name]
    return value


def _visitors(parameter: Parameter, value: Value, said: Sequence[str]) -> Value:
    """Return a value as the visitor wrote it; raises InvalidInput if that never happened."""
    if isinstance(value, bool) or value in parameter.choices:
        return value
    if not parameter.choices:
        for text in reversed(said):
            found = as_said(parameter, value, text)
            if found is not None:
                return found
    raise errors.parameters_invalid(
        f"the visitor has not written this value of {parameter.name}; ask for "
        f"{parameter.wanted} instead"
    )
