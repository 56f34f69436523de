"""Orac's widget tier, as its own clients use it."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.conftest import Desk, Rows, Server
from tests.dialects.orac.chat import ask, parse_frames
from tests.inbox.notices.told import BY_BROWSER, first_notices, prefer
from tests.inbox.team import Team
from tests.waiting import PATIENCE, attempts

RETURNS = "You can return any item within 30 days. Refunds are paid within five working days."
SHIPPING = "Shipping to Germany takes three days. Express shipping costs 12 euros."


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A project that knows about returns and shipping."""
    desk.add_text("Returns", RETURNS)
    desk.add_text("Shipping", SHIPPING, url="https://shop.example/shipping")
    return desk


def test_a_chat_streams_its_events_in_order(shop: Desk, visitor: httpx.Client) -> None:
    chat = ask(visitor, shop.project_id, "What does express shipping cost?", unknown="ignored")
    assert chat.names == ["conversation_id", "token", "sources", "confidence", "done"]
    assert all(data["type"] == name for name, data in chat.frames)
    assert chat.text.replace("**", "").strip() == SHIPPING
    assert "**Express shipping costs 12 euros.**" in chat.text
    assert chat.sources == ["https://shop.example/shipping"]
    assert 0 <= chat.first("confidence")["confidence"] <= 1
    assert re.fullmatch(r"conv_[0-9a-f]{32}", chat.conversation_id)
    assert re.fullmatch(r"msg_[0-9a-f]{32}", chat.first("done")["message_id"])
    assert chat.first("conversation_id")["message_id"] != chat.first("done")["message_id"]


def test_the_dialect_is_reachable_under_its_prefix(shop: Desk, visitor: httpx.Client) -> None:
    body = {"project_id": shop.project_id, "message": "How fast are refunds paid?"}
    chat = parse_frames(visitor.post("/orac/api/chat", json=body).text)
    assert "five working days" in chat.text
    openapi = visitor.get("/orac/openapi.json").json()
    assert set(openapi["paths"]) >= {"/api/chat", "/api/widget/config", "/api/widget/messages"}


def test_a_bare_uuid_names_the_project(shop: Desk, visitor: httpx.Client) -> None:
    bare = str(UUID(shop.project_id.removeprefix("proj_")))
    assert "five working days" in ask(visitor, bare, "How fast are refunds paid?").text


def test_a_passage_without_url_gets_a_public_one(
    shop: Desk, visitor: httpx.Client, server: Server
) -> None:
    chat = ask(visitor, shop.project_id, "Within how many days can I return an item?")
    (url,) = chat.sources
    assert url.startswith(f"{server.url}/passages/{shop.project_id}/psg_")
    passage = visitor.get(url.replace("/passages/", "/v1/passages/")).json()
    assert passage["title"] == "Returns"
    assert "within 30 days" in passage["text"]


def test_what_is_not_known_is_said_without_sources(shop: Desk, visitor: httpx.Client) -> None:
    chat = ask(visitor, shop.project_id, "Who painted the Mona Lisa?")
    assert chat.names == ["conversation_id", "token", "sources", "confidence", "done"]
    assert chat.text.startswith("I don't have that")
    assert chat.sources == []


def test_an_empty_project_abstains(desk: Desk, visitor: httpx.Client) -> None:
    chat = ask(visitor, desk.project_id, "Anything?")
    assert chat.text.startswith("I don't have that")
    assert chat.sources == []
    assert chat.first("confidence")["confidence"] == 0


def test_a_qa_item_is_answered_with_its_answer(desk: Desk, visitor: httpx.Client) -> None:
    desk.add_item("Do you ship to Norway?", "Yes. It takes a week.\nDuties are included.")
    chat = ask(visitor, desk.project_id, "do you ship to norway")
    # Markdown: a line break that is meant.
    assert chat.text == "Yes. It takes a week.  \nDuties are included."


def test_a_conversation_goes_on(shop: Desk, visitor: httpx.Client) -> None:
    first = ask(visitor, shop.project_id, "What does express shipping cost?")
    second = ask(
        visitor,
        shop.project_id,
        "And how long does it take to Germany?",
        conversation_id=first.conversation_id,
    )
    assert second.conversation_id == first.conversation_id
    assert "three days" in second.text


def test_without_since_everything_is_polled(shop: Desk, visitor: httpx.Client) -> None:
    first = ask(visitor, shop.project_id, "What does express shipping cost?")
    params = {"conversationId": first.conversation_id}
    messages = visitor.get("/api/widget/messages", params=params).json()["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant"]
    assert messages[0]["id"] == first.first("conversation_id")["message_id"]
    assert messages[1]["id"] == first.first("done")["message_id"]
    assert messages[1]["content"] == first.text
    assert messages[1]["sources"] == first.sources
    for message in messages:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", message["created_at"])
        datetime.fromisoformat(message["created_at"])


