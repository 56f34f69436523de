"""The actions that a model may call for one question, with the visitor's own rights."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from answerdesk.agents.actions.calling import Actions
from answerdesk.agents.actions.tools import ActionTool, values_for
from answerdesk.agents.actions.types import (
    ACTION_PREFIX,
    CALL_PREFIX,
    Action,
    PlannedAction,
    Value,
)
from answerdesk.answering.writing import ToolResult
from answerdesk.conversations.reply.acting import action_text, prepared_call
from answerdesk.conversations.texts import language_of
from answerdesk.conversations.types import MESSAGE_PREFIX, Question
from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput, RateLimited
from answerdesk.core.tenancy import public_id
from answerdesk.projects.types import Project
from answerdesk.providers.chat_model import Tool, ToolCall

_NOT_CALLED: Final = (
    "This is a trial in which no function is called, so that nothing is known of the result."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that may be made: its action, the values to send, and details for the owner."""

    action: Action
    values: Mapping[str, Value]
    trace: Mapping[str, object]


class Offer:
    """What a model may call for one question; `said` is what the visitor wrote, newest last.

    `verified` tells whether the visitor has proved who they are.
    """

    def __init__(
        self, tools: Sequence[ActionTool], said: Sequence[str], language: str, *, verified: bool
    ) -> None:
        self._tools = {one.tool.name: one.action for one in tools}
        self._said = said
        self._verified = verified
        self.language = language
        self.tools: Sequence[Tool] = tuple(one.tool for one in tools)

    def read(self, call: ToolCall) -> Wanted | ToolResult:
        """Return what a model wants, or why it doesn't get it."""
        action = self._tools.get(call.name)
        if action is None:
            return ToolResult("refused", "There is no such function.")
        trace: dict[str, object] = {"action": public_id(ACTION_PREFIX, action.id)}
        if action.settings.needs_identity and not self._verified:
            said = action_text("log_in", self.language)
            return ToolResult("log_in", said, action.name, trace)
        try:
            values = values_for(action.settings.parameters, call.arguments, self._said)
        except InvalidInput as error:
            return ToolResult("refused", f"Not called: {error.message}.", action.name, trace)
        return Wanted(action, values, {**trace, "arguments": dict(values)})


class NamingTools:
    """Calls nothing: `named` has what would have been called."""

    def __init__(self, offer: Offer) -> None:
        self._offer = offer
        self.offered: Sequence[Tool] = offer.tools
        self.named: list[Wanted] = []

    async def call(self, call: ToolCall, seconds: float) -> ToolResult:
        """Note a call."""
        del seconds
        wanted = self._offer.read(call)
        if isinstance(wanted, ToolResult):
            return wanted
        self.named.append(wanted)
        return ToolResult("would_call", _NOT_CALLED, wanted.action.name, wanted.trace)


class QuestionTools:
    """The actions for one question; `said` is what the visitor has written, newest last.

    `counted` is the visitor, or else the conversation, that the calls are counted for.
    """

    def __init__(
        self,
        database: Database,
        actions: Actions,
        question: Question,
        project: Project,
        tools: Sequence[ActionTool],
        said: Sequence[str],
        counted: UUID,
    ) -> None:
        self._database = database
        self._actions = actions
        self._question = question
        self._counted = counted
        self._language = language_of(said, project.settings.languages)
        self._offer = Offer(tools, said, self._language, verified=question.verified)
        self.offered: Sequence[Tool] = self._offer.tools

    async def call(self, call: ToolCall, seconds: float) -> ToolResult:
        """Make a call, within so many seconds. Whatever is wrong with it is its result."""
        wanted = self._offer.read(call)
        if isinstance(wanted, ToolResult):
            return wanted
        try:
            await self._actions.take(self._counted)
        except RateLimited:
            said = action_text("too_often", self._language)
            return ToolResult("too_often", said, wanted.action.name, wanted.trace)
        return await self._called(wanted, seconds)

    async def _called(self, wanted: Wanted, seconds: float) -> ToolResult:
        name, trace = wanted.action.name, wanted.trace
        planned = PlannedAction(
            wanted.action.id, "call", wanted.values, verified=self._question.verified
        )
        account_id = self._question.account_id
        key = _key(self._question, planned)
        async with self._database.transaction(account_id) as session:
            # Its owner may have changed it since it was offered.
            prepared = await prepared_call(
                self._actions, session, self._question, planned, key, only_reads=True
            )
        failed = action_text("failed", self._language)
        if prepared is None:
            return ToolResult("failed", failed, name, {**trace, "error": "not_called"})
        outcome = await self._actions.send(prepared, seconds)
        async with self._database.transaction(account_id) as session:
            await self._actions.record(session, prepared, outcome)
        told = {
            **trace,
            "call": public_id(CALL_PREFIX, prepared.call_id),
            "milliseconds": outcome.milliseconds,
            "error": outcome.error,
        }
        if outcome.text is None:
            return ToolResult("failed", prepared.settings.fallback or failed, name, told)
        return ToolResult("called", outcome.text, name, told)


def _key(question: Question, planned: PlannedAction) -> str:
    """Return the key of a call: the same if a turn that is taken over makes the same call."""
    what = json.dumps([str(planned.action_id), dict(planned.parameters)], sort_keys=True)
    digest = hashlib.sha256(what.encode()).hexdigest()[:16]
    return f"{public_id(MESSAGE_PREFIX, question.message_id)}_{digest}"
