"""Answering one question whose turn is held: load, close, talk, open, save."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Final, assert_never

import structlog

from answerdesk.agents.service import active_agent, get_desk
from answerdesk.answering.events import AnswerEvent, AnswerFinished, AnswerToken
from answerdesk.answering.human_request import asks_for_human
from answerdesk.answering.service import Answering
from answerdesk.answering.types import Answer, AnswerRequest, Exchange
from answerdesk.conversations import events, repository
from answerdesk.conversations.errors import conversation_not_found, turn_lost
from answerdesk.conversations.events import (
    Confidence,
    Done,
    Failed,
    Notice,
    ReplyEvent,
    Sources,
    Token,
)
from answerdesk.conversations.handoff import WITH_A_PERSON, handoff_text
from answerdesk.conversations.reply import repository as turns
from answerdesk.conversations.tasks import cancel_finish
from answerdesk.conversations.types import Message, Question
from answerdesk.core.database import Database
from answerdesk.core.errors import DomainError
from answerdesk.core.events import record
from answerdesk.core.tenancy import MessageId

_HISTORY: Final = 12
"""Messages of the conversation that answering gets to see."""

_TAKEN_OVER: Final = "taken_over"
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
        """Yield what the visitor is told. Errors are events; the turn is then kept as failed."""
        try:
            async for event in self._answer(question):
                yield event
        except DomainError as error:
            await self._give_up(question, error.code)
            yield Failed(error.code, error.message)
        except Exception:  # noqa: BLE001  # Whatever it is: the visitor is told, the turn ended.
            _log.exception("answer_failed", question_id=str(question.message_id))
            await self._give_up(question, _INTERNAL.code)
            yield _INTERNAL

    async def _answer(self, question: Question) -> AsyncIterator[ReplyEvent]:
        async for event in self._answer_events(question):
            match event:
                case AnswerToken(text):
                    yield Token(text)
                case AnswerFinished(answer):
                    async for last in self._conclude(question, answer):
                        yield last
                case _:
                    assert_never(event)

    async def _answer_events(self, question: Question) -> AsyncIterator[AnswerEvent]:
        if asks_for_human(question.text):
            answer = await self._handoff_answer(question)
            yield AnswerToken(answer.text)
            yield AnswerFinished(answer)
            return
        async for event in self._answering.answer(await self._request(question)):
            yield event

    async def _conclude(self, question: Question, answer: Answer) -> AsyncIterator[ReplyEvent]:
        """Save the answer, then tell what it rests on; what is told last is stored already."""
        message_id = await self._save(question, answer)
        if message_id is None:
            yield Notice(WITH_A_PERSON)
            yield Done(None)
            return
        yield Sources(answer.citations)
        yield Confidence(answer.confidence)
        yield Done(message_id)

    async def _handoff_answer(self, question: Question) -> Answer:
        async with self._database.transaction(question.account_id) as session:
            desk = await get_desk(session, question.project_id)
        text = handoff_text(desk.hours, self._now())
        return Answer(text, (), 1.0, abstained=False, trace={"decision": "hand off"})

    async def _request(self, question: Question) -> AnswerRequest:
        guidance = await self._guidance(question)
        if question.first:
            return AnswerRequest(
                question.account_id, question.project_id, question.text, guidance=guidance
            )
        async with self._database.transaction(question.account_id) as session:
            before = await repository.messages(
                session, question.conversation_id, before=question.message_id, limit=_HISTORY
            )
        return AnswerRequest(
            question.account_id, question.project_id, question.text, _exchanges(before), guidance
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

    async def _save(self, question: Question, answer: Answer) -> MessageId | None:
        """Store the answer with its events; None when a person has the conversation by now.

        Raises Conflict when the turn is somebody else's: that one's answer counts.
        """
        async with self._database.transaction(question.account_id) as session:
            conversation = await repository.lock_conversation(session, question.conversation_id)
            if conversation is None:
                raise conversation_not_found()
            taken_over = conversation.state == "human"
            if not await turns.finish(
                session,
                question.message_id,
                question.holder,
                error_code=_TAKEN_OVER if taken_over else None,
                trace=answer.trace,
            ):
                raise turn_lost()
            await cancel_finish(session, question.message_id)
            if taken_over:
                return None
            event = events.QUESTION_UNANSWERED if answer.abstained else events.QUESTION_ANSWERED
            return await turns.store_answer(session, question, answer, event)

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


def _exchanges(messages: Sequence[Message]) -> tuple[Exchange, ...]:
    """Pair each question with what was answered next; what got no answer is left out."""
    exchanges: list[Exchange] = []
    asked: str | None = None
    for message in messages:
        if message.author == "visitor":
            asked = message.content
        elif asked is not None:
            exchanges.append(Exchange(asked, message.content))
            asked = None
    return tuple(exchanges)
