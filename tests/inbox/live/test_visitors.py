"""The stream of a visitor: their own conversation, and nothing that is for people only."""

from collections.abc import Iterator

import httpx
import pytest

from tests.accounts.people import refused
from tests.conftest import Server
from tests.inbox.live.following import Following, all_closed
from tests.inbox.team import UNKNOWN, Team, ok


@pytest.fixture(autouse=True)
def hung_up() -> Iterator[None]:
    yield
    all_closed()


def path(conversation_id: str) -> str:
    return f"/v1/visitor/conversations/{conversation_id}/stream"


def follow(team: Team, server: Server, **params: str) -> Following:
    return Following(server, path(team.conversation_id), team.guest.headers, None, **params).begun()


def test_only_their_own(team: Team, server: Server) -> None:
    stranger = team.site.guest()
    for headers in (stranger.headers, team.site.guest().headers):
        answer = httpx.get(f"{server.url}{path(team.conversation_id)}", headers=headers)
        refused(answer, 404, "conversation_not_found")
    for conversation_id in ("x", f"conv_{UNKNOWN}"):
        answer = httpx.get(f"{server.url}{path(conversation_id)}", headers=team.guest.headers)
        refused(answer, 404, "conversation_not_found")
    answer = stranger.post(f"conversations/{team.conversation_id}/typing")
    refused(answer, 404, "conversation_not_found")


def test_replies_states_and_names(team: Team, server: Server) -> None:
    following = follow(team, server)
    assert following.first("state") == {"state": "ai", "name": None}
    ok(team.ana.client.post(f"{team.path}/claim"))
    following.first("state", state="human")
    ok(team.ana.client.post(f"{team.path}/messages", json={"content": "Hello there"}), 201)
    told = following.first("message", author="human")
    assert told["content"] == "Hello there"
    assert "conversation_id" not in told
    ok(team.ana.client.post(f"{team.path}/hand-back"))
    following.until(lambda: following.all("state")[-1]["state"] == "ai")
    ok(team.ana.client.post(f"{team.path}/close"))
    following.first("state", state="closed")


def test_messages_of_another_tab_and_answers(team: Team, server: Server) -> None:
    following = follow(team, server)
    team.guest.ask("From the other tab", conversation_id=team.conversation_id)
    following.first("message", author="visitor", content="From the other tab")
    told = following.first("message", author="assistant")
    # How certain an answer is, visitors are told in words.
    assert "certainty" in told
    assert "confidence" not in told


def test_nothing_for_people_only(team: Team, server: Server) -> None:
    following = follow(team, server)
    client = team.ana.client
    ok(client.post(f"{team.path}/notes", json={"content": "Difficult customer"}), 201)
    ok(client.put(f"{team.path}/tags", json={"tags": ["difficult"]}))
    ok(client.put(f"{team.path}/drafts/reply", json={"content": "Hm", "version": 0}))
    ok(client.post(f"{team.path}/messages", json={"content": "Hello"}), 201)
    following.first("message", author="human")
    assert {name for _, name, _ in following.frames} <= {"state", "message"}
    said = str(following.frames)
    assert "ifficult" not in said
    assert "user_" not in said


def test_after_a_break_everything_comes_once(team: Team, server: Server) -> None:
    first = follow(team, server)
    cursor = first.cursor
    assert cursor is not None
    first.close()
    for number in range(5):
        body = {"content": f"Reply {number}"}
        ok(team.ana.client.post(f"{team.path}/messages", json=body), 201)
    second = follow(team, server, cursor=cursor)
    second.first("message", content="Reply 4")
    come = [one["content"] for one in second.all("message", author="human")]
    assert come == [f"Reply {number}" for number in range(5)]
    third = follow(team, server, cursor=second.cursor or "")
    ok(team.ana.client.post(f"{team.path}/messages", json={"content": "Last"}), 201)
    third.first("message", content="Last")
    assert len(third.all("message")) == 1


def test_a_cursor_of_the_inbox_is_foreign(team: Team, server: Server) -> None:
    cursor = ok(team.ana.client.get("/v1/inbox/snapshot"))["cursor"]
    following = follow(team, server, cursor=cursor)
    following.until(lambda: following.ended)
    assert following.all("reload") == [{"reason": "foreign"}]


def test_a_deleted_project_ends_the_stream(team: Team, server: Server) -> None:
    following = follow(team, server)
    ok(team.owner.client.delete(team.site.path), 204)
    following.until(lambda: following.ended, 60)
    assert following.first("ended")["code"] == "project_not_found"
