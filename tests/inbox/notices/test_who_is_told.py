"""Who is told of what: by default, by choice, and never of what is not theirs."""

import pytest

from tests.accounts.people import join, refused
from tests.conftest import Rows
from tests.inbox.notices.told import (
    BY_BROWSER,
    escalated,
    first_notices,
    notices,
    prefer,
    settled,
)
from tests.inbox.team import Team, bare, ok


def test_a_key_has_no_notices(team: Team) -> None:
    header = team.key("conversations:write")
    for method, path in (
        ("GET", "/v1/notices"),
        ("GET", "/v1/notice-preferences"),
        ("PUT", "/v1/notice-preferences"),
    ):
        body: dict[str, object] | None = {} if method == "PUT" else None
        answer = team.site.visitor.request(method, path, json=body, headers=header)
        refused(answer, 403, "person_needed")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"waiting": {"mail": True}}, 422),
        ({"waiting": {"mail": True, "browser": True, "sms": True}}, 422),
        ({"sometimes": {"mail": True, "browser": True}}, 422),
        ({"projects": ["proj_" + "0" * 32]}, 404),
        ({"projects": ["nonsense"]}, 404),
        ({"quiet_hours": {"timezone": "Mars/Olympus"}}, 422),
        ({"quiet_hours": {"days": {"mon": [{"start": "18:00:30", "end": "08:00"}]}}}, 422),
        (
            {
                "quiet_hours": {
                    "days": {
                        "mon": [{"start": "18:00", "end": "08:00"}],
                        "tue": [{"start": "07:00", "end": "09:00"}],
                    }
                }
            },
            422,
        ),
    ],
)
def test_preferences_that_cannot_be_are_refused(
    team: Team, body: dict[str, object], code: int
) -> None:
    answer = team.ana.client.put("/v1/notice-preferences", json=body)
    assert answer.status_code == code, answer.text
    assert ok(team.ana.client.get("/v1/notice-preferences"))["is_default"]


def test_roles_have_defaults_and_people_their_choice(team: Team) -> None:
    viewer = team.join("viewer")
    usual = ok(team.ana.client.get("/v1/notice-preferences"))
    assert usual["waiting"] == {"mail": True, "browser": True}
    assert usual["lead"] == {"mail": True, "browser": False}
    assert usual["reply"] == {"mail": False, "browser": True}
    assert usual["mail"] == "written"
    assert "file" in usual["mail_note"]
    theirs = ok(viewer.client.get("/v1/notice-preferences"))
    assert all(not any(theirs[one].values()) for one in ("waiting", "lead", "assigned", "sla"))
    quiet = {"timezone": "Europe/Berlin", "days": {"mon": [{"start": "18:00", "end": "08:00"}]}}
    chosen = ok(
        team.ana.client.put(
            "/v1/notice-preferences",
            json={"lead": BY_BROWSER, "projects": [team.site.project_id], "quiet_hours": quiet},
        )
    )
    assert chosen == ok(team.ana.client.get("/v1/notice-preferences"))
    assert not chosen["is_default"]
    assert chosen["lead"] == BY_BROWSER
    assert chosen["waiting"] == usual["waiting"]
    assert chosen["projects"] == [team.site.project_id]
    assert chosen["quiet_hours"]["days"]["mon"] == [{"start": "18:00:00", "end": "08:00:00"}]
    assert ok(team.ben.client.get("/v1/notice-preferences")) == usual


def test_a_wait_is_told_to_those_who_may_answer(team: Team, rows: Rows) -> None:
    viewer = team.join("viewer")
    stranger = team.join("agent")
    ok(team.owner.client.delete(f"/v1/members/{member(team, stranger.email)}"), 204)
    escalated(team.guest.post(f"conversations/{team.conversation_id}/escalate"))
    for person in (team.owner, team.ana, team.ben):
        (told,) = first_notices(person, "waiting")
        assert told["conversation_id"] == team.conversation_id
        assert told["project_id"] == team.site.project_id
        assert told["text"] == "A visitor waits for a person."
    settled(rows, team.owner.account_id)
    assert notices(viewer) == []
    found = rows(
        "select count(*) from notice where account_id = %s and kind = 'waiting'",
        bare(team.owner.account_id),
    )
    assert found == [(3,)]
    events = rows(
        "select person->>'user_id' from event, jsonb_array_elements(payload->'people') as person"
        " where account_id = %s and type = 'inbox.noticed'",
        bare(team.owner.account_id),
    )
    assert {one for (one,) in events} == {one.user_id for one in (team.owner, team.ana, team.ben)}


def member(team: Team, email: str) -> str:
    items = team.owner.client.get("/v1/members").json()["items"]
    (found,) = [str(one["id"]) for one in items if one["email"] == email]
    return found


def test_only_of_the_projects_that_a_person_chose(team: Team, rows: Rows) -> None:
    other = team.owner.client.post("/v1/projects", json={"name": "Another"}).json()["id"]
    prefer(team.ana, waiting=BY_BROWSER, projects=[other])
    prefer(team.ben, waiting=BY_BROWSER, projects=[team.site.project_id])
    escalated(team.guest.post(f"conversations/{team.conversation_id}/escalate"))
    assert first_notices(team.ben, "waiting")
    settled(rows, team.owner.account_id)
    assert notices(team.ana) == []


def test_what_is_over_is_not_shown(team: Team) -> None:
    escalated(team.guest.post(f"conversations/{team.conversation_id}/escalate"))
    assert first_notices(team.ana, "waiting")
    ok(team.ben.client.post(f"{team.path}/claim"))
    assert notices(team.ana) == []


def test_who_has_it_is_told_of_replies_and_of_what_colleagues_give(team: Team, rows: Rows) -> None:
    ok(team.owner.client.post(f"{team.path}/claim"))
    mine = member(team, team.ana.email)
    ok(team.owner.client.post(f"{team.path}/assign", json={"member_id": mine}))
    (told,) = first_notices(team.ana, "assigned")
    assert told["conversation_id"] == team.conversation_id
    team.guest.ask("Are you there?", conversation_id=team.conversation_id)
    assert first_notices(team.ana, "reply")
    settled(rows, team.owner.account_id)
    assert notices(team.ben) == notices(team.owner) == []
    ok(team.ana.client.post(f"{team.path}/messages", json={"content": "Yes."}), 201)
    assert [one["kind"] for one in notices(team.ana)] == ["assigned"]


def test_a_person_who_takes_it_is_not_told_of_that(team: Team, rows: Rows) -> None:
    ok(team.ana.client.post(f"{team.path}/claim"))
    settled(rows, team.owner.account_id)
    assert notices(team.ana) == []


def test_another_account_hears_nothing(team: Team, rows: Rows) -> None:
    there = Team(team.server, team.site.visitor)
    colleague = join(team.server, there.owner, "agent")
    escalated(team.guest.post(f"conversations/{team.conversation_id}/escalate"))
    assert first_notices(team.ana, "waiting")
    settled(rows, team.owner.account_id)
    assert notices(colleague) == []
