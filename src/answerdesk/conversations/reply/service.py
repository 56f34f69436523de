"""Replies to visitors, and answers questions that other processes left unanswered.

Answering a question outlives its request: a visitor who closes the page finds the answer later. If
the whole process dies, the turn's lease runs out and another process takes it over.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from answerdesk.agents.actions.calling import Actions
from answerdesk.answering.service import Answering
from answerdesk.answering.types import DecisionKind
from answerdesk.conversations.errors import TURN_LOST
from answerdesk.conversations.reply.accept import Acceptance, Reception
from answerdesk.conversations.reply.answer import QuestionAnswerer
from answerdesk.conversations.reply.following import Following
from answerdesk.conversations.reply.renewal import Renewal
from answerdesk.conversations.reply.repository import turns
from answerdesk.conversations.reply.stream import (
    Accepted,
    ChatEvent,
    Concluded,
    Failed,
    ReplyEvent,
    StreamProgress,
    Told,
)
from answerdesk.conversations.reply.writers import Writers
from answerdesk.conversations.types import IncomingMessage, Message, Question
from answerdesk.conversations.visitors.address_limits import AddressLimits
from answerdesk.core.database import Database
from answerdesk.core.disk import DiskFull
from answerdesk.core.due import RetryLater
from answerdesk.core.live import Live
from answerdesk.core.tenancy import AccountId, MessageId, new_id

_ATTEMPTS: Final = 5
"""Attempts at a question before its turn is marked as failed."""

_log = structlog.get_logger(__name__)


class Reply:
    """Accepts visitors' messages and answers them."""

    def __init__(
        self,
        database: Database,
        answering: Answering,
        limits: AddressLimits,
        actions: Actions,
        writers: Writers,
        *,
        lease: timedelta,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        live: Live | None = None,
    ) -> None:
        self._database = database
        self._reception = Reception(database, limits, lease, now)
        self._answerer = QuestionAnswerer(database, answering, actions, writers, now)
        self._lease = lease
        self._renewal = Renewal(database, lease)
        self._following = Following(database, lease, live)
        self._running: set[asyncio.Task[None]] = set()

    async def chat(self, incoming: IncomingMessage) -> AsyncIterator[ChatEvent]:
        """Store the message; return the stream of its reply, Accepted first.

        Raises the errors of `Reception.accept`; nothing is stored then.
        """
        acceptance = await self._reception.accept(incoming)
        progress = StreamProgress()
        # Begin here and not when the stream is first read, since the client may never read it.
        queue = None if acceptance.question is None else self._start(acceptance.question, progress)
        return self._stream(incoming.account_id, acceptance, queue, progress)

    async def _stream(
        self,
        account_id: AccountId,
        acceptance: Acceptance,
        queue: asyncio.Queue[ReplyEvent | None] | None,
        progress: StreamProgress,
    ) -> AsyncIterator[ChatEvent]:
        question_id = acceptance.accepted.message_id
        progress.is_open = True
        last: ChatEvent | None = None
        try:
            async for event in self._events(account_id, acceptance, queue):
                yield event
                last = event
            progress.is_finished = isinstance(last, Concluded)
        finally:
            progress.is_open = False
            if progress.correction is not None:
                # Not here, since whoever closes the stream may not wait.
                self._spawn(self._settle(account_id, question_id, progress))
        if progress.is_finished and progress.noted is not True:
            await self._note(account_id, question_id, read=True)

    async def _events(
        self,
        account_id: AccountId,
        acceptance: Acceptance,
        queue: asyncio.Queue[ReplyEvent | None] | None,
    ) -> AsyncIterator[ChatEvent]:
        yield acceptance.accepted
        if acceptance.notice is not None:
            yield acceptance.notice
        elif queue is None:
            async for event in self._follow(account_id, acceptance.accepted):
                yield event
        else:
            told = False
            while (reply := await queue.get()) is not None:
                if isinstance(reply, Failed) and reply.code == TURN_LOST:
                    # Another process has taken over the question, so its answer counts.
                    async for event in self._follow(account_id, acceptance.accepted, told=told):
                        yield event
                    return
                told = True
                yield reply

    def _start(
        self, question: Question, progress: StreamProgress
    ) -> asyncio.Queue[ReplyEvent | None]:
        """Answer in the background; None ends the returned queue."""
        queue: asyncio.Queue[ReplyEvent | None] = asyncio.Queue()

        async def work() -> None:
            try:
                async for event in self._answer(question, progress):
                    queue.put_nowait(event)
                await self._settle(question.account_id, question.message_id, progress)
            finally:
                queue.put_nowait(None)

        self._spawn(work())
        return queue

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do something that outlives its request."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _settle(
        self, account_id: AccountId, question_id: MessageId, progress: StreamProgress
    ) -> None:
        """Correct what was noted about the reading of an answer, if it was wrong."""
        correction = progress.correction
        if correction is not None:
            await self._note(account_id, question_id, read=correction)

    async def _note(self, account_id: AccountId, question_id: MessageId, *, read: bool) -> None:
        try:
            async with self._database.transaction(account_id) as session:
                await turns.note_read(session, question_id, read=read)
        except Exception:  # noqa: BLE001  # The reply itself is complete.
            _log.exception("reading_not_noted", question_id=str(question_id))

    async def _answer(
        self, question: Question, progress: StreamProgress
    ) -> AsyncIterator[ReplyEvent]:
        with self._renewal.of(question):
            async for event in self._answerer.run(question, progress):
                yield event

    async def _follow(
        self, account_id: AccountId, accepted: Accepted, *, told: bool = False
    ) -> AsyncIterator[ReplyEvent]:
        """Yield the answer that another process has given or gives within twice the lease.

        If a text was already `told`, yield only the end.
        """
        outcome = await self._following.outcome(account_id, accepted.message_id)
        if outcome.answer is None:
            yield Failed(
                "unavailable", "The answer is not ready yet. Please send your message again."
            )
            return
        if not told:
            yield Told(outcome.answer.blocks)
        yield _concluded(outcome.answer, outcome.decision)

    async def finish(self, account_id: AccountId, question_id: MessageId) -> None:
        """Answer a question whose turn was abandoned; the handler of `finish_turn`.

        Raises RetryLater while somebody holds its lease, DiskFull if there is no room for an
        answer.
        """
        # Otherwise a full disk would use up the attempts.
        self._database.require_room()
        async with self._database.transaction(account_id) as session:
            turn = await turns.turn_state(session, question_id)
            if turn is None or turn.state != "answering":
                return
            if turn.seconds_left > 0:
                raise RetryLater(timedelta(seconds=turn.seconds_left), "The turn is held.")
            question = await turns.take_over(
                session, account_id, question_id, new_id(), self._lease
            )
            if question is None:
                raise RetryLater(self._lease, "Another process has taken the turn.")
            if turn.attempt >= _ATTEMPTS:
                await turns.finish(
                    session, question_id, question.holder, error_code="attempts_exhausted"
                )
                return
        _log.info("turn_taken_up", question_id=str(question_id), attempt=turn.attempt + 1)
        failed: Failed | None = None
        async for event in self._answer(question, StreamProgress()):
            if isinstance(event, Failed):
                _log.warning("turn_failed", question_id=str(question_id), code=event.code)
                failed = event
        if failed is not None:
            await self._require_recorded(account_id, question_id, failed)

    async def _require_recorded(
        self, account_id: AccountId, question_id: MessageId, failed: Failed
    ) -> None:
        """Raise unless the turn has ended: without this job nobody would answer it any more.

        It has not where the database or the disk was missing as its failure was to be recorded.
        """
        if failed.code == DiskFull.code:
            raise DiskFull
        async with self._database.transaction(account_id) as session:
            turn = await turns.turn_state(session, question_id)
        if turn is not None and turn.state == "answering":
            raise RetryLater(timedelta(seconds=turn.seconds_left), "The turn has not ended.")

    async def close(self, grace: float) -> None:
        """Wait up to `grace` seconds for running answers; the rest is taken over later."""
        if self._running:
            _, left = await asyncio.wait(self._running, timeout=grace)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        await self._following.close()


def _concluded(answer: Message, decision: DecisionKind | None) -> Concluded:
    """Return the final event for a stored answer."""
    # An earlier version didn't store the decision.
    kind: DecisionKind = "abstain" if answer.abstained else "answer"
    decision = decision or kind
    return Concluded(answer.id, decision, answer.blocks, answer.citations, answer.confidence)
