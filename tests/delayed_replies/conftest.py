"""A server that answers soon, an agent with its knowledge, and a receiver."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from answerdesk.projects.types import WEEKDAYS
from tests.conftest import Desk, Rows, Server, rows_of, serving
from tests.dialects.keys import key_of
from tests.dialects.novaro.api import FERRY, QUESTION
from tests.webhooks.receiver import Received, Receiver, receiving

PATH = "/replies"


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """A server whose delayed replies take a fifth of a second, and whose deliveries fail fast."""
    with serving(
        ANSWERDESK_REPLY_DELAYS="0.2:100",
        ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8",
        ANSWERDESK_WEBHOOK_SCHEDULE="0,0.3,0.3",
    ) as running:
        yield running


@pytest.fixture(scope="package")
def rows(server: Server) -> Iterator[Rows]:
    """As everywhere, in the database of this server."""
    yield from rows_of(server)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        running.at(PATH)
        yield running


def by_reference(receiver: Receiver) -> dict[str, list[Received]]:
    """Return what a receiver was sent so far by the requests' references."""
    found = defaultdict(list)
    for one in receiver.of(PATH):
        body = one.json
        found[body.get("data", body)["reference"]].append(one)
    return dict(found)


class Agent:
    """An agent of a project, and ways to ask it natively."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.key = key_of(desk.owner)
        [agent] = self.call("GET", f"{desk.path}/agents").json()["items"]
        self.id: str = agent["id"]
        self.path = f"{desk.path}/agents/{self.id}/replies"

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.desk.visitor.request(method, path, headers=self.key, **options)

    def made(self, path: str, **fields: Any) -> dict[str, Any]:
        """Post a body that has to be accepted."""
        made = self.call("POST", path, json=fields)
        assert made.is_success, made.text
        body: dict[str, Any] = made.json()
        return body

    def webhook(self, receiver: Receiver, **fields: Any) -> str:
        """Create a webhook that is sent replies only; return its id."""
        if "format" not in fields:
            fields["events"] = ["page.removed"]
        created: str = self.made("/v1/webhooks", url=receiver.url + PATH, **fields)["id"]
        return created

    def asked(self, text: str = QUESTION, **fields: Any) -> dict[str, Any]:
        """Return the body of a request."""
        return {"messages": [{"role": "user", "content": text}], **fields}

    def later(self, webhook_id: str, text: str = QUESTION, **fields: Any) -> dict[str, Any]:
        """Request a reply that is delivered later; return how that was accepted."""
        body = self.asked(text, deliver="later", webhook_id=webhook_id, **fields)
        made = self.call("POST", self.path, json=body)
        assert made.status_code == 202, made.text
        accepted: dict[str, Any] = made.json()
        return accepted

    def shown(self, reply_id: str) -> dict[str, Any]:
        shown = self.call("GET", f"/v1/delayed-replies/{reply_id}")
        assert shown.status_code == 200, shown.text
        reply: dict[str, Any] = shown.json()
        return reply

    def leave(self) -> None:
        """Be away for some days: replies are due at the end of 24 hours."""
        back = WEEKDAYS[(datetime.now(UTC).weekday() + 3) % 7]
        hours = {"workingHours": {back: [["09:00", "17:00"]]}}
        changed = self.call("PUT", f"/novaro/api/v1/agents/{self.id}", json=hours)
        assert changed.status_code == 200, changed.text


@pytest.fixture
def agent(desk: Desk) -> Agent:
    """An agent that knows nothing, and is always there."""
    return Agent(desk)


@pytest.fixture
def ferryman(agent: Agent) -> Agent:
    """An agent that knows when the ferry leaves."""
    agent.desk.add_text("Ferry", FERRY)
    return agent
