"""What an answer may cost: reserved before a model is asked, settled afterwards."""

from collections.abc import Sequence
from typing import Final

from answerdesk.accounts.limits.spending.service import Budget
from answerdesk.accounts.limits.spending.types import (
    Amount,
    BilledModel,
    ProjectSpendingCaps,
    Refused,
    Reservation,
)
from answerdesk.accounts.types import Sender
from answerdesk.agents.language_models.running import Priced
from answerdesk.conversations.events import LIMIT_REACHED, ReachedLimit
from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import Database
from answerdesk.core.events import record
from answerdesk.core.tenancy import ConversationId, public_id
from answerdesk.providers.chat_model import ChatRequest, Completed

_MILLIONTHS: Final = 1_000_000


class QuestionBudget:
    """The caps of one question's visitor, project and account, for a chain of models.

    `conversation_id` is None for a question that belongs to no conversation.
    """

    def __init__(
        self,
        database: Database,
        budget: Budget,
        conversation_id: ConversationId | None,
        sender: Sender,
        caps: ProjectSpendingCaps,
        chain: Sequence[Priced],
    ) -> None:
        self._database = database
        self._budget = budget
        self._conversation_id = conversation_id
        self._sender = sender
        self._caps = caps
        self._chain = chain
        self._reservation: Reservation | None = None

    async def reserve(self, request: ChatRequest) -> bool:
        """Set aside what the dearest model of the chain, and the longest, would cost at most."""
        worst = [(one, Completed(*one.worst(request))) for one in self._chain]
        prices = [price for one, most in worst if (price := one.cost(most)) is not None]
        amount = Amount(
            max(most.input_tokens for _, most in worst),
            max(most.output_tokens for _, most in worst),
            max(prices, default=None),
        )
        found = await self._budget.reserve(self._sender, self._caps, self._billed(0), amount)
        if isinstance(found, Refused):
            if found.first:
                await self._tell(found)
            return False
        self._reservation = found
        return True

    async def settle(self, place: int, completed: Completed) -> str | None:
        """Count what it did cost, and return that as a text, if the price is known."""
        priced = self._chain[place]
        money = priced.cost(completed)
        spent = Amount(completed.input_tokens, completed.output_tokens, money)
        if self._reservation is not None:
            await self._budget.settle(self._reservation, spent, self._billed(place))
        if money is None:
            return None
        return f"{money / _MILLIONTHS:.6f} {priced.entry.settings.currency}"

    async def release(self) -> None:
        """Give back what was set aside."""
        if self._reservation is not None:
            await self._budget.release(self._reservation)

    def _billed(self, place: int) -> BilledModel:
        entry = self._chain[place].entry
        return BilledModel(entry.id, entry.name)

    async def _tell(self, refused: Refused) -> None:
        """Record an event for the owner."""
        sender, about = self._sender, self._conversation_id
        payload = ReachedLimit(
            conversation_id=None if about is None else public_id(CONVERSATION_PREFIX, about),
            metric=f"{refused.scope}_{refused.measure}",
            limit=refused.most,
            period=refused.period,
        )
        async with self._database.transaction(sender.account_id) as session:
            await record(session, sender.account_id, sender.project_id, LIMIT_REACHED, payload)
