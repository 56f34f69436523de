"""Waits for an answer that somebody else gives: another process, or another request."""

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
from answerdesk.core.lookout import Lookout
from answerdesk.core.tenancy import AccountId, MessageId

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
