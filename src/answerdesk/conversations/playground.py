"""The playground: what a visitor would be answered, and how that comes about; nothing is kept.

A question is decided as a visitor's message is (`reply/accept`), without a visitor, and answered as
in a conversation. No action is called: those that would be are named.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.limits.service import plan_of
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import Sender
from answerdesk.agents.actions.choosing import planned_for
from answerdesk.agents.actions.service import list_actions
from answerdesk.agents.actions.types import (
    ACTION_PREFIX,
    MOST_ACTIONS,
    Action,
    OfferedAction,
    PlannedAction,
    Step,
    Value,
)
from answerdesk.agents.language_models.service import find_usable_model
from answerdesk.agents.service import get_agent, get_desk
from answerdesk.agents.types import Desk
from answerdesk.answering.blocks import paragraphs
from answerdesk.answering.extractive.choose import LEAST_CONFIDENCE
from answerdesk.answering.service import Answering, decide_at_once
from answerdesk.answering.small_talk import Host
from answerdesk.answering.stateless import answer_stateless_whole
from answerdesk.answering.types import AnswerRequest, Exchange, HandOff, SmallTalk
from answerdesk.conversations.errors import agent_needed, cap_reached, playground_too_slow
from answerdesk.conversations.reply.acting import action_text
from answerdesk.conversations.reply.caps import count_for
from answerdesk.conversations.reply.repository.facts import HISTORY
from answerdesk.conversations.reply.repository.messages import NewAnswer
from answerdesk.conversations.reply.rules import is_for_a_person
from answerdesk.conversations.reply.tools import NamingTools
from answerdesk.conversations.reply.writers import NOBODY, Writer, Writers
from answerdesk.conversations.texts import language_of, passed_on
from answerdesk.core.database import Database
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.kit.redaction import without_cards

MOST_EXCHANGES: Final = 20

_CONSIDERED: Final = HISTORY // 2
"""Exchanges that count: as many as in a conversation."""

_LONGEST_SECONDS: Final = 75.0
"""How long an answer may take: a model's minute, and what comes before it."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A question to try.

    `model_id` writes the answer in place of the agent's model; `by_passages`: no model does.
    `threshold` is the confidence from which the passages answer, None the built-in one.
    """

    question: str
    history: tuple[Exchange, ...] = ()
    agent_id: UUID | None = None
    model_id: UUID | None = None
    by_passages: bool = False
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class NamedAction:
    """An action that a question is for: `call` stands for a call that would be made."""

    id: UUID
    name: str
    step: Step
    values: dict[str, Value]
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a visitor would be answered; `agent_id` would, if the project has an agent."""

    answer: NewAnswer
    agent_id: UUID | None
    threshold: float
    milliseconds: float
    actions: Sequence[NamedAction] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class _Setting:
    """Who answers a trial: the desk with the agent that is tried, and what the project offers."""

    desk: Desk
    actions: Sequence[Action]


