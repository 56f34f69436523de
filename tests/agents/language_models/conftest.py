"""A server that may call models on this machine, and a service there that speaks OpenAI's API."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.conftest import Desk, Rows, Server, rows_of, serving
from tests.projects.foreign import Foreign, make_foreign
from tests.webhooks.receiver import Answer, Received, Receiver, answer, receiving

NETWORKS = {"ANSWERDESK_PROVIDER_NETWORKS": "127.0.0.0/8"}
KEY = "sk-test-0123456789abcdef"
CHAT = "/v1/chat/completions"
EVERY = "/v1/language-models"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server that may call models on this machine."""
    with serving(**NETWORKS) as running:
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


def says(*pieces: str, asked: int = 7) -> Answer:
    """Answer as OpenAI's API streams."""
    chunks: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces
    ]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    usage = {"prompt_tokens": asked, "completion_tokens": len(pieces)}
    chunks.append({"choices": [], "usage": usage})
    lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
    body = "".join([*lines, "data: [DONE]\n\n"]).encode()
    return answer(200, body, content_type="text/event-stream")


def refuses(status: int) -> Answer:
    body = json.dumps({"error": {"message": f"No, not with {KEY}", "type": "no"}}).encode()
    return answer(status, body, content_type="application/json")


class Models:
    """The owner's catalogue, and a service whose models answer."""

    def __init__(self, desk: Desk, receiver: Receiver) -> None:
        self.desk = desk
        self.owner = desk.owner
        self.receiver = receiver
        self.url = f"{receiver.url}/v1"
        self.answers(says("ok"))

    def answers(self, *answers: Answer) -> None:
        self.receiver.at(CHAT, *answers)

    def asked(self) -> list[Received]:
        return self.receiver.of(CHAT)

    def body(self, name: str, /, **fields: Any) -> dict[str, Any]:
        return {
            "name": name,
            "provider": "compatible",
            "url": self.url,
            "model": "tiny",
            "project_id": self.desk.project_id,
            **fields,
        }

    def post(
        self,
        name: str,
        /,
        *,
        unchecked: bool = False,
        by: httpx.Client | None = None,
        **fields: Any,
    ) -> httpx.Response:
        query = {"unchecked": "true"} if unchecked else {}
        return (by or self.owner).post(EVERY, json=self.body(name, **fields), params=query)

    def add(self, name: str, /, *, unchecked: bool = True, **fields: Any) -> dict[str, Any]:
        """Add a model of the project, without asking it."""
        added = self.post(name, unchecked=unchecked, **fields)
        assert added.status_code == 201, added.text
        model: dict[str, Any] = added.json()
        return model

    def list(self) -> list[dict[str, Any]]:
        listed = self.owner.get(EVERY, params={"project_id": self.desk.project_id, "limit": 200})
        assert listed.status_code == 200, listed.text
        items: list[dict[str, Any]] = listed.json()["items"]
        return [one for one in items if one["project_id"] == self.desk.project_id]


def path(model: dict[str, Any]) -> str:
    return f"{EVERY}/{model['id']}"


@pytest.fixture
def models(desk: Desk, receiver: Receiver, rows: Rows) -> Iterator[Models]:
    """A catalogue that begins empty: all models of an account have the same currency."""
    rows("delete from language_model returning 1")  # Other modules of this server leave some.
    yield Models(desk, receiver)
    rows("delete from language_model returning 1")
