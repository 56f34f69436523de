"""Read marks: persons only, forward only, and back when somebody wants it unread."""

from typing import Any

import pytest

from tests.accounts.people import Person, refused
from tests.conftest import Rows
from tests.inbox.team import UNKNOWN, Team, bare, ok


def mark(team: Team, person: Person, message_id: str, **fields: Any) -> Any:
    body = {"message_id": message_id, **fields}
    return ok(person.client.put(f"{team.path}/read", json=body))["read_at"]


def unread(team: Team, rows: Rows, person: Person) -> bool:
    """Tell whether a list shows the conversation as unread: as it reads the mark."""
    found = rows(
        "select c.visitor_wrote_at > coalesce(r.read_at, '-infinity') from conversation c"
        " left join read_mark r on r.account_id = c.account_id and r.conversation_id = c.id"
        " and r.user_id = %s where c.id = %s",
        bare(person.user_id),
        bare(team.conversation_id),
    )
    return bool(found[0][0])


def test_it_takes_a_person_the_scope_and_a_message_of_the_conversation(team: Team) -> None:
    nobody, path = team.site.visitor, f"{team.path}/read"
    body = {"message_id": team.guest.messages(team.conversation_id)[0]["id"]}
    assert nobody.put(path, json=body).status_code == 401
    assert nobody.put(path, json=body, headers=team.guest.headers).status_code == 401
    refused(
        nobody.put(path, json=body, headers=team.key("conversations:read")), 403, "scope_missing"
    )
    writer = team.key("conversations:write")
    refused(nobody.put(path, json=body, headers=writer), 403, "person_needed")
    other = team.guest.start("Another question?")
    elsewhere = team.guest.messages(other)[0]["id"]
    for name in (f"msg_{UNKNOWN}", elsewhere, "x", team.conversation_id):
        refused(team.ana.client.put(path, json={"message_id": name}), 404, "message_not_found")
    unknown = f"/v1/conversations/conv_{UNKNOWN}/read"
    refused(team.ana.client.put(unknown, json=body), 404, "conversation_not_found")


@pytest.mark.parametrize(
    "body", [{}, {"message_id": 1}, {"message_id": "x", "unread": "maybe"}, {"read_at": "now"}]
)
def test_a_malformed_mark_is_refused(team: Team, body: dict[str, Any]) -> None:
    refused(team.ana.client.put(f"{team.path}/read", json=body), 422, "invalid_input")


def test_it_moves_forward_only_and_is_each_persons_own(team: Team, rows: Rows) -> None:
    team.guest.ask("And to Norway?", conversation_id=team.conversation_id)
    first, *_, last = team.guest.messages(team.conversation_id)
    assert unread(team, rows, team.ana)
    early = mark(team, team.ana, first["id"])
    assert unread(team, rows, team.ana)
    before = team.version(rows)
    late = mark(team, team.ana, last["id"])
    assert late > early
    assert not unread(team, rows, team.ana)
    assert unread(team, rows, team.ben)
    assert team.version(rows) > before
    # A slow request takes nothing back, and tells nobody.
    told = team.told(rows)
    assert mark(team, team.ana, first["id"]) == late
    assert mark(team, team.ana, last["id"]) == late
    assert team.told(rows) == told == [("own_changed", "read")] * 2


def test_who_has_read_the_visitors_last_message_has_read_it_all(team: Team, rows: Rows) -> None:
    said = team.guest.messages(team.conversation_id)
    (question,) = [one for one in said if one["author"] == "visitor"]
    mark(team, team.ana, question["id"])
    assert not unread(team, rows, team.ana)


def test_it_goes_back_if_somebody_wants_it_unread(team: Team, rows: Rows) -> None:
    first, *_, last = team.guest.messages(team.conversation_id)
    assert mark(team, team.ana, first["id"], unread=True) is None
    late = mark(team, team.ana, last["id"])
    assert mark(team, team.ana, last["id"], unread=True) < late
    assert unread(team, rows, team.ana)
    mark(team, team.ana, last["id"])
    assert mark(team, team.ana, first["id"], unread=True) < first["created_at"]
    # What was unread before does not become read.
    assert mark(team, team.ana, last["id"], unread=True) < first["created_at"]
    assert unread(team, rows, team.ana)
