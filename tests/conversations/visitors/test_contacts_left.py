"""Contact details that visitors leave in their conversation, and ratings that they find again."""

from typing import Any

import pytest

from tests.conftest import Desk, Rows
from tests.conversations.visitors.site import Guest, Site, assert_problem

UNKNOWN = "conv_0198c0de0000700080000000000000a2"
CONSENT = {"text": "You may write to me.", "page_url": "https://shop.example/help"}


def leave(guest: Guest, conversation_id: str, **fields: Any) -> Any:
    return guest.post(f"conversations/{conversation_id}/lead", **fields)


def leads(desk: Desk) -> list[dict[str, Any]]:
    listed = desk.owner.get(f"{desk.path}/leads")
    assert listed.status_code == 200, listed.text
    items: list[dict[str, Any]] = listed.json()["items"]
    return items


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "contact_missing"),
        ({"name": "Ann", "message": "Call me"}, "contact_missing"),
        ({"email": " ", "phone": ""}, "contact_missing"),
        ({"email": "ann at example"}, "email_invalid"),
        ({"email": "a" * 330 + "@example.com"}, "invalid_input"),
        ({"phone": "1" * 51}, "invalid_input"),
        ({"name": "x" * 201, "phone": "1"}, "invalid_input"),
        ({"phone": "1", "company": "Acme"}, "invalid_input"),
        ({"phone": "1", "consent": {"text": " "}}, "invalid_input"),
    ],
)
def test_what_reaches_nobody_is_refused(site: Site, fields: dict[str, Any], code: str) -> None:
    guest = site.guest()
    assert_problem(leave(guest, guest.start(), **fields), 422, code)
    assert leads(site) == []


def test_anothers_conversation_is_not_there(site: Site) -> None:
    conversation_id = site.guest().start()
    for one in (conversation_id, UNKNOWN, "nothing"):
        refused = leave(site.guest(), one, phone="1")
        assert_problem(refused, 404, "conversation_not_found")
    assert leads(site) == []


def test_a_contact_is_a_lead_and_asks_for_nobody(site: Site) -> None:
    guest = site.guest()
    conversation_id = guest.start()
    assert leave(guest, conversation_id, name="Ann", email="ann@example.com").status_code == 204
    assert leave(guest, conversation_id, phone="+49 30 1234").status_code == 204
    (lead,) = leads(site)
    assert (lead["name"], lead["email"], lead["phone"]) == ("Ann", "ann@example.com", "+49 30 1234")
    assert (lead["conversation_id"], lead["consent"]) == (conversation_id, None)
    (listed,) = guest.get("conversations").json()["items"]
    assert listed["state"] == "ai"


def test_where_consent_is_asked_for_nothing_is_kept_without_it(site: Site) -> None:
    site.change(lead_capture={"consent_text": CONSENT["text"]})
    guest = site.guest()
    conversation_id = guest.start()
    assert_problem(leave(guest, conversation_id, phone="1"), 422, "consent_missing")
    assert leads(site) == []
    assert leave(guest, conversation_id, phone="1", consent=CONSENT).status_code == 204
    (lead,) = leads(site)
    assert (lead["consent"]["text"], lead["consent"]["page_url"]) == tuple(CONSENT.values())


def test_who_asks_for_a_person_may_say_a_name(site: Site, rows: Rows) -> None:
    guest = site.guest()
    conversation_id = guest.start()
    asked = guest.post(f"conversations/{conversation_id}/escalate", name="Ann", phone="1")
    assert asked.status_code == 204, asked.text
    assert [(one["name"], one["phone"]) for one in leads(site)] == [("Ann", "1")]


def test_a_visitor_finds_their_own_rating_again(shop: Site) -> None:
    guest = shop.guest()
    conversation_id = guest.start()
    question, answer = guest.messages(conversation_id)
    assert (question["rating"], answer["rating"]) == (None, None)
    rated = {"message_id": answer["id"], "rating": "negative", "reason": "Too short"}
    assert guest.post(f"conversations/{conversation_id}/feedback", **rated).status_code == 204
    question, answer = guest.messages(conversation_id)
    assert (question["rating"], answer["rating"]) == (None, "negative")
    assert "reason" not in answer
