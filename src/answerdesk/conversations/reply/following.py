"""Waits for answers that other processes give."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from answerdesk.answering.types import DecisionKind
from answerdesk.conversations import repository
from answerdesk.conversations.reply.repository import turns
from answerdesk.conversations.types import Message
from answerdesk.core.database import Database
from answerdesk.core.live import Live
from answerdesk.core.lookout import Lookout
from answerdesk.core.tenancy import AccountId, MessageId

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
    """Looks for answers of other processes, with one query for all who wait.

    An answer has an event, and so has a failure, so that `live` hastens the look.
    """

    def __init__(self, database: Database, lease: timedelta, live: Live | None) -> None:
        self._database = database
        self._patience = 2 * lease.total_seconds()
        self._lookout: Lookout[MessageId, Outcome] = Lookout(self._look, _LOOK_SECONDS, live)

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
