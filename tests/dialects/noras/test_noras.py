"""Noras' API as its clients use it: chat, conversations, widgets, analytics."""

from typing import Any

import httpx
import pytest

from tests.conftest import Desk
from tests.dialects.keys import key_of

HOURS = "Our business hours are Monday to Friday, nine to six."


class Widget:
    """A widget with a key of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.widget_key = desk.project_id.replace("proj_", "widget_")
        self.key = key_of(desk.owner, "sk_", project_ids=[desk.project_id])

    def call(self, method: str, path: str, **fields: Any) -> httpx.Response:
        return self.desk.visitor.request(method, path, headers=self.key, **fields)

    def chat(self, message: str, user_code: str = "user_1", **fields: Any) -> dict[str, Any]:
        body = {"widget_key": self.widget_key, "message": message, "user_code": user_code}
        answered = self.call("POST", "/api/chat", json=body | fields)
        assert answered.status_code == 200, answered.text
        told: dict[str, Any] = answered.json()
        return told

    def rows(self, **params: Any) -> dict[str, Any]:
        listed = self.call("GET", f"/api/conversations/{self.widget_key}", params=params)
        assert listed.status_code == 200, listed.text
        told: dict[str, Any] = listed.json()
        return told


@pytest.fixture
def widget(desk: Desk) -> Widget:
    return Widget(desk)


def refused(response: httpx.Response, status: int) -> dict[str, Any]:
    """Check that a request was refused in Noras' envelope."""
    assert response.status_code == status, response.text
    body: dict[str, Any] = response.json()
    assert set(body) == {"success", "error", "message"}
    assert body["success"] is False
    return body


PATHS = (
    ("POST", "/noras/api/chat"),
    ("GET", "/api/conversations/widget_x"),
    ("GET", "/api/widgets"),
    ("GET", "/api/widgets/widget_x"),
    ("PUT", "/api/widgets/widget_x"),
    ("PATCH", "/api/widgets/widget_x"),
    ("GET", "/api/analytics"),
    ("GET", "/api/analytics/widget_x"),
)


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize("key", [None, "sk_" + "x" * 43, "nonsense"])
def test_without_a_good_key_the_sentence_is_the_printed_one(
    visitor: httpx.Client, method: str, path: str, key: str | None
) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    told = refused(visitor.request(method, path, headers=headers, content=b"{"), 401)
    assert told == {
        "success": False,
        "error": "Invalid API key",
        "message": "The provided API key is invalid or expired",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"message": None},
        {"message": ""},
        {"message": "x" * 2001},
        {"message": ["hi"]},
        {"user_code": None},
        {"user_code": ""},
        {"user_code": "x" * 201},
        {"context": "a text"},
        {"context": {"page_url": "x" * 20_001}},
    ],
)
def test_a_malformed_chat_is_refused(widget: Widget, change: dict[str, Any]) -> None:
    body = {"widget_key": widget.widget_key, "message": "hi", "user_code": "user_1"}
    refused(widget.call("POST", "/api/chat", json=body | change), 400)
    assert widget.rows()["total"] == 0


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null"])
def test_a_body_that_cannot_be_read_is_refused(widget: Widget, content: bytes) -> None:
    refused(widget.call("POST", "/api/chat", content=content), 400)


def test_two_thousand_code_points_are_taken_whatever_their_bytes(widget: Widget) -> None:
    assert widget.chat("😀" * 2000)["success"] is True


def test_an_unknown_widget_path_or_method_is_refused(widget: Widget, owner: httpx.Client) -> None:
    other = Widget(Desk(owner, widget.desk.visitor))
    for unknown in ("widget_x", "widget_0198c0de0000700080000000000000a1", other.widget_key):
        body = {"widget_key": unknown, "message": "hi", "user_code": "u"}
        refused(widget.call("POST", "/api/chat", json=body), 404)
        for path in ("conversations", "widgets", "analytics"):
            refused(widget.call("GET", f"/api/{path}/{unknown}"), 404)
    refused(widget.call("GET", "/api/conversations"), 404)
    refused(widget.call("DELETE", "/api/widgets"), 405)


