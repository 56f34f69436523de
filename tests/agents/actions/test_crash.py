"""A process that dies during a call: the question is answered once, and the receiver can tell."""

from collections.abc import Iterator

import pytest

from tests.agents.actions.conftest import NETWORKS, Shop, in_json
from tests.conftest import Server, serving
from tests.conversations.askers import messages
from tests.conversations.visitors.site import Site
from tests.dialects.orac.chat import parse_frames
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import receiving, silence


@pytest.fixture
def mortal() -> Iterator[Server]:
    with serving(ANSWERDESK_TURN_LEASE="1.5", **NETWORKS) as server:
        yield server
        server.kill()  # Not stopped, which waits: a turn is under way.


def test_a_turn_taken_over_calls_with_the_same_key(mortal: Server) -> None:
    with receiving() as receiver, mortal.client(owner=True) as owner, mortal.client() as visitor:
        shop = Shop(Site(owner, visitor), receiver)
        receiver.at("/cancel", silence, in_json({"status": "cancelled"}))
        action = shop.add(
            url=f"{receiver.url}/cancel",
            method="POST",
            triggers=["cancel my order"],
            answer="Your order is {status}.",
        )
        body = {"project_id": shop.site.project_id, "message": "Cancel my order A-1234."}
        with visitor.stream("POST", "/api/chat", json=body) as response:
            conversation = parse_frames(next(response.iter_text())).conversation_id
            receiver.wait_for("/cancel")
            mortal.kill()
        mortal.start()
        for _ in attempts(PATIENCE):
            if messages(visitor, conversation) == ["user", "assistant"]:
                break
        shown = visitor.get("/api/widget/messages", params={"conversationId": conversation})
        assert [one["content"] for one in shown.json()["messages"]] == [
            "Cancel my order A-1234.",
            "Your order is cancelled.",
        ]
        first, second = receiver.of("/cancel")
        assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
        assert first.body == second.body
        assert [call["milliseconds"] is None for call in shop.calls(action)] == [False, True]
