"""The playground: what a visitor would be answered, and how that comes about; nothing is kept.

A question is decided as a visitor's message is (`reply/accept`), without a visitor, and answered as
in a conversation (`rehearsing`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.principal import Principal
from answerdesk.agents.language_models.service import find_usable_model
from answerdesk.agents.service import get_agent, get_desk
from answerdesk.answering.blocks import paragraphs
from answerdesk.answering.extractive.choose import LEAST_CONFIDENCE
from answerdesk.answering.service import decide_at_once
from answerdesk.answering.types import Exchange, HandOff
from answerdesk.conversations.errors import agent_needed
from answerdesk.conversations.rehearsing import (
    NamedAction,
    Rehearsal,
    Rehearsed,
    Rehearsing,
    callable_actions,
    in_time,
)
from answerdesk.conversations.reply.repository.messages import NewAnswer
from answerdesk.conversations.reply.rules import is_for_a_person
from answerdesk.conversations.texts import language_of, passed_on
from answerdesk.core.database import Database
from answerdesk.core.tenancy import ProjectId

MOST_EXCHANGES: Final = 20


@dataclass(frozen=True, slots=True)
class Trial:
    """A question to try; what its fields mean is said of a `Rehearsal`."""

    question: str
    history: tuple[Exchange, ...] = ()
    agent_id: UUID | None = None
    model_id: UUID | None = None
    by_passages: bool = False
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What a visitor would be answered; `agent_id` would, if the project has an agent."""

    answer: NewAnswer
    agent_id: UUID | None
    threshold: float
    milliseconds: float
    actions: Sequence[NamedAction] = field(default_factory=tuple)


class Playground:
    """Answers questions that somebody of the account tries.

    `now` tells the time for office hours.
    """

    def __init__(
        self,
        database: Database,
        rehearsing: Rehearsing,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._rehearsing = rehearsing
        self._now = now

    async def ask(self, caller: Principal, project_id: ProjectId, trial: Trial) -> Tried:
        """Return what a visitor of a project would be answered. The caller must reach the project.

        Raises NotFound for an agent or a model that the project doesn't have, InvalidInput and
        Conflict for a model that nobody speaks with, NotPermitted for a reached cap on messages,
        Unavailable if it takes too long.
        """
        began = perf_counter()
        tried = await in_time(self._ask(caller, project_id, trial))
        return replace(tried, milliseconds=round((perf_counter() - began) * 1000, 1))

    async def _ask(self, caller: Principal, project_id: ProjectId, trial: Trial) -> Tried:
        async with self._database.transaction(caller.account_id) as session:
            rehearsal = await _rehearsal(session, caller, project_id, trial)
        agent = rehearsal.desk.agent
        rehearsed = self._passed_on(rehearsal) or await self._rehearsing.answer(rehearsal)
        return Tried(
            rehearsed.answer,
            None if agent is None else agent.id,
            LEAST_CONFIDENCE if trial.threshold is None else trial.threshold,
            0.0,
            rehearsed.actions,
        )

    def _passed_on(self, rehearsal: Rehearsal) -> Rehearsed | None:
        """Return what is said if a person must answer; None if the assistant may."""
        desk, settings, moment = rehearsal.desk, rehearsal.desk.project.settings, self._now()
        if not isinstance(decide_at_once(rehearsal.question), HandOff) and not is_for_a_person(
            settings, rehearsal.question, None, moment, was_passed_on=False
        ):
            return None
        language = language_of(rehearsal.said, desk.languages)
        told = passed_on(settings, desk.hours, language, moment)
        return Rehearsed(NewAnswer("hand_off", paragraphs(told), (), None, {}))


async def _rehearsal(
    session: AsyncSession, caller: Principal, project_id: ProjectId, trial: Trial
) -> Rehearsal:
    desk = await get_desk(session, project_id)
    if trial.agent_id is not None:
        desk = replace(desk, agent=await get_agent(session, project_id, trial.agent_id))
    if trial.model_id is not None:
        await find_usable_model(session, caller, project_id, trial.model_id)
        if desk.agent is None:
            raise agent_needed()
    return Rehearsal(
        caller,
        desk,
        await callable_actions(session, caller, project_id),
        trial.question,
        trial.history,
        trial.model_id,
        by_passages=trial.by_passages,
        threshold=trial.threshold,
    )