def test_a_limit_beyond_a_hundred_is_refused(widget: Widget) -> None:
    path = f"/api/conversations/{widget.widget_key}"
    for params in ({"limit": 101}, {"limit": 0}, {"limit": "many"}, {"offset": -1}):
        refused(widget.call("GET", path, params=params), 400)
    for params in (
        {"from": "yesterday"},
        {"from": "2026-02-01", "to": "2026-01-01"},
        {"to": "0001-01-01"},
    ):
        refused(widget.call("GET", "/api/analytics", params=params), 400)


def test_a_user_goes_on_in_one_conversation(widget: Widget) -> None:
    widget.desk.add_text("Hours", HOURS)
    first = widget.chat("What are your business hours?", context={"page_url": "https://a.example"})
    assert set(first) == {"success", "message", "conversation_id", "timestamp"}
    assert "nine to six" in first["message"]
    assert widget.chat("Thank you")["conversation_id"] == first["conversation_id"]
    other = widget.chat("What are your business hours?", user_code="user_2")
    assert other["conversation_id"] != first["conversation_id"]

    listed = widget.rows()
    assert (listed["total"], listed["has_more"]) == (3, False)
    row = listed["conversations"][-1]
    assert set(row) == {"id", "turn_id", "user_code", "message", "response", "timestamp"}
    assert (row["id"], row["user_code"]) == (first["conversation_id"], "user_1")
    assert row["response"] == first["message"]
    page = widget.rows(limit=2, offset=1)
    assert [one["turn_id"] for one in page["conversations"]] == [
        one["turn_id"] for one in listed["conversations"][1:]
    ]
    assert widget.rows(limit=2)["has_more"] is True
    assert widget.rows(user_code="user_2")["total"] == 1
    assert widget.rows(user_code="nobody") == {
        "success": True,
        "conversations": [],
        "total": 0,
        "has_more": False,
    }


def test_a_reached_message_limit_is_a_plan_limit(widget: Widget) -> None:
    caps = {"settings": {"message_caps": {"per_day": 1}}}
    changed = widget.desk.owner.patch(widget.desk.path, json=caps)
    assert changed.status_code == 200, changed.text
    widget.chat("When do you open?")
    body = {"widget_key": widget.widget_key, "message": "And close?", "user_code": "user_1"}
    refusal = refused(widget.call("POST", "/api/chat", json=body), 403)
    assert refusal["error"] == "Plan limit reached"
    assert refusal["message"]
    assert widget.rows()["conversations"][0]["response"] == ""


def test_widgets_are_shown_and_changed(widget: Widget) -> None:
    (one,) = widget.call("GET", "/api/widgets").json()["widgets"]
    assert one["widget_key"] == widget.widget_key
    path = f"/api/widgets/{widget.widget_key}"
    change = {"name": "Shop", "welcome_message": "Hello!", "primary_color": "#112233"}
    changed = widget.call("PUT", path, json=change)
    assert changed.status_code == 200, changed.text
    shown = widget.call("GET", path).json()
    assert shown == changed.json()
    assert shown["success"] is True
    assert {field: shown["widget"][field] for field in change} == change
    refused(widget.call("PATCH", path, json={"primary_color": "red"}), 400)
    assert widget.call("GET", path).json() == shown


def test_analytics_count_what_was_said(widget: Widget) -> None:
    widget.desk.add_text("Hours", HOURS)
    widget.chat("What are your business hours?")
    widget.chat("What are your business hours?", user_code="user_2")
    told = widget.call("GET", f"/api/analytics/{widget.widget_key}").json()
    assert set(told) >= {
        *("total_conversations", "total_messages", "unique_users"),
        *("avg_response_time", "satisfaction_rate"),
    }
    assert (told["total_conversations"], told["unique_users"]) == (2, 2)
    assert told["satisfaction_rate"] == 0
    assert told["avg_response_time"] > 0
    past = {"from": "2020-01-01", "to": "2020-01-31"}
    before = widget.call("GET", "/api/analytics", params=past).json()
    assert before["total_conversations"] == 0
