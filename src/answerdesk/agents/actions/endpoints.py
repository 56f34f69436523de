"""The native API of actions."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.agents.actions import service
from answerdesk.agents.actions.calling import SentRequest
from answerdesk.agents.actions.dependencies import ActionIdOf, ActionsOf
from answerdesk.agents.actions.types import (
    ACTION_PREFIX,
    CALL_PREFIX,
    CONVERSATION_PREFIX,
    MOST_HEADERS,
    NAME_LENGTH,
    Action,
    ActionSettings,
    Call,
    Outcome,
    Value,
)
from answerdesk.agents.dependencies import ProjectRead, ProjectWrite, Reader, Writer
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.etag import ReadTagOf, WriteTagOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import CleanText, FilledText
from answerdesk.projects.types import PROJECT_PREFIX

_Given = Annotated[CleanText, Field(max_length=1000)] | int | float | bool

_SENT: Final = "Headers to send, such as `Authorization`. Their values are never shown again."


class ActionIn(ActionSettings):
    """An action to add."""

    name: FilledText = Field(max_length=NAME_LENGTH)
    headers: dict[CleanText, CleanText] = Field(
        default_factory=dict, max_length=MOST_HEADERS, description=_SENT
    )

    def settings(self) -> ActionSettings:
        return ActionSettings.model_validate(self.model_dump(exclude={"name", "headers"}))


class ActionPatch(BaseModel):
    """Changes to an action, as a JSON merge patch (RFC 7396): omitted fields stay unchanged.

    Null resets a field to its default. In `headers`, omitted ones stay, and null removes one.
    """

    model_config = ConfigDict(extra="forbid")

    name: FilledText = Field(default_factory=str, max_length=NAME_LENGTH)
    description: str | None = None
    url: str = Field(default_factory=str)
    method: str | None = None
    parameters: list[dict[str, Any]] | None = None
    triggers: list[str] | None = None
    answer: str | None = None
    fallback: str | None = None
    needs_identity: bool | None = None
    enabled: bool | None = None
    headers: dict[CleanText, CleanText | None] = Field(
        default_factory=dict, max_length=2 * MOST_HEADERS, description=_SENT
    )


class ActionOut(ActionSettings):
    """An action. `headers` are the names of those that it sends; `version` rises with changes."""

    id: str
    project_id: str
    name: str
    headers: list[str]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, action: Action) -> "ActionOut":
        return cls(
            **action.settings.model_dump(),
            id=public_id(ACTION_PREFIX, action.id),
            project_id=public_id(PROJECT_PREFIX, action.project_id),
            name=action.name,
            headers=list(action.header_names),
            version=action.version,
            created_at=action.created_at,
            updated_at=action.updated_at,
        )


class ActionList(Listing[ActionOut]):
    """A project's actions, oldest first."""


class ActionTestIn(BaseModel):
    """The values to call an action with."""

    model_config = ConfigDict(extra="forbid")

    parameters: dict[
        CleanText, Annotated[CleanText, Field(max_length=1000)] | int | float | bool
    ] = Field(default_factory=dict, max_length=100, examples=[{"order": "A-1234"}])


class SentOut(BaseModel):
    """What was sent; of the headers only the names."""

    method: str
    url: str
    headers: list[str]
    body: str | None


class _CameBack(BaseModel):
    status: int | None
    milliseconds: int | None
    response: str | None = Field(
        description="The beginning of the response, without e-mail addresses, phone and card "
        "numbers."
    )
    error: str | None = Field(description="Why it failed; null if it did not.")


class ActionTestOut(_CameBack):
    """What was sent, what came back, and what a visitor would read."""

    request: SentOut
    answer: str | None = Field(description="Null if the call failed: the fallback is told then.")

    @classmethod
    def of(cls, sent: SentRequest, outcome: Outcome) -> "ActionTestOut":
        return cls(
            request=SentOut(
                method=sent.method, url=sent.url, headers=list(sent.headers), body=sent.body
            ),
            answer=outcome.text,
            status=outcome.status,
            milliseconds=outcome.milliseconds,
            response=outcome.response,
            error=outcome.error,
        )


