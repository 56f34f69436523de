"""Novaro's API as its clients call it."""

import json
from typing import Any

import httpx

from tests.conftest import Desk
from tests.dialects.keys import key_of

QUESTION = "When does the ferry to Norway leave?"
FERRY = "The ferry to Norway leaves on Tuesday at nine from pier seven."


class Api:
    """A key that reaches one project, with an agent of that project."""

    def __init__(self, desk: Desk, prefix: str = "") -> None:
        self.desk = desk
        self.prefix = prefix
        self.key = key_of(desk.owner, project_ids=[desk.project_id])
        listed = desk.owner.get(f"{desk.path}/agents").json()["items"]
        self.agent_id: str = listed[0]["id"]

    def call(self, method: str, path: str, **fields: Any) -> httpx.Response:
        headers = {**self.key, **fields.pop("headers", {})}
        return self.desk.visitor.request(
            method, f"{self.prefix}/api/v1{path}", headers=headers, **fields
        )

    def made(self, path: str, **fields: Any) -> dict[str, Any]:
        """Post a body that has to be accepted."""
        made = self.call("POST", path, json=fields)
        assert made.status_code == 201, made.text
        body: dict[str, Any] = made.json()
        return body

    def asked(self, *messages: tuple[str, str], **fields: Any) -> dict[str, Any]:
        """Return the body of a request for a response."""
        said = [{"role": role, "content": content} for role, content in messages]
        return {"agentId": self.agent_id, "messages": said, **fields}

    def respond(self, *messages: tuple[str, str], **fields: Any) -> str:
        """Request a response; return its text."""
        answered = self.call("POST", "/messages", json=self.asked(*messages, **fields))
        assert answered.status_code == 200, answered.text
        [message] = answered.json()["messages"]
        assert set(message) == {"role", "content", "createdAt"}
        assert message["role"] == "assistant"
        text: str = message["content"]
        return text

    def stream(self, *messages: tuple[str, str], **fields: Any) -> list[tuple[str, dict[str, Any]]]:
        """Request a response as a stream; return its events."""
        answered = self.call(
            "POST",
            "/messages",
            json=self.asked(*messages, **fields),
            headers={"Accept": "text/event-stream"},
        )
        assert answered.status_code == 200, answered.text
        assert answered.headers["content-type"].startswith("text/event-stream")
        return events_of(answered.text)


def events_of(stream: str) -> list[tuple[str, dict[str, Any]]]:
    """Read a whole stream; comments are skipped, as every client must."""
    found = []
    for block in stream.split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith(":")]
        if lines:
            fields = dict(line.split(": ", 1) for line in lines)
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def refused(response: httpx.Response, status: int, error: str | None = None) -> str:
    """Check that a request was refused in Novaro's envelope; return the message."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.headers["access-control-allow-origin"] == "*"
    body = response.json()
    assert set(body) - {"errors"} == {"error", "message"}
    assert error in (None, body["error"]), body
    message: str = body["message"]
    assert message
    return message
