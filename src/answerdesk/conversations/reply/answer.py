"""Answers one question whose turn is held; no transaction is open while the model talks."""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

import structlog

from answerdesk.agents.actions.calling import Actions
from answerdesk.agents.actions.types import PlannedAction
from answerdesk.agents.service import get_desk
from answerdesk.answering.blocks import paragraphs
from answerdesk.answering.errors import AnswerCut
from answerdesk.answering.events import AnswerBlocks, AnswerFinished, AnswerToken
from answerdesk.answering.service import Answering, decide_at_once
from answerdesk.answering.small_talk import Host
from answerdesk.answering.types import AnswerRequest, Exchange, SmallTalk
from answerdesk.conversations import repository
from answerdesk.conversations.errors import conversation_not_found, turn_lost
from answerdesk.conversations.events import ANSWER_FAILED, AnswerFailure
from answerdesk.conversations.handoff import SILENT_STATES
from answerdesk.conversations.reply.acting import Acting
from answerdesk.conversations.reply.passing_on import may_pass_on, pass_on_failed, save_passing_on
from answerdesk.conversations.reply.repository import turns
from answerdesk.conversations.reply.repository.facts import HISTORY
from answerdesk.conversations.reply.repository.messages import NewAnswer, Saved, save_answer
from answerdesk.conversations.reply.repository.parties import parties_of
from answerdesk.conversations.reply.stream import (
    Concluded,
    Failed,
    Notice,
    ReplyEvent,
    StreamProgress,
    Token,
    Told,
)
from answerdesk.conversations.reply.writers import Writers
from answerdesk.conversations.tasks import cancel_finish
from answerdesk.conversations.texts import language_of, passed_on, visitor_text
from answerdesk.conversations.types import MESSAGE_PREFIX, Question
from answerdesk.core.database import Database
from answerdesk.core.disk import DiskFull
from answerdesk.core.errors import DomainError
from answerdesk.core.events import record
from answerdesk.core.tenancy import MessageId, public_id
from answerdesk.projects.service import get_project
from answerdesk.projects.types import Project

_INTERNAL: Final = Failed(
    "internal_error", "Something went wrong here. Please send your message again."
)

_log = structlog.get_logger(__name__)