def test_with_since_only_what_the_widget_has_not_seen_is_polled(
    shop: Desk, visitor: httpx.Client, rows: Rows
) -> None:
    chat = ask(visitor, shop.project_id, "What does express shipping cost?")

    def polled(since: str) -> list[dict[str, Any]]:
        params = {"conversationId": chat.conversation_id, "since": since}
        found: list[dict[str, Any]] = visitor.get("/api/widget/messages", params=params).json()[
            "messages"
        ]
        return found

    before = "2020-01-01T00:00:00+02:00"
    # That the stream was read to its end is noted right after it.
    for _ in attempts(PATIENCE):
        if polled(before) == []:
            break
    assert polled(before) == []
    question = uuid_of(chat.first("conversation_id")["message_id"])
    rows("update turn set read = false where question_id = %s returning 1", question)
    (answer,) = polled(before)
    assert (answer["id"], answer["content"]) == (chat.first("done")["message_id"], chat.text)
    path = f"/v1/conversations/{chat.conversation_id}/messages"
    assert shop.owner.post(path, json={"content": "Hi, Ana here."}).status_code == 201
    ask(visitor, shop.project_id, "Thank you", conversation_id=chat.conversation_id)
    first, reply = polled(before)
    assert first == answer
    assert (reply["content"], reply["sources"]) == ("Hi, Ana here.", ["human_reply"])
    assert polled(answer["created_at"]) == [answer, reply]
    assert polled(reply["created_at"]) == [reply]
    assert polled("2999-01-01T00:00:00Z") == []


def test_feedback_is_kept_and_the_last_holds(shop: Desk, visitor: httpx.Client, rows: Rows) -> None:
    chat = ask(visitor, shop.project_id, "What does express shipping cost?")
    answer, question = chat.first("done")["message_id"], chat.first("conversation_id")["message_id"]
    reason = "  accurate\n🙂 "
    for rating, why in (("negative", None), ("positive", reason)):
        body = {"message_id": answer, "rating": rating, "reason": why}
        response = visitor.post("/api/widget/feedback", json=body)
        assert (response.status_code, response.json()) == (200, {"success": True})
    stored = rows("select rating, reason from feedback where message_id = %s", uuid_of(answer))
    assert stored == [("positive", reason)]
    refused = visitor.post(
        "/api/widget/feedback", json={"message_id": question, "rating": "positive"}
    )
    assert refused.status_code == 400
    assert refused.json()["code"] == "not_an_answer"


def test_a_negative_rating_is_a_question_for_people(shop: Desk, visitor: httpx.Client) -> None:
    asked = "What does express shipping cost in December?"
    answer = ask(visitor, shop.project_id, asked).first("done")["message_id"]
    body = {"message_id": answer, "rating": "negative", "reason": "Too short."}
    assert visitor.post("/api/widget/feedback", json=body).status_code == 200
    listed = shop.owner.get(f"{shop.path}/open-questions", params={"kind": "negative"})
    [question] = [one for one in listed.json()["items"] if one["question"] == asked]
    assert (question["count"], question["reason"]) == (1, "Too short.")


def test_escalation_stores_the_lead_once_and_tells_it(
    shop: Desk, visitor: httpx.Client, rows: Rows
) -> None:
    chat = ask(visitor, shop.project_id, "What does express shipping cost?")
    body = {"conversation_id": chat.conversation_id}
    assert visitor.post("/api/widget/escalate", json=body).json() == {"success": True}
    body |= {"email": "visitor@example.com", "phone": "+49 30 1", "message": "Please help"}
    assert visitor.post("/api/widget/escalate", json=body).status_code == 200
    assert visitor.post("/api/widget/escalate", json=body).status_code == 200
    conversation = uuid_of(chat.conversation_id)
    assert rows(
        "select email, phone, message from lead where conversation_id = %s", conversation
    ) == [("visitor@example.com", "+49 30 1", "Please help")]
    events = rows(
        "select type from event where payload->>'conversation_id' = %s order by id",
        chat.conversation_id,
    )
    assert [event for (event,) in events].count("conversation.escalated") == 1
    assert [event for (event,) in events].count("lead.created") == 1
    state = rows(
        "select state, escalated_at is not null from conversation where id = %s", conversation
    )
    assert state == [("waiting", True)]