class CallOut(_CameBack):
    """A call. Without `milliseconds` it is being made, or a crash interrupted it."""

    id: str
    conversation_id: str | None = Field(description="Null for a test.")
    begun_at: datetime
    parameters: dict[str, Value]

    @classmethod
    def of(cls, call: Call) -> "CallOut":
        conversation_id = call.conversation_id
        return cls(
            id=public_id(CALL_PREFIX, call.id),
            conversation_id=None
            if conversation_id is None
            else public_id(CONVERSATION_PREFIX, conversation_id),
            begun_at=call.begun_at,
            parameters=dict(call.parameters),
            status=call.status,
            milliseconds=call.milliseconds,
            response=call.response,
            error=call.error,
        )


class CallList(Listing[CallOut]):
    """An action's calls of the last 30 days, newest first."""


_PLACE: Final = (datetime, UUID)
"""The sort key of the lists: a time and an id."""


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(tags=["agents"], route_class=bounded_route(settings.max_json_bytes))
    every = "/v1/projects/{project_id}/actions"
    one = "/v1/actions/{action_id}"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    known = problems(404)
    router.add_api_route(every, list_actions)
    router.add_api_route(
        every, add_action, methods=["POST"], status_code=created, responses=problems(403, 409)
    )
    router.add_api_route(one, get_action, responses=known)
    router.add_api_route(one, change_action, methods=["PATCH"], responses=known)
    router.add_api_route(one, delete_action, methods=["DELETE"], status_code=gone, responses=known)
    router.add_api_route(f"{one}/test", test_action, methods=["POST"], responses=known)
    router.add_api_route(f"{one}/calls", list_calls, responses=known)
    return router


async def list_actions(
    project: ProjectRead, caller: Reader, page: PagingOf, database: DatabaseOf
) -> ActionList:
    """List a project's actions, oldest first."""
    name = f"actions:{project.id}"
    place = page.after(name, *_PLACE)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_actions(session, project.id, place, page.fetch)
    shown, cursor = page.cut(name, found, lambda one: (one.created_at, one.id))
    return ActionList(items=[ActionOut.of(one) for one in shown], next_cursor=cursor)


async def add_action(
    body: ActionIn,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    actions: ActionsOf,
    writing: WriteTagOf,
) -> ActionOut:
    """Add an action. How many an account has depends on its plan; a project has at most 50."""
    async with database.transaction(caller.account_id) as session:
        action = await service.add_action(
            session, actions.sealer, caller, project.id, body.name, body.settings(), body.headers
        )
    writing.tell(action.version)
    return ActionOut.of(action)


async def get_action(
    caller: Reader, action_id: ActionIdOf, database: DatabaseOf, reading: ReadTagOf
) -> ActionOut:
    """Show one action."""
    async with database.transaction(caller.account_id) as session:
        action = await service.find_action(session, caller, action_id)
    reading.tell(action.version)
    return ActionOut.of(action)


async def change_action(
    caller: Writer,
    action_id: ActionIdOf,
    body: ActionPatch,
    database: DatabaseOf,
    actions: ActionsOf,
    writing: WriteTagOf,
) -> ActionOut:
    """Change an action, field by field.

    If the address leads to another host, the values of all headers have to be sent again.
    """
    patch = body.model_dump(exclude_unset=True)
    async with database.transaction(caller.account_id) as session:
        action = await service.change_action(
            session, actions.sealer, caller, action_id, patch, writing.expected
        )
    writing.tell(action.version)
    return ActionOut.of(action)


async def delete_action(
    caller: Writer, action_id: ActionIdOf, database: DatabaseOf, writing: WriteTagOf
) -> None:
    """Delete an action with its log."""
    async with database.transaction(caller.account_id) as session:
        await service.delete_action(session, caller, action_id, writing.expected)


async def test_action(
    caller: Writer, action_id: ActionIdOf, body: ActionTestIn, actions: ActionsOf
) -> ActionTestOut:
    """Call an action now, enabled or not, and show what was sent and what came back.

    At most 10 tests of one action are made in a minute.
    """
    return ActionTestOut.of(*await actions.test(caller, action_id, body.parameters))


async def list_calls(
    caller: Reader, action_id: ActionIdOf, page: PagingOf, database: DatabaseOf
) -> CallList:
    """List an action's calls of the last 30 days, tests included, newest first."""
    name = f"action calls:{action_id}"
    place = page.after(name, *_PLACE)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_calls(session, caller, action_id, place, page.fetch)
    shown, cursor = page.cut(name, found, lambda one: (one.begun_at, one.id))
    return CallList(items=[CallOut.of(one) for one in shown], next_cursor=cursor)
