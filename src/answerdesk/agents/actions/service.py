"""Actions: find, list, add, change and delete them."""

import json
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.limits.service import consume, plan_of
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.secrets import delete_secret, get_secret, put_secret
from answerdesk.agents.actions import errors
from answerdesk.agents.actions.repository import actions as repository
from answerdesk.agents.actions.repository import calls
from answerdesk.agents.actions.types import (
    ACTION_PREFIX,
    MOST_ACTIONS,
    MOST_HEADERS,
    NAME_LENGTH,
    Action,
    ActionSettings,
    Call,
)
from answerdesk.core import faults
from answerdesk.core.crypto import Sealer
from answerdesk.core.errors import InvalidInput, require_version
from answerdesk.core.outbound import HeaderRefused
from answerdesk.core.outbound.headers import require_sendable
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.kit.merge_patch import merge_patch
from answerdesk.projects.types import PROJECT_PREFIX

OFFERED: Final = repository.OFFERED
read_offered = repository.read_offered

_HEADERS: Final = "action_headers"
"""The name of the secret that has an action's headers."""
_RESERVED: Final = ("answerdesk-", "content-type", "idempotency-key")
_HEADER_LENGTH: Final = 2000
_ERASED_AT_ONCE: Final = 500


async def find_action(
    session: AsyncSession, caller: Principal, action_id: UUID, *, lock: bool = False
) -> Action:
    """Return an action that the caller may reach; raises NotFound."""
    action = await repository.find(session, action_id, lock=lock)
    if action is None or (caller.projects is not None and action.project_id not in caller.projects):
        raise errors.action_not_found()
    return action


async def list_actions(
    session: AsyncSession, project_id: ProjectId, after: repository.Place, limit: int
) -> Sequence[Action]:
    """Return a project's actions behind `after`, oldest first."""
    return await repository.list_after(session, project_id, after, limit)


async def part_of_actions(
    session: AsyncSession, projects: Collection[ProjectId], *, offset: int, limit: int
) -> tuple[Sequence[Action], int]:
    """Return actions of several projects, oldest first, and the number of all of them."""
    return await repository.part(session, projects, offset=offset, limit=limit)


async def add_action(
    session: AsyncSession,
    sealer: Sealer,
    caller: Principal,
    project_id: ProjectId,
    name: str,
    settings: ActionSettings,
    headers: Mapping[str, str],
) -> Action:
    """Add an action to a project that the caller may reach.

    Raises NotPermitted if the plan doesn't include actions, LimitReached, Conflict, InvalidInput.
    """
    name, headers = _checked_name(name), _checked_headers(headers)
    if not (await plan_of(session, caller.account_id)).has("custom_actions"):
        raise errors.actions_not_in_plan()
    await consume(session, caller.account_id, "actions")
    await repository.raise_version(session, project_id)
    if await repository.count(session, [project_id]) >= MOST_ACTIONS:
        raise errors.too_many_actions()
    action = await repository.add(session, project_id, name, settings, sorted(headers))
    if headers:
        await put_secret(session, sealer, action.id, _HEADERS, json.dumps(headers).encode())
    await _audit(session, caller, "action.created", action)
    return action


async def add_patched(
    session: AsyncSession,
    sealer: Sealer,
    caller: Principal,
    project_id: ProjectId,
    patch: Mapping[str, Any],
) -> Action:
    """Add an action that is given as a change of one with nothing set; raises as `add_action`."""
    of_settings = dict(patch)
    name, headers = of_settings.pop("name", ""), of_settings.pop("headers", {})
    kept = {key: value for key, value in headers.items() if value is not None}
    settings = _patched({}, of_settings)
    return await add_action(session, sealer, caller, project_id, name, settings, kept)


