"""Visitors who ask while something is killed, and what they find afterwards."""

import threading
import time
from collections.abc import Sequence

import httpx

from tests.dialects.orac.chat import Chat, parse_frames
from tests.waiting import PATIENCE


class Visitor(threading.Thread):
    """Asks one question and keeps what arrived before the connection broke."""

    def __init__(self, client: httpx.Client, project_id: str, number: int) -> None:
        super().__init__(daemon=True)
        self._client = client
        self._body = {"project_id": project_id, "message": f"What about number {number}?"}
        self.received = ""
        self.error: httpx.HTTPError | None = None
        self.refusal = ""

    def run(self) -> None:
        try:
            with self._client.stream("POST", "/api/chat", json=self._body) as response:
                if response.status_code != 200:
                    self.refusal = response.read().decode()
                    return
                for text in response.iter_text():
                    self.received += text
        except httpx.HTTPError as error:
            self.error = error

    @property
    def chat(self) -> Chat:
        """The whole frames that came."""
        return parse_frames(self.received[: self.received.rfind("\n\n") + 2])

    @property
    def acknowledged(self) -> bool:
        return bool(self.chat.frames)

    @property
    def sent_back(self) -> bool:
        """Whether the visitor was told to send it again."""
        return bool(self.refusal) or "event: error" in self.received

    @property
    def finished(self) -> bool:
        return "event: done" in self.received


def messages(client: httpx.Client, conversation_id: str) -> list[str]:
    """Return who wrote the messages of a conversation, in order."""
    shown = client.get("/api/widget/messages", params={"conversationId": conversation_id})
    return [message["role"] for message in shown.json()["messages"]]


def expect_one_answer_each(
    client: httpx.Client, acknowledged: Sequence[Visitor], lease: float
) -> None:
    """Wait until every question has an answer, and see that none gets another one."""
    deadline = time.monotonic() + PATIENCE
    waiting = [visitor.chat.conversation_id for visitor in acknowledged]
    while waiting and time.monotonic() < deadline:
        time.sleep(0.2)
        waiting = [one for one in waiting if "assistant" not in messages(client, one)]
    assert waiting == []
    time.sleep(lease + 0.5)
    for visitor in acknowledged:
        assert messages(client, visitor.chat.conversation_id) == ["user", "assistant"]
