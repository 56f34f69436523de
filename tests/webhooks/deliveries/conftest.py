"""A server that tries deliveries again soon, and a project whose events a receiver is sent."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.conftest import Desk, Rows, Server, rows_of, serving
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import Answer, Received, Receiver, receiving

NETWORKS = "127.0.0.0/8"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server that makes three attempts within a second, and waits 5 seconds for answers."""
    with serving(
        ANSWERDESK_WEBHOOK_NETWORKS=NETWORKS,
        ANSWERDESK_WEBHOOK_SCHEDULE="0,0.3,0.3",
        ANSWERDESK_WEBHOOK_SECONDS="5",
    ) as running:
        yield running


@pytest.fixture(scope="session")
def rows(server: Server) -> Iterator[Rows]:
    """As everywhere, in the database of this server."""
    yield from rows_of(server)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


class Webhook:
    """A webhook of a project, and the path of its receiver."""

    def __init__(self, hooks: "Hooks", made: dict[str, Any], path: str) -> None:
        self._owner = hooks.desk.owner
        self._receiver = hooks.receiver
        self.id: str = made["id"]
        self.secret: str = made["secret"]
        self.url = f"/v1/webhooks/{self.id}"
        self.path = path

    def received(self, count: int = 1) -> list[Received]:
        """Wait until the receiver was sent so many requests; return all of them."""
        return self._receiver.wait_for(self.path, count)

    @property
    def shown(self) -> dict[str, Any]:
        return self.call("GET", "")

    def deliveries(self, **wanted: str) -> list[dict[str, Any]]:
        """Return its deliveries, newest first."""
        found: list[dict[str, Any]] = self.call("GET", "/deliveries", params=wanted)["items"]
        return found

    def ended(self, count: int = 1) -> list[dict[str, Any]]:
        """Wait until so many deliveries have ended, and none is pending."""
        found: list[dict[str, Any]] = []
        for _ in attempts(PATIENCE):
            found = self.deliveries(limit="200")
            if len(found) == count and all(one["state"] != "pending" for one in found):
                return found
        raise AssertionError(f"{[one['state'] for one in found]} of {count}")

    def log(self, delivery: dict[str, Any]) -> list[dict[str, Any]]:
        """Return a delivery's attempts."""
        log: list[dict[str, Any]] = self.call("GET", f"/deliveries/{delivery['id']}")["log"]
        return log

    def call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """Make a call that has to succeed."""
        answered = self.try_call(method, path, **options)
        assert answered.is_success, answered.text
        body: dict[str, Any] = answered.json()
        return body

    def try_call(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self._owner.request(method, self.url + path, **options)


class Hooks:
    """A project with webhooks, and ways to cause events."""

    def __init__(self, desk: Desk, receiver: Receiver) -> None:
        self.desk = desk
        self.receiver = receiver

    def webhook(self, *answers: Answer, **fields: Any) -> Webhook:
        """Create a webhook whose receiver answers so, one request after another."""
        path = f"/{len(self.receiver.answers)}"
        there = self.receiver.at(path, *answers)
        fields = {"url": there, "project_id": self.desk.project_id, **fields}
        made = self.desk.owner.post("/v1/webhooks", json=fields)
        assert made.status_code == 201, made.text
        return Webhook(self, made.json(), path)

    def lead(self, email: str = "ann@example.com") -> str:
        """Cause the event `lead.created`; return the lead's id."""
        made = self.desk.owner.post(f"{self.desk.path}/leads", json={"email": email})
        assert made.status_code == 201, made.text
        lead_id: str = made.json()["id"]
        return lead_id


@pytest.fixture
def hooks(desk: Desk, receiver: Receiver) -> Iterator[Hooks]:
    hooks = Hooks(desk, receiver)
    yield hooks
    # An account has at most 100.
    for one in desk.owner.get("/v1/webhooks", params={"limit": 200}).json()["items"]:
        if one["project_id"] == desk.project_id:
            desk.owner.delete(f"/v1/webhooks/{one['id']}")
