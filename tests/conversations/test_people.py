"""Several people and one conversation: who has it, who is refused, and what the visitor is told."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.accounts.people import Person, join
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import Site, assert_problem
from tests.dialects.orac.chat import Chat
from tests.waiting import PATIENCE, attempts

PERSON = "I want to talk to a human, please."


@pytest.fixture
def team(server: Server, owner: httpx.Client) -> Iterator[list[Person]]:
    """Two people of the site's account who may reply."""
    boss = Person("", {}, owner)
    people = [join(server, boss, "agent") for _ in range(2)]
    yield people
    for one in people:
        one.client.close()


def text_of(chat: Chat) -> str:
    return "".join(data["text"] for name, data in chat.frames if name == "token")


def member_of(owner: httpx.Client, person: Person) -> str:
    items = owner.get("/v1/members", params={"limit": 100}).json()["items"]
    (found,) = [one["id"] for one in items if one["email"] == person.email]
    return str(found)


def do(client: httpx.Client, conversation_id: str, what: str, **body: Any) -> httpx.Response:
    return client.post(f"/v1/conversations/{conversation_id}/{what}", json=body or None)


def row(rows: Rows, conversation_id: str, *columns: str) -> list[Any]:
    (found,) = rows(
        f"select {', '.join(columns)} from conversation"
        " where id = cast(replace(%s, 'conv_', '') as uuid)",
        conversation_id,
    )
    return list(found)


def holder(rows: Rows, conversation_id: str) -> tuple[str, str | None]:
    state, assignee = row(rows, conversation_id, "state", "assignee_id")
    return state, None if assignee is None else f"user_{assignee.hex}"


def test_a_reply_is_refused_where_another_person_is(
    site: Site, team: list[Person], rows: Rows
) -> None:
    ana, ben = team
    ada = site.guest()
    conversation_id = ada.start()
    assert do(ana.client, conversation_id, "messages", content="Ana here.").status_code == 201
    refused = do(ben.client, conversation_id, "messages", content="Ben here.")
    problem = assert_problem(refused, 409, "held_by_another")
    assert problem["member_id"] == member_of(site.owner, ana)
    assert "go_ahead" in problem["detail"]
    # A program takes it from nobody either.
    refused = do(site.owner, conversation_id, "messages", content="A program.")
    assert_problem(refused, 409, "held_by_another")
    assert [one["content"] for one in ada.messages(conversation_id)][-1] == "Ana here."
    sent = do(ben.client, conversation_id, "messages", content="Ben here.", go_ahead=True)
    assert sent.status_code == 201
    assert holder(rows, conversation_id) == ("human", ben.user_id)
    shown = site.owner.get(f"/v1/conversations/{conversation_id}").json()["messages"]
    assert [one["sender_id"] for one in shown] == [None, None, ana.user_id, ben.user_id]
    # A visitor doesn't learn who it is.
    assert "sender_id" not in ada.messages(conversation_id)[-1]


def test_what_its_writer_has_not_seen_is_named(site: Site, team: list[Person]) -> None:
    ana, _ = team
    ada = site.guest()
    conversation_id = ada.start()
    seen = ada.messages(conversation_id)[-1]["id"]
    assert do(ana.client, conversation_id, "messages", content="1", seen=seen).status_code == 201
    # What she has written herself is nothing new to her.
    assert do(ana.client, conversation_id, "messages", content="2", seen=seen).status_code == 201
    ada.ask("And to Norway?", conversation_id=conversation_id)
    new = ada.messages(conversation_id)[-1]["id"]
    refused = do(ana.client, conversation_id, "messages", content="3", seen=seen)
    problem = assert_problem(refused, 409, "conversation_changed")
    assert problem["newer"] == [new]
    assert do(ana.client, conversation_id, "messages", content="3", seen=new).status_code == 201
    sent = do(ana.client, conversation_id, "messages", content="4", seen=seen, go_ahead=True)
    assert sent.status_code == 201


@pytest.mark.parametrize("seen", ["x", "msg_", "msg_0198c0de0000700080000000000000d7", "other"])
def test_a_message_of_elsewhere_was_not_seen(site: Site, seen: str) -> None:
    conversation_id = site.guest().start()
    if seen == "other":
        ada = site.guest()
        seen = ada.messages(ada.start())[0]["id"]
    refused = do(site.owner, conversation_id, "messages", content="Hi", seen=seen)
    assert_problem(refused, 404, "message_not_found")


def test_of_two_who_claim_it_at_once_one_is_refused(
    site: Site, team: list[Person], rows: Rows
) -> None:
    for _ in range(10):
        conversation_id = site.guest().start(PERSON)
        with ThreadPoolExecutor(2) as pool:
            calls = [pool.submit(do, one.client, conversation_id, "claim") for one in team]
        found = [call.result() for call in calls]
        assert sorted(one.status_code for one in found) == [200, 409]
        state, has_it = holder(rows, conversation_id)
        (winner,) = [p for p, one in zip(team, found, strict=True) if one.status_code == 200]
        assert (state, has_it) == ("human", winner.user_id)


