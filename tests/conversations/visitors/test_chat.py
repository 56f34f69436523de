"""The visitors' tier: what is another's is not there, and what is one's own can be used."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.conftest import Rows
from tests.conversations.visitors.site import QUESTION, SHIPPING, Guest, Site, assert_problem
from tests.dialects.orac.chat import ask

UNKNOWN = "conv_0198c0de0000700080000000000000c1"
UNKNOWN_MESSAGE = "msg_0198c0de0000700080000000000000c2"


def uuid_of(public_id: str) -> UUID:
    return UUID(public_id.partition("_")[2])


def answer_in(guest: Guest, conversation_id: str) -> str:
    messages = guest.messages(conversation_id)
    return str(next(one["id"] for one in messages if one["author"] == "assistant"))


def reach(guest: Guest, conversation_id: str, message_id: str) -> list[httpx.Response]:
    """Try everything that is to be done with a conversation."""
    path = f"conversations/{conversation_id}"
    return [
        guest.send("hi", conversation_id=conversation_id),
        guest.get(f"{path}/messages"),
        guest.get(f"{path}/messages", since="2020-01-01T00:00:00Z"),
        guest.post(f"{path}/feedback", message_id=message_id, rating="negative"),
        guest.post(f"{path}/escalate", email="thief@example.com"),
    ]


def test_another_visitors_conversation_is_not_there(site: Site, rows: Rows) -> None:
    ada, eve = site.guest(), site.guest()
    theirs = ada.start()
    answer = answer_in(ada, theirs)
    unknown = [one.text for one in reach(eve, UNKNOWN, UNKNOWN_MESSAGE)]
    refused = reach(eve, theirs, answer)
    assert [one.status_code for one in refused] == [404] * 5
    assert [one.text for one in refused] == unknown
    assert theirs not in eve.conversations()
    assert rows("select count(*) from feedback where message_id = %s", uuid_of(answer)) == [(0,)]
    assert rows("select count(*) from lead where conversation_id = %s", uuid_of(theirs)) == [(0,)]
    assert len(ada.messages(theirs)) == 2
    assert all(one.is_success for one in reach(ada, theirs, answer))


def test_another_projects_visitor_reaches_nothing(site: Site, other_site: Site) -> None:
    ada, eve = site.guest(), other_site.guest()
    theirs = ada.start()
    refused = reach(eve, theirs, answer_in(ada, theirs))
    assert [one.status_code for one in refused] == [404] * 5


def test_a_conversation_of_no_known_visitor_is_nobodys(site: Site, visitor: httpx.Client) -> None:
    body = {"project_id": site.project_id, "message": QUESTION}
    assert visitor.post("/api/chat", json=body).status_code == 200
    listed = site.owner.get(f"{site.path}/conversations").json()["items"]
    eve = site.guest()
    assert eve.get(f"conversations/{listed[0]['id']}/messages").status_code == 404


def test_a_message_of_one_conversation_is_not_rated_in_another(site: Site) -> None:
    ada = site.guest()
    first, second = ada.start(), ada.start()
    refused = ada.post(
        f"conversations/{first}/feedback", message_id=answer_in(ada, second), rating="positive"
    )
    assert_problem(refused, 404, "message_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": ""},
        {"message": " \n"},
        {"message": None},
        {"message": ["hi"]},
        {"message": "a\0b"},
        {"message": "x" * 8001},
        {"message": "hi", "conversation_id": 7},
        {"message": "hi", "page_url": "x" * 4001},
        {"message": "hi", "visitor_id": "me"},
        {"message": "hi", "history": []},
    ],
)
def test_a_malformed_message_is_refused(site: Site, body: dict[str, Any]) -> None:
    assert_problem(site.guest().post("chat", **body), 422, "invalid_input")


@pytest.mark.parametrize("conversation_id", ["x", "conv_", "conv_" + "0" * 31, "../..", "🙂"])
def test_what_is_no_conversations_id_is_not_found(site: Site, conversation_id: str) -> None:
    refused = site.guest().send("hi", conversation_id=conversation_id)
    assert_problem(refused, 404, "conversation_not_found")


def test_too_large_a_body_is_refused(site: Site) -> None:
    assert_problem(site.guest().send("x" * 1_000_000), 413, "body_too_large")


@pytest.mark.parametrize(
    "since",
    ["yesterday", "2026-04-18T11:20:00", "0001-01-01T00:00:00+14:00", "9" * 300, "\0", ""],
)
def test_a_since_that_is_no_moment_is_refused(site: Site, since: str) -> None:
    ada = site.guest()
    refused = ada.get(f"conversations/{ada.start()}/messages", since=since)
    assert_problem(refused, 422, "invalid_input")


def test_a_cursor_of_another_list_is_refused(site: Site) -> None:
    ada = site.guest()
    first, second = ada.start(), ada.start()
    cursor = ada.get("conversations", limit=1).json()["next_cursor"]
    refused = ada.get(f"conversations/{first}/messages", cursor=cursor)
    assert_problem(refused, 422, "cursor_invalid")
    own = ada.get(f"conversations/{first}/messages", limit=1).json()["next_cursor"]
    refused = ada.get(f"conversations/{second}/messages", cursor=own)
    assert_problem(refused, 422, "cursor_invalid")
    assert_problem(site.guest().get("conversations", cursor=cursor), 422, "cursor_invalid")


def test_a_visitor_of_a_suspended_account_is_not_let_in(site: Site, rows: Rows) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    orac = {"project_id": site.project_id, "message": "hi"}
    polled = {"conversationId": ask(site.visitor, site.project_id, "hi").conversation_id}
    account = rows("select account_id from conversation where id = %s", uuid_of(conversation_id))[
        0
    ][0]
    suspend = "update account set suspended_at = {} where account_id = %s returning 1"
    rows(suspend.format("now()"), account)
    try:
        refused = [
            site.begin(),
            ada.send("hi"),
            ada.get("conversations"),
            site.visitor.post("/api/chat", json=orac),
            site.visitor.get("/api/widget/messages", params=polled),
        ]
    finally:
        rows(suspend.format("null"), account)
    assert [one.status_code for one in refused] == [403] * 5
    assert {one.json()["code"] for one in refused} == {"account_suspended"}
    assert ada.conversations() == [conversation_id]


def test_a_chat_streams_its_events_in_order(shop: Site) -> None:
    chat = shop.guest().ask(page_url="https://shop.example/")
    assert chat.names == ["accepted", "token", "blocks", "sources", "certainty", "done"]
    assert set(chat.first("accepted")) == {"conversation_id", "message_id"}
    text = "".join(data["text"] for name, data in chat.frames if name == "token")
    assert text.strip() == SHIPPING
    (source,) = chat.first("sources")["sources"]
    assert source["title"] == "Shipping"
    assert source["url"] == "https://shop.example/shipping"
    assert "12 euros" in source["quote"]
    assert chat.first("certainty") == {"level": "sure", "text": "Found in the documentation"}
    assert chat.first("done")["message_id"].startswith("msg_")


def test_visitors_read_words_and_owners_the_number(shop: Site) -> None:
    ada = shop.guest()
    conversation_id = ada.start()
    (answer,) = (one for one in ada.messages(conversation_id) if one["author"] == "assistant")
    assert "confidence" not in answer
    assert answer["certainty"] == {"level": "sure", "text": "Found in the documentation"}
    shown = shop.owner.get(f"/v1/conversations/{conversation_id}").json()["messages"][-1]
    assert "certainty" not in shown
    assert 0 < shown["confidence"] <= 1


def test_a_conversation_goes_on_and_is_listed(shop: Site) -> None:
    ada = shop.guest()
    older = ada.start()
    newer = ada.start("How long does shipping to Germany take?")
    assert ada.conversations() == [newer, older]
    ada.ask("And express?", conversation_id=older)
    listed = ada.get("conversations").json()["items"]
    assert [one["id"] for one in listed] == [older, newer]
    assert listed[0]["latest_message"]["author"] == "assistant"
    assert listed[0]["state"] == "ai"
    messages = ada.messages(older)
    authors = [one["author"] for one in messages]
    assert authors == ["visitor", "assistant", "visitor", "assistant"]
    assert messages[0]["content"] == QUESTION
    assert messages[1]["sources"][0]["url"] == "https://shop.example/shipping"


def test_pages_and_since_miss_nothing(site: Site) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    ada.ask("And how long does it take?", conversation_id=conversation_id)
    everything = ada.messages(conversation_id)
    path, cursor, seen = f"conversations/{conversation_id}/messages", None, []
    for _ in range(len(everything)):
        params: dict[str, Any] = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = ada.get(path, **params).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert cursor is None
    assert seen == everything
    assert ada.messages(conversation_id, since=everything[2]["created_at"]) == everything[2:]
    assert ada.messages(conversation_id, since="2999-01-01T00:00:00Z") == []
    listed = [ada.start() for _ in range(2)]
    first = ada.get("conversations", limit=2).json()
    rest = ada.get("conversations", limit=2, cursor=first["next_cursor"]).json()
    assert rest["next_cursor"] is None
    ids = [one["id"] for one in first["items"] + rest["items"]]
    assert ids == [*reversed(listed), conversation_id]


def test_a_repeated_question_is_asked_again_once_it_was_answered(site: Site) -> None:
    ada = site.guest()
    first = ada.ask()
    conversation_id = first.first("accepted")["conversation_id"]
    again = ada.ask(conversation_id=conversation_id)
    assert again.first("accepted") != first.first("accepted")
    assert again.first("done") != first.first("done")
    assert len(ada.messages(conversation_id)) == 4


def test_feedback_is_kept_and_only_on_answers(site: Site, rows: Rows) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    question, answer = ada.messages(conversation_id)
    path = f"conversations/{conversation_id}/feedback"
    refused = ada.post(path, message_id=question["id"], rating="positive")
    assert_problem(refused, 422, "not_an_answer")
    assert_problem(ada.post(path, message_id=answer["id"], rating="great"), 422, "invalid_input")
    given = ada.post(path, message_id=answer["id"], rating="positive", reason=" accurate ")
    assert (given.status_code, given.content) == (204, b"")
    stored = rows(
        "select rating, reason from feedback where message_id = %s", uuid_of(answer["id"])
    )
    assert stored == [("positive", " accurate ")]


def test_escalation_waits_for_a_person_and_leaves_a_lead(site: Site) -> None:
    ada = site.guest(identity_token=site.sign("ada", email="ada@example.com"))
    conversation_id = ada.start()
    asked = ada.post(f"conversations/{conversation_id}/escalate", phone="+49 30 1")
    assert (asked.status_code, asked.content) == (204, b"")
    assert ada.get("conversations").json()["items"][0]["state"] == "waiting"
    (lead,) = site.owner.get(f"{site.path}/leads").json()["items"]
    assert lead["conversation_id"] == conversation_id
    # The site has signed for the address.
    assert (lead["email"], lead["phone"]) == ("ada@example.com", "+49 30 1")


def test_a_person_who_has_it_is_told_by_a_notice(site: Site) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    path = f"/v1/conversations/{conversation_id}/messages"
    assert site.owner.post(path, json={"content": "Ana here."}).status_code == 201
    chat = ada.ask("And to Norway?", conversation_id=conversation_id)
    assert chat.names == ["accepted", "notice", "done"]
    assert chat.first("done") == {"message_id": None, "decision": None}


def bind(site: Site, **fields: Any) -> dict[str, Any]:
    body = {"website_url": "https://shop.example", **fields}
    made = site.owner.post(f"{site.path}/domains", json=body)
    assert made.status_code == 201, made.text
    domain: dict[str, Any] = made.json()
    return domain


def domain_of(rows: Rows, conversation_id: str) -> UUID | None:
    found = rows("select domain_id from conversation where id = %s", uuid_of(conversation_id))
    domain: UUID | None = found[0][0]
    return domain


@pytest.mark.parametrize("token", ["", "x", "wk_live_x", "wk_live_" + "0" * 32])
def test_an_unknown_website_token_is_not_found(site: Site, token: str) -> None:
    assert_problem(site.guest().send("hi", website_token=token), 404, "domain_not_found")


def test_another_projects_website_token_is_not_found(site: Site, other_site: Site) -> None:
    token = bind(other_site)["website_token"]
    guest = site.guest()
    assert_problem(guest.send("hi", website_token=token), 404, "domain_not_found")
    assert guest.conversations() == []


def test_a_conversation_belongs_to_the_website_on_which_it_begins(site: Site, rows: Rows) -> None:
    domain, guest = bind(site), site.guest()
    begun = guest.ask(website_token=domain["website_token"])
    conversation = str(begun.first("accepted")["conversation_id"])
    assert domain_of(rows, conversation) == uuid_of(domain["id"])
    assert domain_of(rows, guest.start()) is None
    guest.ask("And then?", conversation_id=conversation)
    assert domain_of(rows, conversation) == uuid_of(domain["id"])


def test_on_an_inactive_website_a_message_is_for_a_person(site: Site) -> None:
    domain, guest = bind(site, is_active=False), site.guest()
    said = guest.ask(website_token=domain["website_token"])
    assert said.first("done")["decision"] == "hand_off"
    (listed,) = site.owner.get(f"{site.path}/conversations").json()["items"]
    assert listed["state"] == "waiting"