async def change_action(
    session: AsyncSession,
    sealer: Sealer,
    caller: Principal,
    action_id: UUID,
    patch: Mapping[str, Any],
    expected: AbstractSet[int] | None = None,
) -> Action:
    """Change an action by a merge patch of its name, settings and `headers`.

    Raises NotFound, InvalidInput naming each invalid field, and PreconditionFailed if the action's
    version is not in `expected`.
    """
    found = await find_action(session, caller, action_id)
    await repository.raise_version(session, found.project_id)
    action = await find_action(session, caller, action_id, lock=True)
    require_version(action.version, expected)
    of_settings = dict(patch)
    name = _checked_name(of_settings.pop("name", action.name))
    given: Mapping[str, str | None] = of_settings.pop("headers", None) or {}
    settings = _patched(action.settings.model_dump(mode="json"), of_settings)
    before = await headers_of(session, sealer, action)
    named = {key.lower() for key in given}
    kept = {key: value for key, value in before.items() if key.lower() not in named}
    if kept and _host(settings.url) != _host(action.settings.url):
        raise errors.headers_needed_again()
    new = {key: value for key, value in given.items() if value is not None}
    headers = _checked_headers({**kept, **new})
    if (name, settings, headers) == (action.name, action.settings, before):
        return action
    if headers:
        await put_secret(session, sealer, action.id, _HEADERS, json.dumps(headers).encode())
    else:
        await delete_secret(session, action.id, _HEADERS)
    changed = await repository.change(session, action.id, name, settings, sorted(headers))
    await _audit(session, caller, "action.changed", changed)
    return changed


async def delete_action(
    session: AsyncSession,
    caller: Principal,
    action_id: UUID,
    expected: AbstractSet[int] | None = None,
) -> None:
    """Delete an action with its log; raises NotFound and PreconditionFailed."""
    found = await find_action(session, caller, action_id)
    await repository.raise_version(session, found.project_id)
    action = await find_action(session, caller, action_id, lock=True)
    require_version(action.version, expected)
    await repository.delete(session, [action.id])
    await _audit(session, caller, "action.deleted", action)


async def list_calls(
    session: AsyncSession, caller: Principal, action_id: UUID, after: repository.Place, limit: int
) -> Sequence[Call]:
    """Return an action's calls behind `after`, newest first; raises NotFound."""
    action = await find_action(session, caller, action_id)
    return await calls.list_after(session, action.id, after, limit)


async def headers_of(session: AsyncSession, sealer: Sealer, action: Action) -> Mapping[str, str]:
    """Return the headers that an action sends, with their secret values."""
    if not action.header_names:
        return {}
    stored = await get_secret(session, sealer, action.id, _HEADERS)
    headers: Mapping[str, str] = {} if stored is None else json.loads(stored)
    return headers


async def erase_actions(session: AsyncSession, project_id: ProjectId) -> int:
    """Remove some rows of a deleted project, with what is sealed for them; return how many."""
    gone = await calls.erase_some(session, project_id, _ERASED_AT_ONCE)
    if gone:
        return gone
    ids = await repository.some_of(session, project_id, _ERASED_AT_ONCE)
    if ids:
        await repository.delete(session, ids)
    return len(ids)


def _patched(before: Mapping[str, Any], patch: Mapping[str, Any]) -> ActionSettings:
    try:
        return ActionSettings.model_validate(merge_patch(before, patch))
    except ValidationError as error:
        raise InvalidInput(faults.describe(error.errors(), model=ActionSettings)) from error


def _checked_name(name: object) -> str:
    name = str(name).strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise InvalidInput(f"An action's name must have 1 to {NAME_LENGTH} characters", code="name")
    return name


def _checked_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    if len(headers) > MOST_HEADERS:
        raise errors.header_refused(f"an action sends at most {MOST_HEADERS}")
    if len({name.lower() for name in headers}) < len(headers):
        raise errors.header_refused("two have the same name")
    for name, value in headers.items():
        if name.lower().startswith(_RESERVED):
            raise errors.header_refused(f"{name} is set by us")
        if len(value) > _HEADER_LENGTH:
            raise errors.header_refused(f"{name} is longer than {_HEADER_LENGTH:,} characters")
    try:
        require_sendable(headers)
    except HeaderRefused as error:
        raise errors.header_refused(error.message) from error
    return headers


def _host(url: str) -> tuple[str, str]:
    split = urlsplit(url)
    return split.scheme.lower(), split.netloc.lower()


async def _audit(session: AsyncSession, caller: Principal, action: str, changed: Action) -> None:
    target = public_id(ACTION_PREFIX, changed.id)
    project_id = public_id(PROJECT_PREFIX, changed.project_id)
    told = {"project_id": project_id, "name": changed.name}
    await record_audit(session, caller, action, "action", target, told)