class Playground:
    """Answers questions that somebody of the account tries.

    `plain` is `answering` without any model. `now` tells the time for office hours.
    """

    def __init__(
        self,
        database: Database,
        answering: Answering,
        plain: Answering,
        writers: Writers,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._answering = answering
        self._plain = plain
        self._writers = writers
        self._now = now

    async def ask(self, caller: Principal, project_id: ProjectId, trial: Trial) -> Tried:
        """Return what a visitor of a project would be answered. The caller must reach the project.

        Raises NotFound for an agent or a model that the project doesn't have, InvalidInput and
        Conflict for a model that nobody speaks with, NotPermitted for a reached cap on messages,
        Unavailable if it takes too long.
        """
        began = perf_counter()
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                tried = await self._ask(caller, project_id, trial)
        except TimeoutError:
            raise playground_too_slow() from None
        return replace(tried, milliseconds=round((perf_counter() - began) * 1000, 1))

    async def _ask(self, caller: Principal, project_id: ProjectId, trial: Trial) -> Tried:
        async with self._database.transaction(caller.account_id) as session:
            setting = await _setting(session, caller, project_id, trial)
        desk = setting.desk
        text = trial.question
        if desk.project.settings.privacy.mask_cards:
            text = without_cards(text)
        trial = replace(trial, question=text, history=trial.history[-_CONSIDERED:])
        answer, actions = self._decided(setting, trial)
        if answer is None:
            answer, actions = await self._answered(caller, desk, trial)
        return Tried(
            answer,
            None if desk.agent is None else desk.agent.id,
            LEAST_CONFIDENCE if trial.threshold is None else trial.threshold,
            0.0,
            actions,
        )

    def _decided(
        self, setting: _Setting, trial: Trial
    ) -> tuple[NewAnswer | None, Sequence[NamedAction]]:
        """Return what the question alone decides; None if the knowledge must."""
        desk, text = setting.desk, trial.question
        project = desk.project
        said = _said(trial)
        decision = decide_at_once(text)
        moment = self._now()
        if isinstance(decision, HandOff) or is_for_a_person(
            project.settings, text, None, moment, was_passed_on=False
        ):
            language = language_of(said, desk.languages)
            told = passed_on(project.settings, desk.hours, language, moment)
            return NewAnswer("hand_off", paragraphs(told), (), None, {}), ()
        offered = [OfferedAction(one.id, one.settings) for one in setting.actions]
        planned = planned_for(text, offered, None, verified=False)
        if planned is not None:
            name = next(one.name for one in setting.actions if one.id == planned.action_id)
            language = language_of(said, project.settings.languages)
            return _acted(planned, language), [_named(planned, name)]
        if decision is None:
            return None, ()
        language = language_of(said[:-1], project.settings.languages)
        talk = decide_at_once(text, Host(project=project.name, language=language))
        assert isinstance(talk, SmallTalk)  # noqa: S101  # The host only changes its words.
        return NewAnswer.of(talk), ()

    async def _answered(
        self, caller: Principal, desk: Desk, trial: Trial
    ) -> tuple[NewAnswer, Sequence[NamedAction]]:
        """Count the question as its caller's, and return what the knowledge answers."""
        project = desk.project
        sender = Sender(caller.account_id, project.id, caller.subject)
        async with self._database.transaction(caller.account_id) as session:
            reached = await count_for(session, sender, project, None)
        if reached is not None:
            raise cap_reached(reached.cap)
        writer = await self._writer(desk, sender, trial)
        request = AnswerRequest(
            caller.account_id,
            project.id,
            trial.question,
            trial.history,
            writer.guidance,
            redact=writer.redact,
            writing=writer.writing,
            threshold=trial.threshold,
        )
        answering = self._plain if trial.by_passages else self._answering
        decision = await answer_stateless_whole(answering, request, traced=True)
        tools = None if writer.writing is None else writer.writing.tools
        named = tools.named if isinstance(tools, NamingTools) else ()
        actions = [
            NamedAction(one.action.id, one.action.name, "call", dict(one.values)) for one in named
        ]
        return NewAnswer.of(decision), actions

    async def _writer(self, desk: Desk, sender: Sender, trial: Trial) -> Writer:
        if trial.by_passages or desk.agent is None:
            return NOBODY
        return await self._writers.of_trial(
            desk.agent, desk.project, sender, _said(trial), trial.model_id
        )


async def _setting(
    session: AsyncSession, caller: Principal, project_id: ProjectId, trial: Trial
) -> _Setting:
    desk = await get_desk(session, project_id)
    if trial.agent_id is not None:
        desk = replace(desk, agent=await get_agent(session, project_id, trial.agent_id))
    if trial.model_id is not None:
        await find_usable_model(session, caller, project_id, trial.model_id)
        if desk.agent is None:
            raise agent_needed()
    if not (await plan_of(session, caller.account_id)).has("custom_actions"):
        return _Setting(desk, ())
    found = await list_actions(session, project_id, None, MOST_ACTIONS)
    return _Setting(desk, [one for one in found if one.settings.enabled and one.settings.triggers])


def _said(trial: Trial) -> list[str]:
    return [*(one.question for one in trial.history), trial.question]


def _acted(planned: PlannedAction, language: str) -> NewAnswer:
    """Return what an action's step says; a call says nothing, since nobody makes it."""
    trace = {"action": public_id(ACTION_PREFIX, planned.action_id), "step": planned.step}
    said = "" if planned.step == "call" else action_text(planned.step, language, planned.wanted)
    return NewAnswer("act", paragraphs(said), (), None, trace)


def _named(planned: PlannedAction, name: str) -> NamedAction:
    return NamedAction(
        planned.action_id, name, planned.step, dict(planned.parameters), planned.wanted
    )
