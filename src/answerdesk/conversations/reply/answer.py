"""Answering one question whose turn is held: load, close, talk, open, save."""

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from typing import Final, assert_never

import structlog

from answerdesk.agents.service import active_agent, get_desk
from answerdesk.answering.blocks import paragraphs
from answerdesk.answering.events import AnswerBlocks, AnswerFinished, AnswerToken
from answerdesk.answering.service import Answering
from answerdesk.answering.types import Abstain, AnswerRequest, Exchange
from answerdesk.conversations import events, repository
from answerdesk.conversations.errors import conversation_not_found, turn_lost
from answerdesk.conversations.handoff import SILENT_STATES, WITH_A_PERSON, handoff_text
from answerdesk.conversations.reply.repository import turns
from answerdesk.conversations.reply.repository.facts import HISTORY
from answerdesk.conversations.reply.repository.messages import NewAnswer, save_answer
from answerdesk.conversations.reply.stream import Concluded, Failed, Notice, ReplyEvent, Token, Told
from answerdesk.conversations.tasks import cancel_finish
from answerdesk.conversations.types import Question
from answerdesk.core.database import Database
from answerdesk.core.disk import DiskFull
from answerdesk.core.errors import DomainError
from answerdesk.core.events import record

_INTERNAL: Final = Failed("internal_error", "Something went wrong here. Please send it again.")

_log = structlog.get_logger(__name__)


class QuestionAnswerer:
    """Answers a question and saves the answer, if the turn is still its holder's by then."""

    def __init__(
        self, database: Database, answering: Answering, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._answering = answering
        self._now = now

    async def run(self, question: Question) -> AsyncIterator[ReplyEvent]:
        """Yield what the visitor is told. Errors are events; the turn is then kept as failed.

        Where there is no room to store the answer the turn is left to its lease: it is answered
        once there is.
        """
        try:
            async for event in self._answer(question):
                yield event
        except DiskFull as error:
            yield Failed(error.code, error.message)
        except DomainError as error:
            await self._give_up(question, error.code)
            yield Failed(error.code, error.message)
        except Exception:  # noqa: BLE001  # Whatever it is: the visitor is told, the turn ended.
            _log.exception("answer_failed", question_id=str(question.message_id))
            await self._give_up(question, _INTERNAL.code)
            yield _INTERNAL

    async def _answer(self, question: Question) -> AsyncIterator[ReplyEvent]:
        if question.decision == "hand_off":
            answer = await self._handed_off(question)
            yield Told(answer.blocks)
            yield await self._conclude(question, answer)
            return
        async for event in self._answering.answer(await self._request(question)):
            match event:
                case AnswerToken(text):
                    yield Token(text)
                case AnswerBlocks(blocks):
                    yield Told(blocks)
                case AnswerFinished(decision):
                    unanswered = isinstance(decision, Abstain)
                    answer = NewAnswer(
                        decision.kind,
                        decision.blocks,
                        decision.citations,
                        decision.confidence,
                        decision.trace,
                        events.QUESTION_UNANSWERED if unanswered else events.QUESTION_ANSWERED,
                    )
                    yield await self._conclude(question, answer)
                case _:
                    assert_never(event)

    async def _conclude(self, question: Question, answer: NewAnswer) -> ReplyEvent:
        """Save the answer, then tell what it rests on; what is told last is stored already.

        Raises Conflict when the turn is somebody else's: that one's answer counts.
        """
        executor = self._database.single(question.account_id)
        became, message_id = await save_answer(executor, question, answer, SILENT_STATES)
        match became:
            case "saved":
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
        """Return what a visitor who is handed over is told; the handoff itself is recorded."""
        async with self._database.transaction(question.account_id) as session:
            desk = await get_desk(session, question.project_id)
        said = paragraphs(handoff_text(desk.hours, self._now()))
        return NewAnswer("hand_off", said, (), None, {}, event=None)

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
        """Return how the project's agent speaks and what it does, where a model can follow it."""
        if not self._answering.generates:
            return ""
        async with self._database.transaction(question.account_id) as session:
            agent = await active_agent(session, question.project_id)
        if agent is None:
            return ""
        return "\n\n".join(filter(None, (agent.settings.persona, agent.settings.instructions)))

    async def _give_up(self, question: Question, code: str) -> None:
        """Keep the turn as failed; if even that fails, its lease runs out and it is taken up."""
        try:
            async with self._database.transaction(question.account_id) as session:
                if not await turns.finish(
                    session, question.message_id, question.holder, error_code=code
                ):
                    return
                await cancel_finish(session, question.message_id)
                payload = {"question_id": str(question.message_id), "code": code}
                await record(
                    session, question.account_id, question.project_id, events.ANSWER_FAILED, payload
                )
        except Exception:  # noqa: BLE001  # The lease makes up for whatever it is.
            _log.exception("turn_not_failed", question_id=str(question.message_id))


def exchanges(said: Iterable[tuple[str, str]]) -> tuple[Exchange, ...]:
    """Pair each question of (author, text) with what was answered next; others are left out."""
    found: list[Exchange] = []
    asked: str | None = None
    for author, content in said:
        if author == "visitor":
            asked = content
        elif asked is not None:
            found.append(Exchange(asked, content))
            asked = None
    return tuple(found)
