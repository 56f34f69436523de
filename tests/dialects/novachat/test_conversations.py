"""Nova Chat's conversations, for programs of the account."""

from typing import Any

import pytest

from tests.dialects.novachat.shop import PASSWORD, Shop, refused
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
        {"assignee_id": "Ann"},
        {"assignee_id": 0},
        {"assignee_id": 1, "status": "resolved"},
        {"assignee_id": 1, "status": "pending"},
        {"content": None, "status": None},
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


def assign(shop: Shop, number: int, assignee: int | None, **more: Any) -> Any:
    """Give a conversation to somebody; return the response."""
    body = {"conversation_id": number, "assignee_id": assignee, **more}
    return shop.call("POST", PATH, json=body)


def person_of(shop: Shop) -> int:
    """Return the id of the account's only person, as agents are listed."""
    (person,) = [
        one for one in shop.call("GET", "/nc-api/v1/agents").json() if one["type"] == "human"
    ]
    number: int = person["id"]
    return number


def test_only_a_person_of_the_account_is_an_assignee(shop: Shop, large: Shop, page: Page) -> None:
    number = answered(page)
    bot = large.call("POST", "/nc-api/v1/agents", json={"bot_name": "Bot"}).json()["id"]
    for wrong in (person_of(shop), bot, number, 2**53 - 1):
        assert refused(assign(large, number, wrong), 404) == "user_not_found"
    refused(assign(shop, number, person_of(shop)), 404)
    reader = large.key("read")
    body = {"conversation_id": number, "assignee_id": person_of(large)}
    refused(large.call("POST", PATH, token=reader, json=body), 403)
    viewer = join_as(large, "viewer")
    assert refused(assign(large, number, viewer), 400) == "member_cannot_reply"
    shown = large.call("GET", f"{PATH}/{number}").json()
    assert (shown["status"], shown["assignee_id"]) == ("open", None)
    page.say(number, "Good morning again")
    assert page.wait(number, 4)[3]["sender_type"] == "agent_bot"


def join_as(shop: Shop, role: str) -> int:
    """Have somebody join; return their id, as agents are listed."""
    invited = {"email": f"{role}-{shop.email}", "role": role}
    link = shop.call("POST", "/v1/invitations", json=invited).json()["link"]
    accepted = shop.client.post(
        "/v1/auth/accept-invitation",
        json={
            "invitation": link.rpartition("invitation=")[2],
            "password": PASSWORD,
            "name": "Vera",
        },
    )
    assert accepted.status_code == 201, accepted.text
    people = shop.call("GET", "/nc-api/v1/agents").json()
    (number,) = [one["id"] for one in people if one.get("name") == "Vera"]
    return int(number)


def test_a_conversation_is_given_to_a_person_and_back(large: Shop, page: Page) -> None:
    number, ann = answered(page), person_of(large)
    vera = join_as(large, "agent")
    key = large.key("write")
    for assignee in (ann, vera, ann):
        body = {"conversation_id": number, "assignee_id": assignee}
        given = large.call("POST", PATH, token=key, json=body)
        assert given.status_code == 200, given.text
        told = given.json()
        assert (told["status"], told["assignee_id"], told["message"]) == ("open", assignee, None)
        (listed,) = large.call("GET", PATH).json()
        assert listed["assignee_id"] == assignee
    page.say(number, "Are you there?")
    assert page.wait(number, 3)[2]["sender_type"] == "contact"
    # Null beside another field is what clients send for what they leave out.
    kept = assign(large, number, None, content="I am.").json()
    assert (kept["assignee_id"], kept["message"]["content"]) == (ann, "I am.")
    back = assign(large, number, None).json()
    assert (back["status"], back["assignee_id"]) == ("pending", None)
    assert assign(large, number, None).json()["status"] == "pending"


def test_an_assignee_gets_a_reply_or_a_reopened_conversation_too(large: Shop, page: Page) -> None:
    number, ann = answered(page), person_of(large)
    vera = join_as(large, "agent")
    replied = assign(large, number, vera, content="Vera will help you.")
    assert replied.status_code == 201, replied.text
    assert replied.json()["assignee_id"] == vera
    large.call("POST", PATH, json={"conversation_id": number, "status": "resolved"})
    assert refused(assign(large, number, ann), 400) == "conversation_closed"
    assert status_of(large, number) == "resolved"
    reopened = assign(large, number, ann, status="open").json()
    assert (reopened["status"], reopened["assignee_id"]) == ("open", ann)


def test_a_resolved_conversation_reopens_when_its_contact_writes(large: Shop, page: Page) -> None:
    number = answered(page)
    large.call("POST", PATH, json={"conversation_id": number, "status": "resolved"})
    assert status_of(large, number) == "resolved"
    page.say(number, "One more thing")
    page.wait(number, 4)
    assert status_of(large, number) == "open"