class QuestionAnswerer:
    """Answers a question and saves the answer, if its holder still holds the turn."""

    def __init__(
        self,
        database: Database,
        answering: Answering,
        actions: Actions,
        writers: Writers,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._answering = answering
        self._writers = writers
        self._acting = Acting(database, actions)
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
        if question.decision == "small_talk":
            answer = await self._chatted(question)
            yield Told(answer.blocks)
            yield await self._conclude(question, answer, progress)
            return
        if question.action is not None:
            answer = await self._acted(question, question.action)
            concluded = await self._conclude(question, answer, progress)
            if isinstance(concluded, Concluded):
                yield Told(answer.blocks)
            yield concluded
            return
        async for told in self._answered(question, progress):
            yield told

    async def _answered(
        self, question: Question, progress: StreamProgress
    ) -> AsyncIterator[ReplyEvent]:
        """Yield the reply that the knowledge gives, perhaps in a model's words."""
        has_streamed = False
        try:
            async for event in self._answering.answer(await self._request(question)):
                match event:
                    case AnswerToken(text):
                        has_streamed = True
                        yield Token(text)
                    case AnswerBlocks():
                        pass  # The decision, which comes next, has them, too.
                    case AnswerFinished(decision):
                        answer = NewAnswer.of(decision)
                        async for told in self._finish(question, answer, progress, has_streamed):
                            yield told
                    case _:
                        assert_never(event)
        except AnswerCut as cut:
            # What was shown is void; whoever asks again gets the answer without a model.
            answer = NewAnswer.of(cut.instead)
            async for _ in self._finish(question, answer, StreamProgress(), has_streamed):
                pass
            yield Failed(cut.code, cut.message)

    async def _finish(
        self,
        question: Question,
        answer: NewAnswer,
        progress: StreamProgress,
        has_streamed: bool,
    ) -> AsyncIterator[ReplyEvent]:
        """Save the answer and tell it, and pass the conversation on if the owner wants that then.

        Whether it is passed on decides what is told, so it is saved first in that case.
        """
        project = question.project or await self._project(question)
        if not may_pass_on(project.settings.handoff, answer):
            if not has_streamed:
                yield Told(answer.blocks)
            yield await self._conclude(question, answer, progress)
            return
        read = progress.is_open
        saved = await save_passing_on(self._database, question, answer, project, read=read)
        concluded = await self._outcome(
            question, saved.answer, progress, (saved.became, saved.message_id), read=read
        )
        if isinstance(concluded, Concluded):
            if not has_streamed:
                yield Told(saved.answer.blocks)
            elif saved.added is not None:
                yield Token(f"\n\n{saved.added}")
        yield concluded

    async def _conclude(
        self, question: Question, answer: NewAnswer, progress: StreamProgress
    ) -> ReplyEvent:
        """Save the answer, then return the final event, so that it describes a stored answer."""
        executor = self._database.single(question.account_id)
        read = progress.is_open
        saved = await save_answer(executor, question, answer, SILENT_STATES, read=read)
        return await self._outcome(question, answer, progress, saved, read=read)

    async def _outcome(
        self,
        question: Question,
        answer: NewAnswer,
        progress: StreamProgress,
        saved: tuple[Saved, MessageId],
        *,
        read: bool,
    ) -> ReplyEvent:
        """Return the final event for what became of an answer.

        Raises Conflict if somebody else holds the turn, since then their answer counts.
        """
        became, message_id = saved
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
                project = question.project or await self._project(question)
                language = language_of(_said(question), project.settings.languages)
                return Notice(visitor_text("with_person", language, project.settings.handoff))
            case "lost":
                raise turn_lost()
            case "gone":
                raise conversation_not_found()
            case _:
                assert_never(became)

    async def _project(self, question: Question) -> Project:
        async with self._database.transaction(question.account_id) as session:
            return await get_project(session, question.project_id)

    async def _handed_off(self, question: Question) -> NewAnswer:
        """Return the reply to a visitor who is handed off; the handoff is already recorded."""
        async with self._database.transaction(question.account_id) as session:
            desk = await get_desk(session, question.project_id)
        executor = self._database.single(question.account_id)
        parties = await parties_of(executor, question.project_id, question.conversation_id)
        desk = replace(desk, agent=parties.agent)
        language = language_of(_said(question), desk.languages)
        said = passed_on(desk.project.settings, desk.hours, language, self._now())
        return NewAnswer("hand_off", paragraphs(said), (), None, {})

    async def _chatted(self, question: Question) -> NewAnswer:
        """Return the reply to small talk, in the language that the visitor has spoken so far."""
        project = question.project or await self._project(question)
        before = [one.question for one in question.history or ()]
        language = language_of(before, project.settings.languages)
        said = decide_at_once(question.text, Host(project=project.name, language=language))
        assert isinstance(said, SmallTalk)  # noqa: S101  # So it was decided when it arrived.
        return NewAnswer(said.kind, said.blocks, (), None, {})

    async def _acted(self, question: Question, planned: PlannedAction) -> NewAnswer:
        """Return the reply of an action, which is not told while a person has the conversation."""
        project = question.project or await self._project(question)
        language = language_of(_said(question), project.settings.languages)
        return await self._acting.answer(question, planned, language)

    async def _request(self, question: Question) -> AnswerRequest:
        history = question.history
        if history is None:
            async with self._database.transaction(question.account_id) as session:
                before = await repository.messages(
                    session,
                    question.conversation_id,
                    before=question.message_id,
                    exchanged=True,
                    limit=HISTORY,
                )
            history = exchanges((one.author, one.content) for one in before)
        writer = await self._writers.of(question, _said(replace(question, history=history)))
        return AnswerRequest(
            question.account_id,
            question.project_id,
            question.text,
            history,
            writer.guidance,
            redact=writer.redact,
            writing=writer.writing,
        )

    async def _give_up(self, question: Question, code: str) -> None:
        """Mark the turn as failed; if that fails too, a job takes it over when its lease ends."""
        try:
            async with self._database.transaction(question.account_id) as session:
                # Everybody locks the conversation before the turn.
                conversation = await repository.lock_conversation(session, question.conversation_id)
                if not await turns.finish(
                    session, question.message_id, question.holder, error_code=code
                ):
                    return
                await cancel_finish(session, question.message_id)
                if conversation is not None:
                    await pass_on_failed(session, question, conversation)
                payload = AnswerFailure(
                    question_id=public_id(MESSAGE_PREFIX, question.message_id), code=code
                )
                await record(
                    session, question.account_id, question.project_id, ANSWER_FAILED, payload
                )
        except Exception:  # noqa: BLE001  # The lease runs out anyway.
            _log.exception("turn_not_failed", question_id=str(question.message_id))


def _said(question: Question) -> list[str]:
    """Return what the visitor said, newest last, as far as it is at hand."""
    return [*(one.question for one in question.history or ()), question.text]


def exchanges(said: Iterable[tuple[str, str]]) -> tuple[Exchange, ...]:
    """Pair each question with the next reply, from (author, text); leave out unpaired ones.

    What a person said beyond a reply belongs to the same exchange, so that the assistant goes on
    with a person's last words.
    """
    found: list[Exchange] = []
    asked: str | None = None
    for author, content in said:
        if author == "visitor":
            asked = content
        elif asked is not None:
            found.append(Exchange(asked, content))
            asked = None
        elif author == "human" and found:
            found[-1] = Exchange(found[-1].question, f"{found[-1].answer}\n{content}")
    return tuple(found)