def test_it_is_claimed_transferred_and_given_back(
    site: Site, team: list[Person], rows: Rows
) -> None:
    ana, ben = team
    ada = site.guest()
    conversation_id = ada.start(PERSON)
    assert row(rows, conversation_id, "waiting_since is null") == [False]
    assert do(ana.client, conversation_id, "claim").json()["state"] == "human"
    # Its visitor still waits for a reply.
    assert row(rows, conversation_id, "waiting_since is null") == [False]
    chat = ada.ask("Hello?", conversation_id=conversation_id)
    assert chat.names == ["accepted", "notice", "done"]
    assert "has this conversation" in chat.first("notice")["text"]
    assert_problem(do(ben.client, conversation_id, "claim"), 409, "held_by_another")
    assert do(ben.client, conversation_id, "claim", force=True).status_code == 200
    given = do(ben.client, conversation_id, "assign", member_id=member_of(site.owner, ana))
    assert given.status_code == 200
    assert holder(rows, conversation_id) == ("human", ana.user_id)
    do(ana.client, conversation_id, "messages", content="Ana here.")
    assert row(rows, conversation_id, "waiting_since is null") == [True]
    ada.ask("Thanks. And now?", conversation_id=conversation_id)
    assert row(rows, conversation_id, "waiting_since is null") == [False]
    given = ana.client.post(f"/v1/conversations/{conversation_id}/assign", json={"member_id": None})
    assert given.json()["state"] == "waiting"
    assert holder(rows, conversation_id) == ("waiting", None)
    assert jobs(rows, conversation_id) == 1
    assert do(ana.client, conversation_id, "close").json()["state"] == "closed"
    assert jobs(rows, conversation_id) == 0
    assert row(rows, conversation_id, "waiting_since is null") == [True]
    for what in ("claim", "hand-back"):
        assert_problem(do(ana.client, conversation_id, what), 409, "conversation_closed")
    assert do(ana.client, conversation_id, "reopen").json()["state"] == "ai"


def jobs(rows: Rows, conversation_id: str) -> int:
    (found,) = rows(
        "select count(*) from due_job where name = 'conversations.tell_unclaimed'"
        " and payload->>'conversation_id' = cast(cast(replace(%s, 'conv_', '') as uuid) as text)"
        " and state in ('waiting', 'ready')",
        conversation_id,
    )
    return int(found[0])


def test_nobody_gets_it_who_may_not_reply(site: Site, server: Server, owner: httpx.Client) -> None:
    conversation_id = site.guest().start()
    viewer = join(server, Person("", {}, owner), "viewer")
    refused = do(owner, conversation_id, "assign", member_id=member_of(owner, viewer))
    assert_problem(refused, 422, "member_cannot_reply")
    for unknown in ("member_0198c0de0000700080000000000000d7", "x"):
        refused = do(owner, conversation_id, "assign", member_id=unknown)
        assert_problem(refused, 404, "member_not_found")
    assert_problem(do(viewer.client, conversation_id, "claim"), 403, "scope_missing")


def test_who_leaves_loses_their_conversations(
    site: Site, server: Server, owner: httpx.Client, rows: Rows
) -> None:
    ana = join(server, Person("", {}, owner), "agent")
    ada = site.guest()
    conversations = [ada.start(PERSON) for _ in range(3)]
    for one in conversations:
        assert do(ana.client, one, "messages", content="Ana here.").status_code == 201
    assert owner.delete(f"/v1/members/{member_of(owner, ana)}").status_code == 204
    for _ in attempts(PATIENCE):
        if all(holder(rows, one) == ("waiting", None) for one in conversations):
            break
    assert [holder(rows, one) for one in conversations] == [("waiting", None)] * 3
    assert [jobs(rows, one) for one in conversations] == [1] * 3


def test_the_assistant_goes_on_when_it_is_handed_back(site: Site, team: list[Person]) -> None:
    ana, _ = team
    site.add_text("Shipping", "Express shipping costs 12 euros.")
    ada = site.guest()
    conversation_id = ada.start(PERSON)
    do(ana.client, conversation_id, "messages", content="Ana here.")
    do(ana.client, conversation_id, "hand-back")
    said = ada.messages(conversation_id)[-1]
    assert (said["author"], "handed this conversation back" in said["content"]) == (
        "assistant",
        True,
    )
    chat = ada.ask("What does express shipping cost?", conversation_id=conversation_id)
    assert "12 euros" in text_of(chat)
    # It says so once, and handing it back again says nothing.
    do(ana.client, conversation_id, "hand-back")
    assert len(ada.messages(conversation_id)) == 6


def test_a_snoozed_one_wakes_up_when_its_visitor_writes(site: Site, rows: Rows) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    rows(
        "update conversation set snoozed_until = now() + interval '1 day'"
        " where id = cast(replace(%s, 'conv_', '') as uuid) returning id",
        conversation_id,
    )
    ada.ask("And now?", conversation_id=conversation_id)
    assert row(rows, conversation_id, "snoozed_until") == [None]
