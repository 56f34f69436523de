"""Chatorex's API as its clients use it: chat, sources, leads, the widget's look."""

from typing import Any

import httpx
import pytest

from tests.conftest import Desk
from tests.dialects.keys import key_of
from tests.waiting import PATIENCE, attempts

RETURNS = "You can return goods within thirty days. Refunds are paid within a week."


class Bot:
    """A chatbot with a key of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.key = key_of(desk.owner, "sk_live_", project_ids=[desk.project_id])

    def call(self, method: str, path: str, **fields: Any) -> httpx.Response:
        return self.desk.visitor.request(method, path, headers=self.key, **fields)

    def ask(self, message: str, **fields: Any) -> dict[str, Any]:
        answered = self.call("POST", "/api/chat", json={"message": message, **fields})
        assert answered.status_code == 200, answered.text
        body: dict[str, Any] = answered.json()
        return body


@pytest.fixture
def bot(desk: Desk) -> Bot:
    return Bot(desk)


def refused(response: httpx.Response, status: int) -> str:
    """Check that a request was refused in Chatorex's envelope; return the sentence."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"error"}
    assert isinstance(body["error"], str)
    sentence: str = body["error"]
    return sentence


PATHS = (
    ("POST", "/chatorex/api/chat"),
    ("GET", "/api/sources"),
    ("POST", "/api/sources"),
    ("DELETE", "/api/sources?id=x"),
    ("GET", "/api/leads"),
    ("GET", "/api/widget-config"),
    ("GET", "/api/widget-settings"),
    ("PUT", "/api/widget-settings"),
)


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_key_is_needed_before_anything_is_read(
    visitor: httpx.Client, method: str, path: str
) -> None:
    assert "credential" in refused(visitor.request(method, path, content=b"{"), 401)
    unknown = {"Authorization": "Bearer sk_live_" + "x" * 43}
    refused(visitor.request(method, path, headers=unknown), 401)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"message": ""}',
        b'{"message": 7}',
        b'{"chatbot_id": "x"}',
        b'{"message": "hi", "session_id": 7}',
        b'{"message": "hi", "session_id": "' + b"x" * 201 + b'"}',
        b'{"message": "' + b"x" * 8001 + b'"}',
    ],
)
def test_a_malformed_chat_is_refused(bot: Bot, body: bytes) -> None:
    headers = {**bot.key, "Content-Type": "application/json"}
    sent = bot.desk.visitor.post("/chatorex/api/chat", content=body, headers=headers)
    refused(sent, 400)


def test_an_unknown_chatbot_source_or_path_is_not_found(bot: Bot, owner: httpx.Client) -> None:
    other = Desk(owner, bot.desk.visitor)
    for unknown in ("proj_0198c0de0000700080000000000000a1", "x", other.project_id):
        refused(bot.call("POST", "/api/chat", json={"message": "hi", "chatbot_id": unknown}), 404)
        refused(bot.call("GET", f"/api/sources?chatbot_id={unknown}"), 404)
    foreign = other.add_text("Secret", "The tunnel leads to the harbour.")["source_id"]
    refused(bot.call("DELETE", f"/api/sources?id={foreign}"), 404)
    assert other.owner.get(f"{other.path}/sources/{foreign}").status_code == 200
    refused(bot.call("DELETE", "/api/sources?id=nothing"), 404)
    refused(bot.call("DELETE", "/api/sources"), 400)
    refused(bot.call("GET", "/chatorex/api/nothing"), 404)
    refused(bot.call("PATCH", "/api/sources"), 405)


def test_a_key_that_may_only_read_changes_nothing(bot: Bot, owner: httpx.Client) -> None:
    reader = key_of(owner, "sk_live_", scopes=["read"], project_ids=[bot.desk.project_id])
    client = bot.desk.visitor
    for method, path in PATHS:
        response = client.request(method, path, headers=reader, json={"message": "hi"})
        if method == "GET":
            assert response.status_code == 200, response.text
        else:
            refused(response, 403)


def test_without_an_id_several_chatbots_are_a_question(owner: httpx.Client, bot: Bot) -> None:
    key = key_of(owner, "sk_live_")
    Desk(owner, bot.desk.visitor)
    client = bot.desk.visitor
    body = {"message": "hi"}
    assert "chatbot_id" in refused(client.post("/api/chat", json=body, headers=key), 400)
    refused(client.get("/api/widget-config", headers=key), 400)
    assert client.get("/api/sources", headers=key).status_code == 200


def test_a_session_goes_on(bot: Bot) -> None:
    bot.desk.add_text("Returns", RETURNS, url="https://shop.example/returns")
    first = bot.ask("Within how many days can I return goods?", chatbot_id=bot.desk.project_id)
    assert set(first) == {"response", "session_id", "sources", "confidence"}
    assert "thirty days" in first["response"]
    (source,) = first["sources"]
    assert source["title"] == "Returns"
    assert source["url"].startswith("https://shop.example/returns")
    assert 0 <= first["confidence"] <= 1
    again = bot.ask("When are refunds paid?", session_id=first["session_id"])
    assert again["session_id"] == first["session_id"]
    other = bot.ask("When are refunds paid?")
    assert other["session_id"] != first["session_id"]
    listed = bot.desk.owner.get(f"{bot.desk.path}/conversations").json()["items"]
    assert len(listed) == 2


