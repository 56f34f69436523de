"""The leases of turns: keeps those of this process, and waits for answers under somebody else's."""

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
"""Times that a lease is renewed within its length, so that one missed renewal loses nothing."""

_log = structlog.get_logger(__name__)


class Renewal:
    """Keeps turns from being taken up by others for as long as their answers take."""

    def __init__(self, database: Database, lease: timedelta) -> None:
        self._database = database
        self._lease = lease
        self._held: set[turns.Held] = set()
        self._renewing: asyncio.Task[None] | None = None

    @contextmanager
    def of(self, question: Question) -> Iterator[None]:
        """Prolong the question's turn until the block ends."""
        held = turns.Held(question.account_id, question.message_id, question.holder)
        self._held.add(held)
        if self._renewing is None:
            # In a context of its own: it is nobody's request.
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
        except Exception:  # noqa: BLE001  # The next renewal may succeed; if not, the leases end.
            _log.exception("leases_not_renewed", account_id=str(account_id), turns=len(held))


_LOOK_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of a question; `answer` is None as long as there is none."""

    answer: Message | None
    state: str | None
    decision: DecisionKind | None

    @property
    def is_awaited(self) -> bool:
        """Tell whether somebody is at work on an answer."""
        return self.answer is None and self.state == "answering"


class Following:
    """Looks for the answers that others give, once for all who wait for any."""

    def __init__(self, database: Database, lease: timedelta) -> None:
        self._database = database
        self._patience = 2 * lease.total_seconds()
        self._lookout: Lookout[MessageId, Outcome] = Lookout(self._look, _LOOK_SECONDS)

    async def outcome(self, account_id: AccountId, question_id: MessageId) -> Outcome:
        """Return what becomes of a question, or how it stands after twice the lease."""
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
        """Look no more."""
        await self._lookout.close()

    async def _look(
        self, account_id: AccountId, question_ids: Sequence[MessageId]
    ) -> Mapping[MessageId, Outcome]:
        async with self._database.transaction(account_id) as session:
            # The turns first: what ends later than that has an answer that is seen.
            found = await turns.turn_states(session, question_ids)
            answers = await repository.answers_of(session, question_ids)
        outcomes: dict[MessageId, Outcome] = {}
        for one in question_ids:
            turn = found.get(one)
            state, decision = (None, None) if turn is None else (turn.state, turn.decision)
            outcomes[one] = Outcome(answers.get(one), state, decision)
        return outcomes
