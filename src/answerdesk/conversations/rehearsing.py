"""Rehearses a question: what a visitor would be answered to it, of which nothing is kept.

The playground and the suggestions of replies share it. No action is called: those that would be are
named.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar
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
from answerdesk.agents.types import Desk
from answerdesk.answering.blocks import paragraphs
from answerdesk.answering.service import Answering, decide_at_once
from answerdesk.answering.small_talk import Host
from answerdesk.answering.stateless import answer_stateless_whole
from answerdesk.answering.types import Abstain, AnswerRequest, Exchange, SmallTalk
from answerdesk.conversations.errors import answer_too_slow, cap_reached
from answerdesk.conversations.reply.acting import action_text
from answerdesk.conversations.reply.caps import count_for
from answerdesk.conversations.reply.repository.facts import HISTORY
from answerdesk.conversations.reply.repository.messages import NewAnswer
from answerdesk.conversations.reply.tools import NamingTools
from answerdesk.conversations.reply.writers import NOBODY, Writer, Writers
from answerdesk.conversations.texts import language_of
from answerdesk.core.database import Database
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.kit.redaction import without_cards

_CONSIDERED: Final = HISTORY // 2
"""Exchanges that count: as many as in a conversation."""

_LONGEST_SECONDS: Final = 75.0
"""How long an answer may take: a model's minute, and what comes before it."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A question with everything that decides how it is answered.

    `desk` has the agent that speaks, `actions` are what a message can call. It is counted as a
    message of `caller`. `model_id` writes the answer in place of the agent's model; `by_passages`:
    no model does. `threshold` is the confidence from which the passages answer, None the built-in
    one. `numbered`: a model's sentences get the numbers of their sources.
    """

    caller: Principal
    desk: Desk
    actions: Sequence[Action]
    question: str
    history: tuple[Exchange, ...] = ()
    model_id: UUID | None = None
    by_passages: bool = False
    threshold: float | None = None
    numbered: bool = True

    @property
    def said(self) -> list[str]:
        """What the visitor wrote, newest last."""
        return [*(one.question for one in self.history), self.question]

    @property
    def considered(self) -> "Rehearsal":
        """The same with what counts of it, and without cards where they are masked."""
        masks = self.desk.project.settings.privacy.mask_cards
        question = without_cards(self.question) if masks else self.question
        return replace(self, question=question, history=self.history[-_CONSIDERED:])


@dataclass(frozen=True, slots=True)
class NamedAction:
    """An action that a question is for: `call` stands for a call that would be made."""

    id: UUID
    name: str
    step: Step
    values: dict[str, Value]
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a visitor would be answered; `topics` are the nearest ones if the knowledge has none."""

    answer: NewAnswer
    actions: Sequence[NamedAction] = field(default_factory=tuple)
    topics: tuple[str, ...] = ()


class Rehearsing:
    """Answers questions of which nothing is kept; `plain` is `answering` without any model."""

    def __init__(
        self, database: Database, answering: Answering, plain: Answering, writers: Writers
    ) -> None:
        self._database = database
        self._answering = answering
        self._plain = plain
        self._writers = writers

    async def answer(self, rehearsal: Rehearsal) -> Rehearsed:
        """Return what a visitor would be answered. The question must not ask for a person.

        Raises NotPermitted for a reached cap on messages, Conflict for a model that nobody speaks
        with.
        """
        rehearsal = rehearsal.considered
        return _at_once(rehearsal) or await self._looked_up(rehearsal)

    async def _looked_up(self, rehearsal: Rehearsal) -> Rehearsed:
        """Count the question as its caller's, and return what the knowledge answers."""
        caller, project = rehearsal.caller, rehearsal.desk.project
        sender = Sender(caller.account_id, project.id, caller.subject)
        async with self._database.transaction(caller.account_id) as session:
            reached = await count_for(session, sender, project, None)
        if reached is not None:
            raise cap_reached(reached.cap)
        writer = await self._writer(rehearsal, sender)
        request = AnswerRequest(
            caller.account_id,
            project.id,
            rehearsal.question,
            rehearsal.history,
            writer.guidance,
            redact=writer.redact,
            writing=writer.writing,
            threshold=rehearsal.threshold,
        )
        answering = self._plain if rehearsal.by_passages else self._answering
        decision = await answer_stateless_whole(answering, request, traced=True)
        tools = None if writer.writing is None else writer.writing.tools
        named = tools.named if isinstance(tools, NamingTools) else ()
        return Rehearsed(
            NewAnswer.of(decision),
            [NamedAction(one.action.id, one.action.name, "call", {**one.values}) for one in named],
            decision.topics if isinstance(decision, Abstain) else (),
        )

    async def _writer(self, rehearsal: Rehearsal, sender: Sender) -> Writer:
        desk = rehearsal.desk
        if rehearsal.by_passages or desk.agent is None:
            return NOBODY
        return await self._writers.of_trial(
            desk.agent,
            desk.project,
            sender,
            rehearsal.said,
            rehearsal.model_id,
            numbered=rehearsal.numbered,
        )


async def in_time(work: Coroutine[Any, Any, _T]) -> _T:
    """Return what `work` returns; raises Unavailable if it takes too long."""
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            return await work
    except TimeoutError:
        raise answer_too_slow() from None


async def callable_actions(
    session: AsyncSession, caller: Principal, project_id: ProjectId
) -> Sequence[Action]:
    """Return the actions that a visitor's message can call in a project."""
    if not (await plan_of(session, caller.account_id)).has("custom_actions"):
        return ()
    found = await list_actions(session, project_id, None, MOST_ACTIONS)
    return [one for one in found if one.settings.enabled and one.settings.triggers]


def _at_once(rehearsal: Rehearsal) -> Rehearsed | None:
    """Return what the question alone decides; None if the knowledge must."""
    project, text = rehearsal.desk.project, rehearsal.question
    languages = project.settings.languages
    offered = [OfferedAction(one.id, one.settings) for one in rehearsal.actions]
    planned = planned_for(text, offered, None, verified=False)
    if planned is not None:
        name = next(one.name for one in rehearsal.actions if one.id == planned.action_id)
        answer = _acted(planned, language_of(rehearsal.said, languages))
        return Rehearsed(answer, [_named(planned, name)])
    language = language_of(rehearsal.said[:-1], languages)
    talk = decide_at_once(text, Host(project=project.name, language=language))
    return Rehearsed(NewAnswer.of(talk)) if isinstance(talk, SmallTalk) else None


def _acted(planned: PlannedAction, language: str) -> NewAnswer:
    """Return what an action's step says; a call says nothing, since nobody makes it."""
    trace = {"action": public_id(ACTION_PREFIX, planned.action_id), "step": planned.step}
    said = "" if planned.step == "call" else action_text(planned.step, language, planned.wanted)
    return NewAnswer("act", paragraphs(said), (), None, trace)


def _named(planned: PlannedAction, name: str) -> NamedAction:
    return NamedAction(
        planned.action_id, name, planned.step, dict(planned.parameters), planned.wanted
    )
