"""An Ollama on this machine is noticed: for whom, by what, and what a strange one can do."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import httpx
import pytest

from answerdesk.accounts.principal import Principal, owner_principal
from answerdesk.agents.language_models.nearby import OPENED_BY, Nearby, Neighbourhood
from answerdesk.core.outbound import Outbound, OutboundPolicy
from answerdesk.core.tenancy import AccountId
from tests.accounts.people import sign_up
from tests.conftest import Server, free_port
from tests.webhooks.receiver import Answer, Receiver, answer, drip, huge

OURS = AccountId(UUID(int=1))
THEIRS = AccountId(UUID(int=2))
TAGS = "/api/tags"
NOTHING = Nearby()


@pytest.fixture
async def outbound() -> AsyncIterator[Outbound]:
    client = Outbound(OutboundPolicy(networks={"providers": (ip_network("127.0.0.1/32"),)}))
    yield client
    await client.close()


def tags(*names: Any) -> Answer:
    body = json.dumps({"models": [{"name": one} for one in names]}).encode()
    return answer(200, body, content_type="application/json")


def port_of(receiver: Receiver) -> int:
    return int(receiver.url.rpartition(":")[2])


@pytest.mark.parametrize(
    "stranger",
    [
        replace(owner_principal(OURS), account_id=THEIRS),
        replace(owner_principal(OURS), role="agent"),
        replace(owner_principal(OURS), role="viewer"),
        replace(owner_principal(OURS), kind="api_key"),
    ],
)
async def test_for_others_nothing_is_looked_for(
    outbound: Outbound, receiver: Receiver, stranger: Principal
) -> None:
    receiver.at(TAGS, tags("llama3.2"))
    near = Neighbourhood(outbound, OURS, port_of(receiver))
    assert await near.look(stranger) == NOTHING
    assert receiver.received == []


@pytest.mark.parametrize(
    "told",
    [
        answer(404),
        answer(302, location="http://127.0.0.1:9/"),
        answer(200, b"Hello"),
        answer(200, b"[" * 100_000),
        answer(200, b'{"models": 5}'),
        answer(200, b'{"models": [{"name": "a"}, null]}'),
        huge,
        drip,
    ],
)
async def test_what_is_no_ollama_is_nothing(
    outbound: Outbound, receiver: Receiver, told: Answer
) -> None:
    receiver.at(TAGS, told)
    near = Neighbourhood(outbound, OURS, port_of(receiver))
    assert await near.look(owner_principal(OURS)) == NOTHING


async def test_where_nobody_listens_there_is_nothing(outbound: Outbound) -> None:
    for client in (outbound, Outbound(OutboundPolicy())):
        near = Neighbourhood(client, OURS, free_port())
        assert await near.look(owner_principal(OURS)) == NOTHING
        await client.close()


async def test_its_models_are_listed_with_one_request(
    outbound: Outbound, receiver: Receiver
) -> None:
    receiver.at(TAGS, tags("llama3.2:3b", "qwen3", "", 7, "x" * 201, "bad\nname"))
    port = port_of(receiver)
    found = await Neighbourhood(outbound, OURS, port).look(owner_principal(OURS))
    assert found == Nearby(f"http://127.0.0.1:{port}/v1", ("llama3.2:3b", "qwen3"))
    [sent] = receiver.received
    assert (sent.method, sent.path, sent.body) == ("GET", TAGS, b"")


async def test_a_closed_one_is_told_with_the_setting_and_sent_nothing() -> None:
    heard: list[bytes] = []
    done = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())
        writer.close()
        done.set()

    ollama = await asyncio.start_server(listen, "127.0.0.1", 0)
    port: int = ollama.sockets[0].getsockname()[1]
    closed = Outbound(OutboundPolicy())
    found = await Neighbourhood(closed, OURS, port).look(owner_principal(OURS))
    assert found == Nearby(f"http://127.0.0.1:{port}/v1", (), OPENED_BY)
    await asyncio.wait_for(done.wait(), 10)
    assert heard == [b""]
    await closed.close()
    ollama.close()


def test_over_the_api_a_hosted_account_gets_nothing(server: Server, reader: httpx.Client) -> None:
    nothing: dict[str, Any] = {"url": None, "models": [], "setting": None}
    path = "/v1/language-models/nearby"
    assert sign_up(server, "tenant").client.get(path).json() == nothing
    assert reader.get(path).json() == nothing
