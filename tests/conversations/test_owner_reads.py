"""What an owner reads of conversations and leads, and who does not."""

from typing import Any

import httpx
import pytest

from tests.conftest import Desk, Rows
from tests.conversations.visitors.site import QUESTION, SHIPPING, Site, assert_problem

UNKNOWN = "conv_0198c0de0000700080000000000000d1"


@pytest.fixture
def site(owner: httpx.Client, visitor: httpx.Client) -> Site:
    return Site(owner, visitor)


@pytest.fixture
def shop(site: Site) -> Site:
    site.add_text("Shipping", SHIPPING, url="https://shop.example/shipping")
    return site


def key_with(owner: httpx.Client, **fields: Any) -> dict[str, str]:
    made = owner.post("/v1/api-keys", json={"name": "Test", **fields})
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['key']}"}


def lists(site: Site, conversation_id: str) -> list[str]:
    return [
        f"{site.path}/conversations",
        f"{site.path}/leads",
        f"/v1/conversations/{conversation_id}",
    ]


def test_nothing_is_read_without_a_credential(site: Site) -> None:
    for path in lists(site, site.guest().start()):
        assert site.visitor.get(path).status_code == 401


def test_the_scope_is_asked_for(site: Site, owner: httpx.Client) -> None:
    conversations, leads, one = lists(site, site.guest().start())
    reader = key_with(owner, scopes=["conversations:read"])
    assert site.visitor.get(conversations, headers=reader).status_code == 200
    assert site.visitor.get(one, headers=reader).status_code == 200
    assert_problem(site.visitor.get(leads, headers=reader), 403, "scope_missing")
    reader = key_with(owner, scopes=["leads:read"])
    assert site.visitor.get(leads, headers=reader).status_code == 200
    assert_problem(site.visitor.get(conversations, headers=reader), 403, "scope_missing")
    assert_problem(site.visitor.get(one, headers=reader), 403, "scope_missing")


def test_a_key_of_another_project_sees_nothing_here(
    site: Site, owner: httpx.Client, desk: Desk
) -> None:
    other = key_with(owner, scopes=["read"], project_ids=[desk.project_id])
    conversations, leads, one = lists(site, site.guest().start())
    for path in (conversations, leads):
        assert_problem(site.visitor.get(path, headers=other), 404, "project_not_found")
    refused = site.visitor.get(one, headers=other)
    unknown = site.visitor.get(f"/v1/conversations/{UNKNOWN}", headers=other)
    assert_problem(refused, 404, "conversation_not_found")
    assert refused.json() == unknown.json()


@pytest.mark.parametrize("conversation_id", [UNKNOWN, "x", "conv_", "🙂"])
def test_an_unknown_conversation_is_not_found(owner: httpx.Client, conversation_id: str) -> None:
    refused = owner.get(f"/v1/conversations/{conversation_id}")
    assert_problem(refused, 404, "conversation_not_found")


def test_a_deleted_projects_conversations_are_gone(site: Site) -> None:
    conversation_id = site.guest().start()
    assert site.owner.delete(site.path).status_code == 204
    for path in lists(site, conversation_id):
        assert site.owner.get(path).status_code == 404


@pytest.mark.parametrize("params", [{"state": "asleep"}, {"limit": 0}, {"limit": 201}])
def test_what_is_no_page_is_refused(site: Site, params: dict[str, Any]) -> None:
    refused = site.owner.get(f"{site.path}/conversations", params=params)
    assert_problem(refused, 422, "invalid_input")


def test_a_cursor_is_of_one_list(site: Site) -> None:
    guest = site.guest()
    guest.start()
    guest.start()
    path = f"{site.path}/conversations"
    cursor = site.owner.get(path, params={"limit": 1}).json()["next_cursor"]
    for other in ({"cursor": cursor, "state": "ai"}, {"cursor": "x"}):
        assert_problem(site.owner.get(path, params=other), 422, "cursor_invalid")
    assert site.owner.get(path, params={"cursor": cursor}).status_code == 200


