"""What Orac's widget tier refuses: always its envelope, never a 500, nothing stored."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from answerdesk.conversations.reply.stream import Accepted, ChatEvent, Failed
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId
from answerdesk.dialects.orac.encoder import encode_chat
from tests.conftest import Desk, Rows
from tests.dialects.orac.chat import ask, parse_frames

UNKNOWN_PROJECT = "proj_0198c0de0000700080000000000000a1"
UNKNOWN_CONVERSATION = "conv_0198c0de0000700080000000000000a2"
UNKNOWN_MESSAGE = "msg_0198c0de0000700080000000000000a3"


def assert_envelope(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    body: dict[str, Any] = response.json()
    assert set(body) == {"error", "code", "status"}
    assert body["status"] == status
    assert body["code"] == code
    assert body["error"]
    return body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"\xff\xfe{}",
        b'{"message": "hi"}',
        b'{"project_id": 7, "message": "hi"}',
        b"[" * 50_000,
        json.dumps({"project_id": UNKNOWN_PROJECT}).encode(),
        json.dumps({"project_id": UNKNOWN_PROJECT, "message": ""}).encode(),
        json.dumps({"project_id": UNKNOWN_PROJECT, "message": " \n\t"}).encode(),
        json.dumps({"project_id": UNKNOWN_PROJECT, "message": None}).encode(),
        json.dumps({"project_id": UNKNOWN_PROJECT, "message": ["hi"]}).encode(),
        json.dumps({"project_id": UNKNOWN_PROJECT, "message": "a\0b"}).encode(),
        json.dumps({"project_id": UNKNOWN_PROJECT, "message": "a\ud800b"}).encode(),
        json.dumps({"project_id": UNKNOWN_PROJECT, "message": "x" * 8001}).encode(),
        json.dumps({"project_id": UNKNOWN_PROJECT, "message": "hi", "context": "\0"}).encode(),
    ],
)
def test_chat_refuses_a_malformed_body(visitor: httpx.Client, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = visitor.post("/api/chat", content=body, headers=headers)
    assert response.status_code == 400, response.text
    assert set(response.json()) == {"error", "code", "status"}


def test_the_refusal_names_the_field(visitor: httpx.Client) -> None:
    body = {"project_id": UNKNOWN_PROJECT, "message": "a\0b"}
    error = assert_envelope(visitor.post("/api/chat", json=body), 400, "invalid_request")
    assert "message" in error["error"]
    assert "NUL" in error["error"]


def test_chat_refuses_a_megabyte(visitor: httpx.Client) -> None:
    body = {"project_id": UNKNOWN_PROJECT, "message": "x" * 1_000_000}
    assert_envelope(visitor.post("/api/chat", json=body), 400, "body_too_large")


def test_a_body_without_a_declared_length_is_bounded_too(visitor: httpx.Client) -> None:
    pieces = (b"x" * 1000 for _ in range(1000))
    assert_envelope(visitor.post("/api/chat", content=pieces), 400, "body_too_large")


@pytest.mark.parametrize(
    "project_id", [UNKNOWN_PROJECT, "proj_", "x", "../..", "proj_abc123", "🙂"]
)
def test_an_unknown_project_is_not_found(visitor: httpx.Client, project_id: str) -> None:
    body = {"project_id": project_id, "message": "hi"}
    assert_envelope(visitor.post("/api/chat", json=body), 404, "project_not_found")
    config = visitor.get("/api/widget/config", params={"id": project_id})
    assert_envelope(config, 404, "project_not_found")


@pytest.mark.parametrize(
    "conversation_id", [UNKNOWN_CONVERSATION, "conv_", "x", "0198c0de-0000-7000-8000-0000000000a4"]
)
def test_an_unknown_conversation_is_not_found_before_any_stream(
    desk: Desk, visitor: httpx.Client, conversation_id: str
) -> None:
    body = {
        "project_id": desk.project_id,
        "message": "hi",
        "conversation_id": conversation_id,
    }
    assert_envelope(visitor.post("/api/chat", json=body), 404, "conversation_not_found")
    messages = visitor.get("/api/widget/messages", params={"conversationId": conversation_id})
    assert_envelope(messages, 404, "conversation_not_found")
    escalated = visitor.post("/api/widget/escalate", json={"conversation_id": conversation_id})
    assert_envelope(escalated, 404, "conversation_not_found")


def test_another_projects_conversation_is_not_found(
    desk: Desk, owner: httpx.Client, visitor: httpx.Client
) -> None:
    conversation_id = ask(visitor, desk.project_id, "hello there").conversation_id
    other = Desk(owner, visitor)
    body = {
        "project_id": other.project_id,
        "message": "hi",
        "conversation_id": conversation_id,
    }
    assert_envelope(visitor.post("/api/chat", json=body), 404, "conversation_not_found")


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01T00:00:00Z", "\0", "9" * 400])
def test_messages_refuse_a_since_that_is_no_time(visitor: httpx.Client, since: str) -> None:
    params = {"conversationId": UNKNOWN_CONVERSATION, "since": since}
    assert_envelope(visitor.get("/api/widget/messages", params=params), 400, "invalid_since")


def test_missing_parameters_are_named(visitor: httpx.Client) -> None:
    error = assert_envelope(visitor.get("/api/widget/config"), 400, "invalid_request")
    assert "id" in error["error"]
    error = assert_envelope(visitor.get("/api/widget/messages"), 400, "invalid_request")
    assert "conversationId" in error["error"]


@pytest.mark.parametrize("rating", ["great", "", None, 1])
def test_feedback_refuses_an_unknown_rating(visitor: httpx.Client, rating: object) -> None:
    body = {"message_id": UNKNOWN_MESSAGE, "rating": rating}
    assert_envelope(visitor.post("/api/widget/feedback", json=body), 400, "invalid_request")


def test_feedback_on_an_unknown_message_is_not_found(visitor: httpx.Client) -> None:
    body = {"message_id": UNKNOWN_MESSAGE, "rating": "positive"}
    assert_envelope(visitor.post("/api/widget/feedback", json=body), 404, "message_not_found")


@pytest.mark.parametrize("email", ["not an email", "a@", "@example.com", "a b@example.com", 7])
def test_escalation_refuses_an_address_that_is_none(
    desk: Desk, visitor: httpx.Client, rows: Rows, email: object
) -> None:
    conversation_id = ask(visitor, desk.project_id, "hello there").conversation_id
    body = {"conversation_id": conversation_id, "email": email}
    refused = visitor.post("/api/widget/escalate", json=body)
    assert_envelope(refused, 400, "invalid_request" if email == 7 else "email_invalid")
    value = UUID(conversation_id.removeprefix("conv_"))
    assert rows("select state from conversation where id = %s", value) == [("ai",)]
    assert rows("select 1 from lead where conversation_id = %s", value) == []


def test_a_key_that_comes_along_has_to_be_a_good_one(desk: Desk, visitor: httpx.Client) -> None:
    headers = {"Authorization": "Bearer orac_live_" + "x" * 43}
    body = {"project_id": desk.project_id, "message": "hi"}
    refused = visitor.post("/api/chat", json=body, headers=headers)
    assert_envelope(refused, 401, "api_key_unknown")


def test_a_wrong_method_and_an_unknown_path_have_the_envelope(visitor: httpx.Client) -> None:
    assert_envelope(visitor.get("/api/chat"), 405, "method_not_allowed")
    assert_envelope(visitor.post("/orac/api/widget/nothing"), 404, "not_found")
    # Outside the widget tier a key comes first.
    assert_envelope(visitor.post("/orac/api/nothing"), 401, "not_authenticated")


async def test_a_stream_that_fails_ends_with_an_error_frame() -> None:
    conversation_id, message_id = ConversationId(uuid4()), MessageId(uuid4())

    async def events() -> AsyncIterator[ChatEvent]:
        yield Accepted(conversation_id, message_id)
        yield Failed("answer_failed", "Please send your message again")

    frames = b"".join([one async for one in encode_chat(events(), ProjectId(uuid4()), "http://x")])
    chat = parse_frames(frames.decode())
    assert chat.names == ["conversation_id", "error"]
    assert chat.first("error") == {
        "type": "error",
        "error": "Please send your message again",
        "code": "answer_failed",
        "status": 500,
    }
