"""The leases of turns: renews those of this process, and waits for answers of other holders."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from answerdesk.answering.types import DecisionKind
from answerdesk.conversations import repository
from answerdesk.conversations.reply.repository import turns
from answerdesk.conversations.types import Message, Question
from answerdesk.core.database import Database, hurried
from answerdesk.core.lookout import Lookout
from answerdesk.core.tenancy import AccountId, MessageId

_RENEWALS: Final = 3
"""Renewals per length of a lease, so that one missed renewal does no harm."""

_log = structlog.get_logger(__name__)


class Renewal:
    """Keeps other processes from taking over turns while their answers are in progress."""

    def __init__(self, database: Database, lease: timedelta) -> None:
        self._database = database
        self._lease = lease
        self._held: set[turns.Held] = set()
        self._renewing: asyncio.Task[None] | None = None

    @contextmanager
    def of(self, question: Question) -> Iterator[None]:
        """Renew the lease of the question's turn until the block ends."""
        held = turns.Held(question.account_id, question.message_id, question.holder)
        self._held.add(held)
        if self._renewing is None:
            # Use an empty context, since the task belongs to no request.
            self._renewing = asyncio.create_task(self._keep_renewing(), context=Context())
        try:
            yield
        finally:
            self._held.discard(held)
            if not self._held and self._renewing is not None:
                self._renewing.cancel()
                self._renewing = None

    async def _keep_renewing(self) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / _RENEWALS)
            by_account: defaultdict[AccountId, list[turns.Held]] = defaultdict(list)
            for one in self._held:
                by_account[one.account_id].append(one)
            for account_id, held in by_account.items():
                await self._renew(account_id, held)

    async def _renew(self, account_id: AccountId, held: list[turns.Held]) -> None:
        try:
            with hurried():
                async with self._database.transaction(account_id) as session:
                    await turns.renew(session, held, self._lease)
        except Exception:  # noqa: BLE001  # The next renewal may succeed; else the leases run out.
            _log.exception("leases_not_renewed", account_id=str(account_id), turns=len(held))


_LOOK_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state of a question; `answer` is None while there is none."""

    answer: Message | None
    state: str | None
    decision: DecisionKind | None

    @property
    def is_awaited(self) -> bool:
        """Tell whether an answer is in progress."""
        return self.answer is None and self.state == "answering"


class Following:
    """Polls for answers of other processes, with one query for all who wait."""

    def __init__(self, database: Database, lease: timedelta) -> None:
        self._database = database
        self._patience = 2 * lease.total_seconds()
        self._lookout: Lookout[MessageId, Outcome] = Lookout(self._look, _LOOK_SECONDS)

    async def outcome(self, account_id: AccountId, question_id: MessageId) -> Outcome:
        """Wait until a question is answered or failed, at most two leases; return its state."""
        outcome = (await self._look(account_id, [question_id]))[question_id]
        if not outcome.is_awaited:
            return outcome
        changes = self._lookout.changes(account_id, question_id, outcome)
        try:
            async with asyncio.timeout(self._patience), aclosing(changes):
                async for outcome in changes:
                    if not outcome.is_awaited:
                        break
        except TimeoutError:
            pass
        return outcome

    async def close(self) -> None:
        """Stop polling."""
        await self._lookout.close()

    async def _look(
        self, account_id: AccountId, question_ids: Sequence[MessageId]
    ) -> Mapping[MessageId, Outcome]:
        async with self._database.transaction(account_id) as session:
            # Turns first: the answer of a turn that ended before is then certainly seen.
            found = await turns.turn_states(session, question_ids)
            answers = await repository.answers_of(session, question_ids)
        outcomes: dict[MessageId, Outcome] = {}
        for one in question_ids:
            turn = found.get(one)
            state, decision = (None, None) if turn is None else (turn.state, turn.decision)
            outcomes[one] = Outcome(answers.get(one), state, decision)
        return outcomes
