"""The bodies that Orac's document prints, sent as printed but for the ids."""

import json
from typing import Any

import httpx

from tests.conftest import Desk
from tests.dialects.orac.chat import parse_frames

CHAT = """{
"project_id": "proj_abc123",
"message": "Does the Pro plan include BYOK?",
"conversation_id": "conv_xyz789",
"page_url": "https://example.com/pricing",
"visitor_id": "visitor_...",
"context": "User is on /pricing. Plan badge visible: Free."
}"""
FEEDBACK = """{
"message_id": "msg_...",
"rating": "positive",
"reason": "accurate"
}"""
ESCALATE = """{
"conversation_id": "conv_xyz789",
"email": "visitor@example.com",
"message": "Orac couldn't resolve this — can a human help?"
}"""
POLLED = "/api/widget/messages?conversationId=conv_xyz789&since=2026-04-18T11:20:00Z"
MESSAGE = ("id", "role", "content", "sources", "created_at")


def post(client: httpx.Client, path: str, body: str) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    sent = client.post(path, content=body.encode(), headers=headers)
    assert sent.status_code == 200, sent.text
    return sent


def test_the_printed_requests_work(desk: Desk, visitor: httpx.Client) -> None:
    begins: dict[str, Any] = json.loads(CHAT) | {"project_id": desk.project_id}
    del begins["conversation_id"]
    begun = parse_frames(post(visitor, "/api/chat", json.dumps(begins)).text)
    conversation_id = begun.conversation_id

    def own(text: str) -> str:
        ids = {
            "proj_abc123": desk.project_id,
            "conv_xyz789": conversation_id,
            "msg_...": begun.first("done")["message_id"],
        }
        for printed, ours in ids.items():
            text = text.replace(printed, ours)
        return text

    goes_on = parse_frames(post(visitor, "/api/chat", own(CHAT)).text)
    assert goes_on.conversation_id == conversation_id
    assert goes_on.names[-1] == "done"
    config = visitor.get(own("/api/widget/config?id=proj_abc123"))
    assert config.status_code == 200, config.text
    assert post(visitor, "/api/widget/feedback", own(FEEDBACK)).json() == {"success": True}
    assert post(visitor, "/api/widget/escalate", own(ESCALATE)).json() == {"success": True}
    path = f"/v1/conversations/{conversation_id}/messages"
    text = "Hi — responding directly from the team."
    assert desk.owner.post(path, json={"content": text}).status_code == 201
    polled = visitor.get(own(POLLED)).json()["messages"][-1]
    assert tuple(polled) == MESSAGE
    assert (polled["role"], polled["content"]) == ("assistant", text)
    assert polled["sources"] == ["human_reply"]
