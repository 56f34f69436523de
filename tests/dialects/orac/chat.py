"""Talking Orac's wire as its own clients do."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Chat:
    """What came back from one chat: the frames' events, in order, each with its data."""

    frames: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The events' names, a run of tokens as one."""
        names: list[str] = []
        for name, _ in self.frames:
            if not (name == "token" and names and names[-1] == "token"):
                names.append(name)
        return names

    @property
    def text(self) -> str:
        """The answer's text."""
        return "".join(data["token"] for name, data in self.frames if name == "token")

    def first(self, name: str) -> dict[str, Any]:
        """The data of the first event with this name."""
        return next(data for event, data in self.frames if event == name)

    @property
    def conversation_id(self) -> str:
        return str(self.first("conversation_id")["conversation_id"])

    @property
    def sources(self) -> list[str]:
        return list(self.first("sources")["sources"])


def parse_frames(text: str) -> Chat:
    """Read a whole stream; comments are skipped, as every client must."""
    chat = Chat()
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith(":")]
        if lines:
            fields = dict(line.split(": ", 1) for line in lines)
            chat.frames.append((fields["event"], json.loads(fields["data"])))
    return chat


def ask(client: httpx.Client, project_id: str, message: str, **fields: Any) -> Chat:
    """Send a message and read the whole answer."""
    body = {"project_id": project_id, "message": message, **fields}
    response = client.post("/api/chat", json=body)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    return parse_frames(response.text)
