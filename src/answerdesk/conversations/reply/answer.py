"""Answers one question whose turn is held; no transaction is open while the model talks."""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.service import active_agent, get_agent, get_desk
from answerdesk.agents.types import Agent
from answerdesk.answering.blocks import paragraphs
from answerdesk.answering.events import AnswerBlocks, AnswerFinished, AnswerToken
from answerdesk.answering.service import Answering
from answerdesk.answering.types import AnswerRequest, Exchange
from answerdesk.conversations import repository
from answerdesk.conversations.errors import conversation_not_found, turn_lost
from answerdesk.conversations.events import ANSWER_FAILED, AnswerFailure
from answerdesk.conversations.handoff import SILENT_STATES, WITH_A_PERSON, handoff_text
from answerdesk.conversations.reply.repository import turns
from answerdesk.conversations.reply.repository.facts import HISTORY
from answerdesk.conversations.reply.repository.messages import NewAnswer, save_answer
from answerdesk.conversations.reply.stream import (
    Concluded,
    Failed,
    Notice,
    ReplyEvent,
    StreamProgress,
    Token,
    Told,
)
from answerdesk.conversations.tasks import cancel_finish
from answerdesk.conversations.types import MESSAGE_PREFIX, Question
from answerdesk.core.database import Database
from answerdesk.core.disk import DiskFull
from answerdesk.core.errors import DomainError, NotFound
from answerdesk.core.events import record
from answerdesk.core.tenancy import public_id

_INTERNAL: Final = Failed(
    "internal_error", "Something went wrong here. Please send your message again."
)

_log = structlog.get_logger(__name__)


class QuestionAnswerer:
    """Answers a question and saves the answer, if its holder still holds the turn."""

    def __init__(
        self, database: Database, answering: Answering, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._answering = answering
        self._now = now

    async def run(self, question: Question, progress: StreamProgress) -> AsyncIterator[ReplyEvent]:
        """Yield the events of the reply. Errors are events as well; the turn has then failed.

        If the disk is full, the turn stays open until its lease runs out, and is answered once
        there is room.
        """
        try:
            async for event in self._answer(question, progress):
                yield event
        except DiskFull as error:
            yield Failed(error.code, error.message)
        except DomainError as error:
            await self._give_up(question, error.code)
            yield Failed(error.code, error.message)
        except Exception:  # noqa: BLE001  # Any error must reach the visitor and end the turn.
            _log.exception("answer_failed", question_id=str(question.message_id))
            await self._give_up(question, _INTERNAL.code)
            yield _INTERNAL

    async def _answer(
        self, question: Question, progress: StreamProgress
    ) -> AsyncIterator[ReplyEvent]:
        if question.decision == "hand_off":
            answer = await self._handed_off(question)
            yield Told(answer.blocks)
            yield await self._conclude(question, answer, progress)
            return
        async for event in self._answering.answer(await self._request(question)):
            match event:
                case AnswerToken(text):
                    yield Token(text)
                case AnswerBlocks(blocks):
                    yield Told(blocks)
                case AnswerFinished(decision):
                    answer = NewAnswer(
                        decision.kind,
                        decision.blocks,
                        decision.citations,
                        decision.confidence,
                        decision.trace,
                    )
                    yield await self._conclude(question, answer, progress)
                case _:
                    assert_never(event)

    async def _conclude(
        self, question: Question, answer: NewAnswer, progress: StreamProgress
    ) -> ReplyEvent:
        """Save the answer, then return the final event, so that it describes a stored answer.

        Raises Conflict if somebody else holds the turn, since then their answer counts.
        """
        executor = self._database.single(question.account_id)
        read = progress.is_open
        became, message_id = await save_answer(executor, question, answer, SILENT_STATES, read=read)
        match became:
            case "saved":
                progress.noted = read
                return Concluded(
                    message_id,
                    answer.decision,
                    answer.blocks,
                    answer.citations,
                    answer.confidence,
                )
            case "silent":
                return Notice(WITH_A_PERSON)
            case "lost":
                raise turn_lost()
            case "gone":
                raise conversation_not_found()
            case _:
                assert_never(became)

    async def _handed_off(self, question: Question) -> NewAnswer:
        """Return the reply to a visitor who is handed off; the handoff is already recorded."""
        async with self._database.transaction(question.account_id) as session:
            desk = await get_desk(session, question.project_id)
            desk = replace(desk, agent=await _agent_of(session, question))
        said = paragraphs(handoff_text(desk.hours, self._now()))
        return NewAnswer("hand_off", said, (), None, {})

    async def _request(self, question: Question) -> AnswerRequest:
        history = question.history
        if history is None:
            async with self._database.transaction(question.account_id) as session:
                before = await repository.messages(
                    session, question.conversation_id, before=question.message_id, limit=HISTORY
                )
            history = exchanges((one.author, one.content) for one in before)
        return AnswerRequest(
            question.account_id,
            question.project_id,
            question.text,
            history,
            await self._guidance(question),
        )

    async def _guidance(self, question: Question) -> str:
        """Return the agent's persona and instructions, or nothing if no model writes answers."""
        if not self._answering.generates:
            return ""
        async with self._database.transaction(question.account_id) as session:
            agent = await _agent_of(session, question)
        if agent is None:
            return ""
        return "\n\n".join(filter(None, (agent.settings.persona, agent.settings.instructions)))

    async def _give_up(self, question: Question, code: str) -> None:
        """Mark the turn as failed; if that fails too, a job takes it over when its lease ends."""
        try:
            async with self._database.transaction(question.account_id) as session:
                if not await turns.finish(
                    session, question.message_id, question.holder, error_code=code
                ):
                    return
                await cancel_finish(session, question.message_id)
                payload = AnswerFailure(
                    question_id=public_id(MESSAGE_PREFIX, question.message_id), code=code
                )
                await record(
                    session, question.account_id, question.project_id, ANSWER_FAILED, payload
                )
        except Exception:  # noqa: BLE001  # The lease runs out anyway.
            _log.exception("turn_not_failed", question_id=str(question.message_id))


async def _agent_of(session: AsyncSession, question: Question) -> Agent | None:
    """Return the agent that the conversation keeps, if it still exists, else the active one."""
    kept = await repository.agent_of(session, question.conversation_id)
    if kept is not None:
        try:
            return await get_agent(session, question.project_id, kept)
        except NotFound:
            pass
    return await active_agent(session, question.project_id)


def exchanges(said: Iterable[tuple[str, str]]) -> tuple[Exchange, ...]:
    """Pair each question with the next reply, from (author, text); leave out unpaired ones."""
    found: list[Exchange] = []
    asked: str | None = None
    for author, content in said:
        if author == "visitor":
            asked = content
        elif asked is not None:
            found.append(Exchange(asked, content))
            asked = None
    return tuple(found)
