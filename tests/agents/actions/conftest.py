"""A server that may call this machine, a shop that it calls, and a site whose visitors ask."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.conftest import Rows, Server, rows_of, serving
from tests.conversations.visitors.site import Site
from tests.projects.foreign import Foreign, make_foreign
from tests.webhooks.receiver import Answer, Received, Receiver, answer, receiving

SECONDS = 2.0
NETWORKS = {"ANSWERDESK_ACTION_NETWORKS": "127.0.0.0/8"}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server that may call actions on this machine, and waits 2 seconds for them."""
    with serving(ANSWERDESK_ACTION_SECONDS=str(SECONDS), **NETWORKS) as running:
        yield running


@pytest.fixture(scope="session")
def rows(server: Server) -> Iterator[Rows]:
    """As everywhere, in the database of this server."""
    yield from rows_of(server)


@pytest.fixture(scope="session")
def foreign(rows: Rows) -> Foreign:
    """As for agents, in the database of this server."""
    return make_foreign(rows)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def in_json(value: Any, status: int = 200) -> Answer:
    return answer(status, json.dumps(value).encode(), content_type="application/json")


class Shop:
    """A project with actions that call a server on this machine."""

    def __init__(self, site: Site, receiver: Receiver) -> None:
        self.site = site
        self.receiver = receiver

    def add(self, **fields: Any) -> dict[str, Any]:
        """Add an action; by default one that tells where an order is."""
        body = {**order_status(self.receiver.url), **fields}
        added = self.site.owner.post(f"{self.site.path}/actions", json=body)
        assert added.status_code == 201, added.text
        action: dict[str, Any] = added.json()
        return action

    def ships(self, order: str = "A-1234", *answers: Answer) -> str:
        """Have the server know an order; return the path at which it is called."""
        path = f"/orders/{order}"
        self.receiver.at(path, *(answers or [in_json({"status": "shipped", "days": 2})]))
        return path

    def called(self, path: str) -> list[Received]:
        return self.receiver.of(path)

    def test(self, action: dict[str, Any], **parameters: Any) -> dict[str, Any]:
        tested = self.post_test(action, **parameters)
        assert tested.status_code == 200, tested.text
        told: dict[str, Any] = tested.json()
        return told

    def post_test(self, action: dict[str, Any], **parameters: Any) -> httpx.Response:
        path = f"/v1/actions/{action['id']}/test"
        return self.site.owner.post(path, json={"parameters": parameters})

    def calls(self, action: dict[str, Any]) -> list[dict[str, Any]]:
        listed = self.site.owner.get(f"/v1/actions/{action['id']}/calls")
        assert listed.status_code == 200, listed.text
        items: list[dict[str, Any]] = listed.json()["items"]
        return items


def order_status(url: str) -> dict[str, Any]:
    return {
        "name": "Order status",
        "url": f"{url}/orders/{{order}}",
        "parameters": [{"name": "order", "description": "your order number", "example": "A-1234"}],
        "triggers": ["where is my order", "order status"],
        "answer": "Your order is {status}; it arrives in {days} days.",
        "fallback": "I can't see your order at the moment.",
    }


@pytest.fixture
def site(owner: httpx.Client, visitor: httpx.Client) -> Site:
    return Site(owner, visitor)


@pytest.fixture
def shop(site: Site, receiver: Receiver) -> Shop:
    return Shop(site, receiver)
