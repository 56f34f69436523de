"""What an agent answers with: one look-up, clients that are kept, and what an answer may cost."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import TextClause

from answerdesk.agents.language_models.running import LanguageModels, Priced
from answerdesk.agents.types import Agent
from answerdesk.core.crypto import Sealer, load_secret_keys
from answerdesk.core.database import Database
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.providers.chat_model import ChatRequest, ChatTurn, Completed, Tool
from answerdesk.providers.chat_models import ModelService
from answerdesk.providers.fake_chat_model import FakeChatModel
from tests.agents.language_models.conftest import KEY, Models, path
from tests.conftest import Desk, Rows, Server


class Client(FakeChatModel):
    """A model that remembers what it was made from, and whether it was closed."""

    def __init__(self, service: ModelService) -> None:
        super().__init__()
        self.service = service
        self.is_closed = False

    async def close(self) -> None:
        self.is_closed = True


@dataclass
class Runtime:
    """The clients of a process, for one project."""

    database: Database
    sealer: Sealer
    account_id: AccountId
    project_id: ProjectId
    made: list[Client] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.models = LanguageModels(self.sealer, self.make, most=3)
        self.looked = 0

    def make(self, service: ModelService) -> Client:
        self.made.append(Client(service))
        return self.made[-1]

    async def rows(self, statement: TextClause, params: Mapping[str, Any]) -> Sequence[Any]:
        """Run a statement, and count it."""
        self.looked += 1
        return await self.database.single(self.account_id).rows(statement, params)

    async def chain(self, name: str | None) -> tuple[Priced, ...]:
        agent = cast("Agent", SimpleNamespace(settings=SimpleNamespace(model=name)))
        return await self.models.chain_of(self, self.account_id, self.project_id, agent)


@pytest.fixture
async def runtime(server: Server, desk: Desk, rows: Rows) -> AsyncIterator[Runtime]:
    project = UUID(desk.project_id.removeprefix("proj_"))
    [[account]] = rows("select account_id from project where id = %s", project)
    sealer = Sealer(load_secret_keys(server.data_dir))
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        runtime = postgres.conninfo(user=postgres.runtime_user, password=postgres.runtime_password)
        database = Database({**runtime}, pool_size=2)
        runtime_of = Runtime(database, sealer, AccountId(account), ProjectId(project))
        yield runtime_of
        await runtime_of.models.close()
        assert all(one.is_closed for one in runtime_of.made)
        await database.close()


async def test_without_a_name_nothing_is_looked_up(runtime: Runtime) -> None:
    assert await runtime.chain(None) == ()
    assert runtime.looked == 0
    assert await runtime.chain("nobody") == ()
    assert runtime.looked == 1


async def test_a_chain_is_one_look_up_with_keys_and_in_order(
    runtime: Runtime, models: Models
) -> None:
    models.add("Last")
    models.add("Second", fallback="Last", key="another-key-of-theirs")
    models.add("First", fallback="Second", key=KEY, max_tokens=50)
    chain = await runtime.chain("First")
    assert runtime.looked == 1
    assert [one.entry.name for one in chain] == ["First", "Second", "Last"]
    assert [one.service.key for one in runtime.made] == [KEY, "another-key-of-theirs", None]
    assert chain[0].entry.settings.max_tokens == 50
    assert chain[0].model is runtime.made[0]
    assert KEY not in repr(runtime.made[0].service)


async def test_the_projects_own_comes_before_the_accounts(runtime: Runtime, models: Models) -> None:
    name = f"Both {runtime.project_id}"
    models.add(name, project_id=None, model="shared")
    [priced] = await runtime.chain(name)
    assert priced.entry.settings.model == "shared"
    models.add(name, model="own")
    [priced] = await runtime.chain(name)
    assert priced.entry.settings.model == "own"


async def test_another_projects_and_another_accounts_are_none(
    runtime: Runtime, models: Models
) -> None:
    other = Desk(models.owner, models.desk.visitor)
    models.add("Beside", project_id=other.project_id)
    assert await runtime.chain("Beside") == ()
    models.add("Mine")
    stranger = AccountId(UUID(int=7))
    agent = cast("Agent", SimpleNamespace(settings=SimpleNamespace(model="Mine")))
    executor = runtime.database.single(stranger)
    assert await runtime.models.chain_of(executor, stranger, runtime.project_id, agent) == ()
    assert len(await runtime.chain("Mine")) == 1


async def test_a_client_is_made_once_for_each_version(runtime: Runtime, models: Models) -> None:
    model = models.add("Mine", key=KEY)
    [first] = await runtime.chain("Mine")
    [again] = await runtime.chain("Mine")
    assert again.link is first.link
    models.owner.patch(path(model), json={"max_tokens": 5})
    [changed] = await runtime.chain("Mine")
    assert changed.model is not first.model
    assert len(runtime.made) == 2
    # An answer may still be written with the old one.
    assert not runtime.made[0].is_closed


async def test_a_process_keeps_so_many_clients_and_no_more(
    runtime: Runtime, models: Models
) -> None:
    for number in range(5):
        models.add(str(number))
        await runtime.chain(str(number))
    await runtime.chain("4")
    assert len(runtime.made) == 5
    await runtime.chain("0")
    assert len(runtime.made) == 6


async def test_what_cannot_be_opened_is_left_out(
    runtime: Runtime, models: Models, rows: Rows
) -> None:
    models.add("Last")
    damaged = models.add("First", fallback="Last", key=KEY)
    rows(
        "update stored_secret set sealed = substr(sealed, 2) where subject_id = %s returning 1",
        damaged["id"].removeprefix("model_"),
    )
    assert [one.entry.name for one in await runtime.chain("First")] == ["Last"]


async def test_an_answer_costs_what_its_tokens_do_and_never_more_than_the_worst(
    runtime: Runtime, models: Models
) -> None:
    models.add("Free")
    [free] = await runtime.chain("Free")
    assert free.cost(Completed(10, 10)) is None
    models.add("Priced", max_tokens=300, input_price=150_000, output_price=600_000, currency="USD")
    [priced] = await runtime.chain("Priced")
    assert priced.cost(Completed(1000, 500)) == 450
    assert priced.cost(Completed(1, 0)) == 1
    turns = [ChatTurn("system", "Be kind."), ChatTurn("user", "Où? 😀")]
    asked, written = priced.worst(ChatRequest(turns, max_tokens=20))
    assert written == 300
    assert asked >= len("Be kind.Où? 😀".encode())
    tool = Tool("look_up", "Looks something up", {"type": "object"})
    assert priced.worst(ChatRequest(turns, tools=[tool]))[0] > asked + 1000
