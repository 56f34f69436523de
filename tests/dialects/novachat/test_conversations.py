"""Nova Chat's conversations, for programs of the account."""

from typing import Any

import pytest

from tests.dialects.novachat.shop import Shop, refused
from tests.dialects.novachat.test_widget import Page

PATH = "/nc-api/v1/conversations"


@pytest.fixture
def page(large: Shop) -> Page:
    return Page(large)


def answered(page: Page, **contact: str) -> int:
    """Begin a conversation and wait for the answer; return its id."""
    begun = page.begin("Good morning to you", **contact)
    page.wait(begun["id"], 2)
    number: int = begun["id"]
    return number


def status_of(shop: Shop, number: int) -> str:
    shown = shop.call("GET", f"{PATH}/{number}")
    assert shown.status_code == 200, shown.text
    status: str = shown.json()["status"]
    return status


def test_conversations_of_others_do_not_exist(shop: Shop, large: Shop, page: Page) -> None:
    number = answered(page)
    for named in (str(number), "1", "0", "x", "9" * 40):
        refused(shop.call("GET", f"{PATH}/{named}"), 404)
    for body in ({"content": "Hi"}, {"status": "resolved"}):
        refused(shop.call("POST", PATH, json={"conversation_id": number, **body}), 404)
    assert shop.call("GET", PATH).json() == []
    assert status_of(large, number) == "open"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"content": " "},
        {"content": "x" * 8001},
        {"status": "snoozed"},
        {"assignee_id": 7},
        {"content": "Hi", "conversation_id": "x"},
        {"content": "Hi", "conversation_id": None},
    ],
)
def test_a_change_that_cannot_be_is_refused(large: Shop, page: Page, body: Any) -> None:
    number = answered(page)
    given = {"conversation_id": number, **body} if isinstance(body, dict) else body
    refused(large.call("POST", PATH, json=given), 400)
    assert len(page.read(number).json()["messages"]) == 2


def test_a_key_that_may_only_read_changes_nothing(large: Shop, page: Page) -> None:
    number = answered(page)
    reader = large.key("read")
    assert large.call("GET", PATH, token=reader).status_code == 200
    body = {"conversation_id": number, "content": "Hi"}
    refused(large.call("POST", PATH, token=reader, json=body), 403)


def test_conversations_are_listed_and_shown(large: Shop, page: Page) -> None:
    first = answered(page, name="John", email="john@example.com")
    second = answered(page)
    listed = large.call("GET", PATH)
    assert listed.headers["x-total-count"] == "2"
    assert [one["id"] for one in listed.json()] == [second, first]
    assert large.call("GET", f"{PATH}?page=2&per_page=1").json() == [listed.json()[1]]
    shown = large.call("GET", f"{PATH}/{first}").json()
    messages = shown.pop("messages")
    assert shown == listed.json()[1]
    assert shown["contact"] == {"name": "John", "email": "john@example.com"}
    assert messages == page.read(first).json()["messages"]


def test_a_reply_is_a_persons(large: Shop, page: Page) -> None:
    number = answered(page)
    body = {"conversation_id": number, "content": "Ann here. How can I help?"}
    sent = large.call("POST", PATH, token=large.key("write"), json=body)
    assert sent.status_code == 201, sent.text
    message = sent.json()["message"]
    assert (message["sender_type"], message["content"]) == ("user", body["content"])
    assert page.wait(number, 3)[2] == message
    page.say(number, "I need help with my order")
    assert [one["sender_type"] for one in page.wait(number, 4)][3] == "contact"


def test_a_status_is_set(large: Shop, page: Page) -> None:
    number = answered(page)
    for status in ("pending", "open", "pending", "resolved", "pending", "resolved", "open"):
        body = {"conversation_id": number, "status": status}
        changed = large.call("POST", PATH, json=body)
        assert changed.status_code == 200, changed.text
        assert changed.json()["status"] == status
        assert changed.json()["message"] is None
        assert status_of(large, number) == status


def test_a_resolved_conversation_reopens_when_its_contact_writes(large: Shop, page: Page) -> None:
    number = answered(page)
    large.call("POST", PATH, json={"conversation_id": number, "status": "resolved"})
    assert status_of(large, number) == "resolved"
    page.say(number, "One more thing")
    page.wait(number, 4)
    assert status_of(large, number) == "open"
