"""The streams of people: what opens and ends them, what they leave out, how they go on."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.accounts.people import refused
from tests.conftest import Rows, Server
from tests.inbox.live.following import Following, all_closed
from tests.inbox.live.model import View
from tests.inbox.team import UNKNOWN, Team, bare, ok
from tests.waiting import PATIENCE

STREAM = "/v1/inbox/stream"


@pytest.fixture(autouse=True)
def hung_up() -> Iterator[None]:
    yield
    all_closed()


def write(team: Team, text: str) -> None:
    assert team.guest.send(text, conversation_id=team.conversation_id).status_code == 200


@pytest.mark.parametrize("cursor", ["", "x", "1-1-00000000", "9" * 18 + "-1-00000000"])
def test_a_foreign_cursor_says_reload(team: Team, server: Server, cursor: str) -> None:
    headers = {"Authorization": team.ana.client.headers["Authorization"]}
    following = Following(server, STREAM, headers, cursor=cursor or "-")
    following.until(lambda: following.ended)
    assert following.all("reload") == [{"reason": "foreign"}]
    polled = ok(team.ana.client.get("/v1/inbox/events", params={"cursor": cursor or "-"}))
    assert [one["event"] for one in polled["frames"]] == ["reload"]


def test_another_accounts_cursor_says_reload(team: Team, server: Server) -> None:
    other = Team(server, team.site.visitor)
    view = View.of(other.ana.client)
    following = Following.of(server, team.ana.client, view)
    following.until(lambda: following.ended)
    assert following.all("reload") == [{"reason": "foreign"}]


def test_an_expired_cursor_says_reload(team: Team, server: Server) -> None:
    view = View.of(team.ana.client)
    event_id, _, tag = view.cursor.split("-")
    view.cursor = f"{event_id}-{int(time.time()) - 25 * 3600:x}-{tag}"
    following = Following.of(server, team.ana.client, view)
    following.until(lambda: following.ended)
    assert following.all("reload") == [{"reason": "expired"}]


def test_a_cursor_far_behind_says_reload(team: Team, server: Server, rows: Rows) -> None:
    view = View.of(team.ana.client)
    rows(
        "with tenant as materialized (select set_config('answerdesk.account_id',"
        "  account_id::text, true), account_id, project_id from conversation where id = %s)"
        " insert into event (account_id, project_id, type, payload)"
        " select account_id, project_id, 'page.removed', '{}' from tenant,"
        "  generate_series(1, 1500) returning 1",
        bare(team.conversation_id),
    )
    following = Following.of(server, team.ana.client, view)
    following.until(lambda: following.ended)
    assert following.all("reload") == [{"reason": "expired"}]


def test_after_a_break_everything_comes_once(team: Team, server: Server) -> None:
    view = View.of(team.ana.client)
    first = Following.of(server, team.ana.client, view)
    write(team, "Before the break")
    first.first("message", content="Before the break")
    first.close()
    for number in range(20):
        write(team, f"While asleep {number}")
    second = Following(
        server,
        STREAM,
        {
            "Authorization": team.ana.client.headers["Authorization"],
            "Last-Event-ID": first.cursor or "",
        },
        view,
    )
    write(team, "After the break")
    second.first("message", content="After the break")
    second.until(lambda: len(second.all("message", author="assistant")) >= 21)
    come = [one["content"] for one in second.all("message", author="visitor")]
    assert come == [*(f"While asleep {number}" for number in range(20)), "After the break"]
    ids = [one["id"] for one in [*first.all("message"), *second.all("message")]]
    assert len(ids) == len(set(ids))


def test_a_key_for_one_project_sees_no_other(team: Team, server: Server) -> None:
    other = ok(team.owner.client.post("/v1/projects", json={"name": "Other"}), 201)
    key = team.key("conversations:read", project_ids=[other["id"]])
    following = Following(server, STREAM, key).begun()
    whole = Following.of(server, team.ana.client)
    write(team, "Not for the key")
    ok(team.ana.client.post(f"{team.path}/notes", json={"content": "Nor this"}), 201)
    ok(team.ana.client.post(f"{team.path}/typing"), 204)
    whole.first("note", content="Nor this")
    whole.first("typing", who="person")
    assert whole.first("message", author="visitor")
    told = {name for _, name, _ in following.frames}
    assert told <= {"stream", "projects", "counts", "presence"}
    assert following.all("projects") == [{"ids": [other["id"]]}]


def test_a_revoked_key_ends_its_stream(team: Team, server: Server) -> None:
    key = team.key("conversations:read")
    following = Following(server, STREAM, key).begun()
    listed = ok(team.owner.client.get("/v1/api-keys"))["items"]
    ok(team.owner.client.delete(f"/v1/api-keys/{listed[0]['id']}"), 204)
    following.until(lambda: following.ended, 60)
    assert following.first("ended")["code"]


def test_a_removed_member_is_shown_no_more(team: Team, server: Server) -> None:
    following = Following.of(server, team.ben.client)
    (member,) = [
        one["id"]
        for one in ok(team.owner.client.get("/v1/members"))["items"]
        if one["email"] == team.ben.email
    ]
    ok(team.owner.client.delete(f"/v1/members/{member}"), 204)
    following.until(lambda: following.ended, 60)
    assert following.first("ended")["code"] == "session_ended"


def test_a_contact_whose_lead_is_deleted_is_shown_no_more(team: Team, server: Server) -> None:
    contact = {"name": "Grace Hopper", "email": "grace@example.org", "phone": None}
    path = f"conversations/{team.conversation_id}/lead"
    ok(team.guest.post(path, **contact), 204)
    view = View.of(team.ana.client)
    assert view.entries[team.conversation_id]["contact"] == contact
    following = Following.of(server, team.ana.client, view)
    path = f"/v1/projects/{team.site.project_id}/leads"
    [lead] = ok(team.owner.client.get(path))["items"]
    ok(team.owner.client.delete(f"{path}/{lead['id']}"), 204)
    told = following.first("conversation", id=team.conversation_id, contact=None)
    assert "Grace" not in str(told)


def test_own_marks_are_told_to_their_owner_only(team: Team, server: Server) -> None:
    ana, ben = (Following.of(server, one.client) for one in (team.ana, team.ben))
    path = f"{team.path}/drafts/reply"
    ok(team.ana.client.put(path, json={"content": "Secret so far", "version": 0}))
    write(team, "Go on")
    assert ana.first("own")["drafts"][0]["content"] == "Secret so far"
    ben.first("message", content="Go on")
    assert ben.all("own") == []


def test_a_notice_is_told_to_its_person_once(team: Team, server: Server, rows: Rows) -> None:
    ana, ben = (Following.of(server, one.client) for one in (team.ana, team.ben))
    told = {"notice_id": f"notice_{UNKNOWN}", "user_id": team.ana.user_id}
    # Releases before named one person in each.
    for payload in ({"kind": "sla", **told}, {"kind": "sla", "people": [told]}):
        rows(
            "with tenant as materialized (select set_config('answerdesk.account_id',"
            "  account_id::text, true), account_id, project_id from conversation where id = %s)"
            " insert into event (account_id, project_id, type, payload)"
            " select account_id, project_id, 'inbox.noticed', %s from tenant returning 1",
            bare(team.conversation_id),
            json.dumps(payload),
        )
    assert ana.first("notice", kind="sla")["id"] == told["notice_id"]
    write(team, "Go on")
    ben.first("message", content="Go on")
    assert ben.all("notice", kind="sla") == []
    cursor = next(id_ for id_, name, _ in ana.frames if name == "notice")
    assert cursor is not None
    headers = {"Authorization": team.ana.client.headers["Authorization"]}
    later = Following(server, STREAM, headers, cursor=cursor)
    later.first("message", content="Go on")
    assert later.all("notice", kind="sla") == []


def test_counts_come_to_those_whose_counts_have_changed(team: Team, server: Server) -> None:
    def until_unread(following: Following, number: int) -> None:
        following.until(lambda: following.all("counts")[-1]["unread"] == number)

    ana, ben = (Following.of(server, one.client) for one in (team.ana, team.ben))
    ok(team.ana.client.post(f"{team.path}/claim"))
    until_unread(ana, 1)
    until_unread(ben, 1)
    before = len(ben.all("counts"))
    latest = team.guest.messages(team.conversation_id)[-1]["id"]
    ok(team.ana.client.put(f"{team.path}/read", json={"message_id": latest}))
    until_unread(ana, 0)
    write(team, "Go on")
    until_unread(ana, 1)
    ben.first("message", content="Go on")
    assert ben.all("counts")[before:] == []


def test_presence_comes_and_goes(team: Team, server: Server) -> None:
    ana = Following.of(server, team.ana.client)
    ben = Following.of(server, team.ben.client)
    user, stream_id = team.ben.user_id, ben.first("stream")["stream_id"]
    ana.first("presence", user_id=user, online=True)
    body = {"stream_id": stream_id, "conversation_id": team.conversation_id}
    ok(team.ben.client.post("/v1/inbox/presence", json=body), 204)
    ana.first("presence", user_id=user, conversation_ids=[team.conversation_id])
    (shown,) = [
        one
        for one in ok(team.ana.client.get("/v1/inbox/snapshot"))["people"]
        if one["user_id"] == user
    ]
    assert (shown["online"], shown["conversation_ids"]) == (True, [team.conversation_id])
    ben.close()
    ana.first("presence", user_id=user, online=False, conversation_ids=[])


def test_presence_of_others_and_of_nothing_is_refused(team: Team, server: Server) -> None:
    ana = Following.of(server, team.ana.client)
    stream_id = ana.first("stream")["stream_id"]
    path = "/v1/inbox/presence"
    body: dict[str, Any] = {"stream_id": stream_id, "conversation_id": None}
    refused(team.ben.client.post(path, json=body), 404, "stream_not_found")
    unknown = {**body, "conversation_id": f"conv_{UNKNOWN}"}
    refused(team.ana.client.post(path, json=unknown), 404, "conversation_not_found")
    key = team.key("conversations:write")
    refused(httpx.post(f"{server.url}{path}", json=body, headers=key), 403, "person_needed")
    ok(team.ana.client.post(path, json=body), 204)


def test_the_presence_of_a_dead_process_ends(team: Team, server: Server, rows: Rows) -> None:
    Following.of(server, team.ana.client)
    rows(
        "insert into presence (account_id, user_id, stream_id, until)"
        " select account_id, %s, gen_random_uuid(), now() - interval '1 second' from conversation"
        " where id = %s returning 1",
        bare(team.ben.user_id),
        bare(team.conversation_id),
    )
    people = ok(team.ana.client.get("/v1/inbox/snapshot"))["people"]
    assert not any(one["online"] for one in people if one["user_id"] == team.ben.user_id)


def test_typing_is_passed_on_and_bounded(team: Team, server: Server) -> None:
    ana = Following.of(server, team.ana.client)
    own = f"/v1/visitor/conversations/{team.conversation_id}"
    visitor = Following(server, f"{own}/stream", team.guest.headers).begun()
    for _ in range(10):
        ok(team.ben.client.post(f"{team.path}/typing"), 204)
        ok(team.guest.post(f"conversations/{team.conversation_id}/typing"), 204)
    assert ana.first("typing", who="person")["user_id"] == team.ben.user_id
    ana.first("typing", who="visitor", conversation_id=team.conversation_id)
    visitor.first("typing")
    assert len(ana.all("typing")) < 10
    assert len(visitor.all("typing")) < 5


def test_another_tenants_open_transaction_delays_nothing(
    team: Team, server: Server, rows: Rows
) -> None:
    other = Team(server, team.site.visitor)
    following = Following.of(server, team.ana.client)
    # The other's conversation is locked with an event that isn't committed.
    with open_transaction(server, other):
        began = time.monotonic()
        write(team, "Without delay")
        following.first("message", content="Without delay")
        assert time.monotonic() - began < 20


@contextmanager
def open_transaction(server: Server, team: Team) -> Iterator[None]:
    """Hold a writing transaction of a team's account open while the block lasts."""
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin) as connection:
            connection.execute(
                "with tenant as materialized (select set_config('answerdesk.account_id',"
                "  account_id::text, true), account_id, project_id from conversation"
                "  where id = %s) insert into event (account_id, project_id, type, payload)"
                " select account_id, project_id, 'page.removed', '{}' from tenant",
                (bare(team.conversation_id),),
            )
            yield
            connection.rollback()


def test_two_processes_tell_the_same(team: Team, server: Server) -> None:
    second = Server(server.data_dir, ANSWERDESK_WORKER="0").start()
    try:
        here = Following.of(server, team.ana.client)
        there = Following(
            second,
            STREAM,
            {"Authorization": team.ben.client.headers["Authorization"]},
        ).begun()
        write(team, "Heard in both")
        ok(team.ana.client.post(f"{team.path}/typing"), 204)
        for one in (here, there):
            one.first("message", content="Heard in both")
            one.first("typing", user_id=team.ana.user_id)
            one.first("presence", user_id=team.ben.user_id, online=True)
        there.close()
        here.first("presence", user_id=team.ben.user_id, online=False)
    finally:
        all_closed()
        second.stop()


def test_a_stopping_server_ends_its_streams() -> None:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        own = Server(Path(folder) / "data").start()
        with own.client() as visitor:
            team = Team(own, visitor)
            following = Following.of(own, team.ana.client)
            began = time.monotonic()
            own.stop()
            following.until(lambda: following.ended, PATIENCE)
            assert time.monotonic() - began < PATIENCE / 2
