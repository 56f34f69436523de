"""The clients of language models: what an agent answers with, made once for each model."""

import asyncio
import json
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from answerdesk.accounts.secrets.service import binding
from answerdesk.agents.language_models import repository
from answerdesk.agents.language_models.repository import KeyedModel
from answerdesk.agents.language_models.service import KEY
from answerdesk.agents.language_models.types import LanguageModel
from answerdesk.agents.types import Agent
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Executor
from answerdesk.core.errors import DomainError
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.providers.chat_model import ChatModel, ChatRequest, Completed
from answerdesk.providers.chat_models import MakeChatModel
from answerdesk.providers.model_chain import Breaker, Link

_CLOSED_AFTER: Final = 300.0
"""Seconds for which answers may still be using a client that is kept no longer."""

_TOKENS_OF_A_TURN: Final = 16
_TOKENS_OF_TOOLS: Final = 1000
"""What providers add to the text of a turn, and to that of tools, at most."""

_Kept = tuple[AccountId, UUID, int]
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Priced:
    """A model that answers, with what it costs."""

    entry: LanguageModel
    link: Link

    @property
    def model(self) -> ChatModel:
        return self.link.model

    def worst(self, request: ChatRequest) -> tuple[int, int]:
        """Return how many tokens a request may take at most, of input and of output.

        A token is at least one byte of the text, however strange that is.
        """
        texts = [turn.text for turn in request.turns]
        calls = [call for turn in request.turns for call in turn.calls]
        texts += [f"{call.id}{call.name}{call.arguments}{call.signature}" for call in calls]
        asked = sum(len(text.encode("utf-8", "replace")) for text in texts)
        asked += _TOKENS_OF_A_TURN * (len(request.turns) + 1)
        if request.tools or request.schema is not None:
            described = [
                *((one.name, one.description, dict(one.parameters)) for one in request.tools),
                request.schema,
            ]
            asked += len(json.dumps(described, default=dict).encode()) + _TOKENS_OF_TOOLS
        return asked, self.link.asked(request).max_tokens

    def cost(self, completed: Completed) -> int | None:
        """Return what an answer cost, in millionths of the currency; None if that is unknown."""
        return self.entry.settings.cost(completed.input_tokens, completed.output_tokens)


class LanguageModels:
    """The clients of one process, closed with it.

    It keeps at most `most`; the least recently used goes first.
    """

    def __init__(self, sealer: Sealer, make: MakeChatModel, *, most: int = 500) -> None:
        self._sealer = sealer
        self._make = make
        self._most = most
        self._clients: OrderedDict[_Kept, Link] = OrderedDict()
        self._retired: deque[tuple[float, ChatModel]] = deque()
        self._is_closed = False

    async def chain_of(
        self,
        executor: Executor,
        account_id: AccountId,
        project_id: ProjectId,
        agent: Agent | None,
    ) -> tuple[Priced, ...]:
        """Return the model that an agent answers with, then those that it falls back to.

        At most one round trip. A model whose key can't be opened is left out; without a model, or
        with a name that is not in the catalogue, there is none.
        """
        name = None if agent is None else agent.settings.model
        return await self.chain_from(executor, account_id, project_id, name)

    async def chain_from(
        self,
        executor: Executor,
        account_id: AccountId,
        project_id: ProjectId,
        named: str | UUID | None,
    ) -> tuple[Priced, ...]:
        """Return what `chain_of` does for a model named by an agent, or by its id."""
        if named is None or self._is_closed:
            return ()
        found = await repository.chain(executor, project_id, named, KEY)
        priced: list[Priced] = []
        for one in found:
            link = await self._link(account_id, one)
            if link is not None:
                priced.append(Priced(one.model, link))
        return tuple(priced)

    async def close(self) -> None:
        """Close all clients; none is made afterwards."""
        self._is_closed = True
        for link in self._clients.values():
            await link.model.close()
        self._clients.clear()
        await self._close_retired(float("inf"))

    async def _link(self, account_id: AccountId, keyed: KeyedModel) -> Link | None:
        model = keyed.model
        kept = (account_id, model.id, model.version)
        link = self._clients.get(kept)
        if link is not None:
            self._clients.move_to_end(kept)
            return link
        try:
            client = await self._client(account_id, keyed)
        except DomainError as error:
            _log.warning("language_model_unusable", model=str(model.id), code=error.code)
            return None
        if kept in self._clients or self._is_closed:
            await client.close()
            return self._clients.get(kept)
        link = self._clients[kept] = Link(client, Breaker(), model.settings.max_tokens)
        await self._retire(kept)
        return link

    async def _client(self, account_id: AccountId, keyed: KeyedModel) -> ChatModel:
        key = None
        if keyed.key is not None:
            bound_to = binding(account_id, keyed.model.id, KEY)
            key = self._sealer.open(keyed.key, bound_to=bound_to).decode()
        # The first of a provider imports its module, which must not block other requests.
        return await asyncio.to_thread(self._make, keyed.model.settings.service(key))

    async def _retire(self, newest: _Kept) -> None:
        """Take earlier versions and the least recently used away, to close them later."""
        now = asyncio.get_running_loop().time()
        account_id, model_id, version = newest
        gone = [
            one for one in self._clients if one[:2] == (account_id, model_id) and one[2] < version
        ]
        over = len(self._clients) - len(gone) - self._most
        gone += [one for one in self._clients if one not in gone][: max(0, over)]
        for one in gone:
            self._retired.append((now, self._clients.pop(one).model))
        await self._close_retired(now - _CLOSED_AFTER)

    async def _close_retired(self, until: float) -> None:
        while self._retired and self._retired[0][0] <= until:
            await self._retired.popleft()[1].close()