def test_a_response_is_plain_text_and_names_sections(bot: Bot) -> None:
    prices = "# Prices\n\n## Norway\n\nA [small] parcel to Norway costs 5 * 3 = 15 euros.\n"
    bot.desk.add_text("Prices", prices, format="markdown")
    told = bot.ask("What does a small parcel to Norway cost?")
    assert "A [small] parcel to Norway costs 5 * 3 = 15 euros." in told["response"]
    assert [one["title"] for one in told["sources"]] == ["Prices › Norway"]


def test_sources_come_and_go(bot: Bot) -> None:
    added = bot.call("POST", "/api/sources", json={"type": "text", "title": "A", "content": "B c."})
    assert added.status_code == 201, added.text
    row = added.json()
    assert row["type"] == "text"
    assert row["chatbot_id"] == bot.desk.project_id
    file = {"file": ("manual.txt", b"The lamp is blue.", "text/plain")}
    sent = bot.call("POST", "/api/sources", files=file, data={"chatbot_id": bot.desk.project_id})
    assert sent.status_code == 201, sent.text
    assert sent.json()["type"] == "file"
    rows: list[dict[str, Any]] = []
    for _ in attempts(PATIENCE):
        rows = bot.call("GET", "/api/sources").json()["sources"]
        if all(one["status"] == "ready" for one in rows):
            break
    assert {one["title"] for one in rows} == {"A", "manual.txt"}
    assert set(rows[0]) == {"id", "type", "title", "url", "status", "created_at", "chatbot_id"}
    gone = bot.call("DELETE", f"/api/sources?id={row['id']}")
    assert (gone.status_code, gone.json()) == (200, {"success": True})
    refused(bot.call("DELETE", f"/api/sources?id={row['id']}"), 404)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "url"},
        {"type": "url", "url": "ftp://example.com"},
        {"type": "text", "title": "A"},
        {"type": "text", "content": "B"},
        {"type": "video", "url": "https://example.com"},
        {"url": "https://example.com"},
    ],
)
def test_a_source_that_cannot_be_is_refused(bot: Bot, body: dict[str, str]) -> None:
    refused(bot.call("POST", "/api/sources", json=body), 400)
    assert bot.call("GET", "/api/sources").json() == {"sources": []}


def test_a_form_without_a_file_is_refused(bot: Bot) -> None:
    boundary = {"Content-Type": "multipart/form-data; boundary=x", **bot.key}
    content = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    sent = bot.desk.visitor.post("/api/sources", content=content, headers=boundary)
    assert "file" in refused(sent, 400)


def test_settings_are_merged(bot: Bot) -> None:
    before = bot.call("GET", "/api/widget-settings").json()
    assert set(before) == {
        *("primary_color", "position", "welcome_message", "quick_prompts"),
        *("lead_capture", "behavior"),
    }
    change = {
        "primary_color": "#4F46E5",
        "welcome_message": "Hi! How can I help?",
        "position": "bottom-right",
        "lead_capture": {"enabled": True, "fields": ["email"]},
    }
    changed = bot.call("PUT", "/api/widget-settings", json=change)
    assert changed.status_code == 200, changed.text
    shown = bot.call("GET", "/api/widget-settings").json()
    assert shown == changed.json()
    assert (shown["primary_color"], shown["welcome_message"]) == ("#4F46E5", "Hi! How can I help?")
    assert shown["lead_capture"]["enabled"] is True
    assert shown["quick_prompts"] == before["quick_prompts"]
    config = bot.call("GET", "/api/widget-config").json()
    assert config["primary_color"] == "#4F46E5"
    refused(bot.call("PUT", "/api/widget-settings", json={"primary_color": "blue"}), 400)
    assert bot.call("GET", "/api/widget-settings").json() == shown


def test_leads_are_listed_with_their_session(bot: Bot) -> None:
    asked = bot.ask("I want to talk to a person", session_id="session-7")
    assert asked["session_id"] == "session-7"
    (lead,) = bot.call("GET", "/api/leads").json()["leads"]
    assert set(lead) == {
        *("id", "name", "email", "phone", "session_id", "page_url", "excerpt", "created_at"),
        "chatbot_id",
    }
    assert lead["session_id"] == "session-7"


def test_every_response_to_a_key_tells_its_rate(bot: Bot) -> None:
    for response in (
        bot.call("GET", "/api/sources"),
        bot.call("GET", "/api/sources?chatbot_id=x"),
        bot.call("PATCH", "/api/sources"),
        bot.call("POST", "/api/chat", content=b"{"),
    ):
        assert response.headers["x-ratelimit-limit"] == "1000000"
        assert response.headers["x-ratelimit-remaining"] == "1000000"
        assert response.headers["access-control-allow-origin"] == "*"


def test_an_address_typed_in_a_chat_becomes_a_lead_if_the_owner_wants_that(bot: Bot) -> None:
    bot.ask("Write to me at early@example.com", session_id="early")
    assert bot.call("GET", "/api/leads").json() == {"leads": []}
    bot.call("PUT", "/api/widget-settings", json={"lead_capture": {"enabled": True}})
    bot.ask("My address is no@where", session_id="none")
    bot.ask("Please write to ola@example.com about a refund", session_id="late")
    (lead,) = bot.call("GET", "/api/leads").json()["leads"]
    assert (lead["email"], lead["session_id"]) == ("ola@example.com", "late")
    assert "refund" in lead["excerpt"]