def test_an_escalation_is_told_to_webhooks_and_people(
    server: Server, visitor: httpx.Client, rows: Rows
) -> None:
    team = Team(server, visitor)
    prefer(team.ana, waiting=BY_BROWSER, lead=BY_BROWSER)
    chat = ask(visitor, team.site.project_id, "Do you repair bicycles?")
    wish = {"conversation_id": chat.conversation_id, "email": "visitor@example.com"}
    assert visitor.post("/api/widget/escalate", json=wish).status_code == 200
    for kind in ("waiting", "lead"):
        (told,) = first_notices(team.ana, kind)
        assert told["conversation_id"] == chat.conversation_id
    events = rows(
        "select type from event where payload->>'conversation_id' = %s", chat.conversation_id
    )
    # What webhooks are told of, Orac's `new_lead` and `escalation` among them.
    assert {"lead.created", "conversation.escalated"} <= {event for (event,) in events}


def test_asking_for_a_person_escalates_by_itself(
    shop: Desk, visitor: httpx.Client, rows: Rows
) -> None:
    chat = ask(visitor, shop.project_id, "Can I talk to a human please?")
    assert chat.names == ["conversation_id", "token", "sources", "confidence", "done"]
    assert "team" in chat.text
    assert chat.sources == []
    conversation = uuid_of(chat.conversation_id)
    assert rows("select state from conversation where id = %s", conversation) == [("waiting",)]
    assert rows("select count(*) from lead where conversation_id = %s", conversation) == [(1,)]


def test_a_person_has_the_conversation(shop: Desk, visitor: httpx.Client) -> None:
    chat = ask(visitor, shop.project_id, "What does express shipping cost?")
    path = f"/v1/conversations/{chat.conversation_id}/messages"
    assert shop.owner.post(path, json={"content": "Hi, Ana here."}).status_code == 201
    told = ask(visitor, shop.project_id, "And to Norway?", conversation_id=chat.conversation_id)
    assert [name for name, _ in told.frames] == ["conversation_id", "token", "done"]
    assert told.first("done")["message_id"] is None
    assert shop.owner.post(path, json={"content": "No."}).status_code == 201
    params = {"conversationId": chat.conversation_id}
    messages = visitor.get("/api/widget/messages", params=params).json()["messages"]
    assert [(one["role"], one["content"]) for one in messages[2:]] == [
        ("assistant", "Hi, Ana here."),
        ("user", "And to Norway?"),
        ("assistant", "No."),
    ]
    assert messages[-1]["sources"] == ["human_reply"]


def test_a_repeated_question_is_asked_again_once_it_was_answered(
    shop: Desk, visitor: httpx.Client
) -> None:
    question = "What does express shipping cost?"
    first = ask(visitor, shop.project_id, question)
    again = ask(visitor, shop.project_id, question, conversation_id=first.conversation_id)
    assert again.text == first.text
    assert again.sources == first.sources
    assert again.first("done") != first.first("done")
    params = {"conversationId": first.conversation_id}
    assert len(visitor.get("/api/widget/messages", params=params).json()["messages"]) == 4


def test_the_config_has_what_the_widget_needs(shop: Desk, visitor: httpx.Client) -> None:
    config = visitor.get("/api/widget/config", params={"id": shop.project_id}).json()
    assert set(config) == {"name", "settings", "office_hours", "plan_features"}
    assert set(config["settings"]) == {
        *("color", "gradient_stops", "position", "welcome", "avatar", "show_branding"),
        "custom_css",
    }
    assert config["office_hours"]["open_now"] is True
    assert all(isinstance(value, bool) for value in config["plan_features"].values())


def test_office_hours_are_told(owner: httpx.Client, visitor: httpx.Client) -> None:
    days = {"mon": [{"start": "09:00", "end": "17:00"}]}
    hours = {"timezone": "Europe/Berlin", "days": days, "holidays": ["2026-12-25"]}
    body = {"name": "Hours", "settings": {"office_hours": hours}}
    project = owner.post("/v1/projects", json=body).json()
    told = visitor.get("/api/widget/config", params={"id": project["id"]}).json()["office_hours"]
    assert told["timezone"] == "Europe/Berlin"
    assert told["days"] == {"mon": [["09:00", "17:00"]]}
    assert told["holidays"] == ["2026-12-25"]


def test_any_page_may_call_it(visitor: httpx.Client) -> None:
    headers = {
        "Origin": "https://shop.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    preflight = visitor.options("/api/chat", headers=headers)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in preflight.headers


def uuid_of(public_id: str) -> UUID:
    return UUID(public_id.partition("_")[2])