def test_conversations_are_listed_by_state_and_page(shop: Site) -> None:
    guest = shop.guest()
    ids = [guest.start() for _ in range(3)]
    guest.post(f"conversations/{ids[1]}/escalate")
    path = f"{shop.path}/conversations"
    waiting = shop.owner.get(path, params={"state": "waiting"}).json()
    assert [one["id"] for one in waiting["items"]] == [ids[1]]
    assert waiting["items"][0]["escalated_at"]
    first = shop.owner.get(path, params={"limit": 2}).json()
    rest = shop.owner.get(path, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == [ids[1], ids[2], ids[0]]
    assert rest["next_cursor"] is None
    shown = rest["items"][0]
    assert shown["visitor"]["id"] == guest.id
    assert shown["project_id"] == shop.project_id
    assert shown["latest_message"] == {
        "author": "assistant",
        "content": SHIPPING,
    }


def test_a_conversation_shows_how_it_was_answered(shop: Site, visitor: httpx.Client) -> None:
    body = {
        "project_id": shop.project_id,
        "message": QUESTION,
        "context": "on /pricing",
        "visitor_id": "orac-visitor",
    }
    assert visitor.post("/api/chat", json=body).status_code == 200
    (listed,) = shop.owner.get(f"{shop.path}/conversations").json()["items"]
    shown = shop.owner.get(f"/v1/conversations/{listed['id']}").json()
    assert {name: shown[name] for name in listed} == listed
    assert shown["visitor"]["external_id"] == "orac-visitor"
    assert shown["visitor"]["identity"] is None
    question, answer = shown["messages"]
    assert (question["author"], question["context"]) == ("visitor", "on /pricing")
    assert question["turn"]["state"] == "answered"
    assert question["turn"]["attempt"] == 1
    assert question["turn"]["trace"]
    assert answer["turn"] is None
    assert answer["sources"][0]["url"] == "https://shop.example/shipping"
    rating = {"message_id": answer["id"], "rating": "negative", "reason": "no"}
    assert visitor.post("/api/widget/feedback", json=rating).status_code == 200
    paged = shop.owner.get(f"/v1/conversations/{listed['id']}", params={"limit": 1}).json()
    assert [one["id"] for one in paged["messages"]] == [question["id"]]
    more = {"limit": 1, "cursor": paged["next_cursor"]}
    rest = shop.owner.get(f"/v1/conversations/{listed['id']}", params=more).json()
    assert [one["id"] for one in rest["messages"]] == [answer["id"]]
    assert rest["messages"][0]["feedback"] == {"rating": "negative", "reason": "no"}
    assert rest["next_cursor"] is None


def test_leads_are_listed_newest_first(site: Site, rows: Rows) -> None:
    guest = site.guest()
    ids = [guest.start() for _ in range(3)]
    for number, conversation_id in enumerate(ids):
        guest.post(f"conversations/{conversation_id}/escalate", email=f"a{number}@example.com")
    path = f"{site.path}/leads"
    first = site.owner.get(path, params={"limit": 2}).json()
    rest = site.owner.get(path, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    found = first["items"] + rest["items"]
    assert [one["email"] for one in found] == [f"a{n}@example.com" for n in (2, 1, 0)]
    assert [one["conversation_id"] for one in found] == [*reversed(ids)]
    assert rest["next_cursor"] is None


def trace(site: Site, conversation_id: str, message_id: str) -> httpx.Response:
    return site.owner.get(f"/v1/conversations/{conversation_id}/messages/{message_id}/trace")


def test_what_is_no_message_of_the_conversation_has_no_trace(shop: Site, desk: Desk) -> None:
    guest = shop.guest()
    conversation, other = guest.start(), guest.start()
    [asked, _] = guest.messages(conversation)
    for message in ("x", "msg_", f"msg_{'0' * 32}", guest.messages(other)[0]["id"]):
        assert_problem(trace(shop, conversation, message), 404, "message_not_found")
    assert_problem(trace(shop, UNKNOWN, asked["id"]), 404, "conversation_not_found")
    path = f"/v1/conversations/{conversation}/messages/{asked['id']}/trace"
    other_key = key_with(shop.owner, scopes=["read"], project_ids=[desk.project_id])
    refused = shop.visitor.get(path, headers=other_key)
    assert_problem(refused, 404, "conversation_not_found")


def test_one_answers_trace_is_found_by_its_question_and_by_itself(shop: Site) -> None:
    guest = shop.guest()
    conversation = guest.start()
    guest.ask("And how long does it take?", conversation_id=conversation)
    whole = shop.owner.get(f"/v1/conversations/{conversation}").json()["messages"]
    for question, answer in (whole[:2], whole[2:]):
        for message in (question, answer):
            found = trace(shop, conversation, message["id"])
            assert found.json() == {"question": question, "answer": answer}
    assert whole[0]["turn"]["trace"]["candidates"]
