"""Agents over the native API: refusals first, then that one of them speaks, and which."""

import threading
from typing import Any

import httpx
import pytest

from tests.conftest import Desk, Rows
from tests.projects.foreign import Foreign
from tests.projects.problems import assert_problem, refusal


def make_agent(desk: Desk, name: str, **settings: Any) -> dict[str, Any]:
    made = desk.owner.post(f"{desk.path}/agents", json={"name": name, **settings})
    assert made.status_code == 201, made.text
    agent: dict[str, Any] = made.json()
    return agent


def agents(desk: Desk) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = desk.owner.get(f"{desk.path}/agents").json()["items"]
    return listed


def active(desk: Desk) -> list[str]:
    return [one["name"] for one in agents(desk) if one["active"]]


def path(desk: Desk, agent: dict[str, Any]) -> str:
    return f"{desk.path}/agents/{agent['id']}"


@pytest.mark.parametrize(
    ("method", "suffix", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "x"}),
        ("DELETE", "", None),
        ("POST", "/activate", None),
    ],
)
def test_anothers_agent_is_as_unknown_as_none(
    desk: Desk, foreign: Foreign, rows: Rows, method: str, suffix: str, body: Any
) -> None:
    neighbour = Desk(desk.owner, desk.visitor)
    ids = [foreign.agent, agents(neighbour)[0]["id"], "agent_" + "0f" * 16, "x"]
    answers = [
        desk.owner.request(method, f"{desk.path}/agents/{one}{suffix}", json=body) for one in ids
    ]
    for answer in answers:
        assert_problem(answer, 404, "agent_not_found")
    assert len({answer.text for answer in answers}) == 1
    assert active(neighbour) == ["Assistant"]
    theirs = foreign.agent.removeprefix("agent_")
    found = rows("select name, active from agent where id = cast(%s as uuid)", theirs)
    assert found == [("Theirs", True)]


def test_a_key_that_reads_changes_no_agent(reader: httpx.Client, desk: Desk) -> None:
    [agent] = reader.get(f"{desk.path}/agents").json()["items"]
    one = f"{desk.path}/agents/{agent['id']}"
    refused = [
        reader.post(f"{desk.path}/agents", json={"name": "x"}),
        reader.patch(one, json={"name": "x"}),
        reader.post(f"{one}/activate"),
        reader.delete(one),
    ]
    for answer in refused:
        assert "agents:write" in refusal(answer, 403, "scope_missing")
    assert reader.get(one).json() == agent


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"name": " "}, "name is empty"),
        ({"name": "x" * 201}, "name "),
        ({"name": "x", "active": True}, "active "),
        ({"name": "x", "persona": "a\0b"}, "persona contains a NUL"),
        ({"name": "x", "persona": "x" * 2001}, "persona "),
        ({"name": "x", "instructions": "x" * 20_001}, "instructions "),
        ({"name": "x", "greeting": "x" * 501}, "greeting "),
        ({"name": "x", "model": ""}, "model is empty"),
        ({"name": "x", "availability": "sometimes"}, "availability "),
        ({"name": "x", "availability": "own_hours"}, "own_hours needs `hours`"),
        ({"name": "x", "hours": {"timezone": "Mars"}}, "hours.timezone: "),
        ({"name": "x", "languages": {"offered": ["en"], "default": "de"}}, "not among"),
        ({"name": "x", "response_profile": {"timezone": "Mars"}}, "response_profile.timezone: "),
        ({"name": "x", "response_profile": {"days": {"mon": ["9"]}}}, "response_profile.days.mon"),
    ],
)
def test_what_does_not_hold_is_refused_by_name(desk: Desk, body: Any, fault: str) -> None:
    made = desk.owner.post(f"{desk.path}/agents", json=body)
    assert fault in refusal(made, 422, "invalid_input")
    [agent] = agents(desk)
    changed = desk.owner.patch(path(desk, agent), json=body)
    assert fault in refusal(changed, 422, "invalid_input")
    assert agents(desk) == [agent]


def test_a_name_is_not_taken_away(desk: Desk) -> None:
    [agent] = agents(desk)
    changed = desk.owner.patch(path(desk, agent), json={"name": None})
    assert "name " in refusal(changed, 422, "invalid_input")


def test_own_hours_are_not_taken_from_who_needs_them(desk: Desk) -> None:
    hours = {"timezone": "Asia/Tokyo"}
    agent = make_agent(desk, "Tokyo", availability="own_hours", hours=hours)
    changed = desk.owner.patch(path(desk, agent), json={"hours": None})
    assert "own_hours needs" in refusal(changed, 422, "invalid_input")


def test_a_project_begins_with_an_agent(desk: Desk) -> None:
    [agent] = agents(desk)
    assert (agent["name"], agent["active"], agent["version"]) == ("Assistant", True, 1)
    assert (agent["greeting"], agent["model"], agent["availability"]) == (
        *(None, None),
        "office_hours",
    )


def test_another_agent_waits_until_it_is_activated(desk: Desk) -> None:
    second = make_agent(desk, "Second")
    assert not second["active"]
    assert active(desk) == ["Assistant"]
    shown = desk.owner.post(f"{path(desk, second)}/activate").json()
    assert shown["active"]
    assert active(desk) == ["Second"]
    again = desk.owner.post(f"{path(desk, second)}/activate").json()
    assert again == shown


def test_after_the_active_agent_the_oldest_speaks(desk: Desk) -> None:
    [first] = agents(desk)
    make_agent(desk, "Second")
    third = make_agent(desk, "Third")
    desk.owner.post(f"{path(desk, third)}/activate")
    assert desk.owner.delete(path(desk, third)).status_code == 204
    assert active(desk) == ["Assistant"]
    assert desk.owner.delete(path(desk, first)).status_code == 204
    assert active(desk) == ["Second"]


def test_without_any_agent_the_project_still_answers_and_the_next_is_active(
    desk: Desk, visitor: httpx.Client
) -> None:
    [first] = agents(desk)
    assert desk.owner.delete(path(desk, first)).status_code == 204
    assert agents(desk) == []
    config = visitor.get("/api/widget/config", params={"id": desk.project_id})
    assert config.json()["office_hours"]["open_now"] is True
    assert make_agent(desk, "New")["active"]


def test_however_many_decide_at_once_one_is_active(desk: Desk) -> None:
    [first] = agents(desk)
    desk.owner.delete(path(desk, first))
    statuses: list[int] = []

    def run(n: int) -> None:
        made = desk.owner.post(f"{desk.path}/agents", json={"name": f"Agent {n}"})
        statuses.append(made.status_code)
        statuses.append(desk.owner.post(f"{path(desk, made.json())}/activate").status_code)
        if n % 2:
            statuses.append(desk.owner.delete(path(desk, made.json())).status_code)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 8 + [201] * 8 + [204] * 4
    assert len(active(desk)) == 1
    assert len(agents(desk)) == 4


def test_a_response_profile_is_merged_and_reset(desk: Desk) -> None:
    always = {"timezone": "UTC", "days": {}, "holidays": []}
    monday = {"mon": [{"start": "09:00:00", "end": "17:00:00"}]}
    agent = make_agent(desk, "Mia", response_profile={"days": monday})
    assert agent["response_profile"] == {**always, "days": monday}
    for patch, after in (
        ({"timezone": "Asia/Tokyo"}, {**always, "days": monday, "timezone": "Asia/Tokyo"}),
        ({"days": {"mon": None, "tue": []}, "timezone": None}, {**always, "days": {"tue": []}}),
        (None, always),
    ):
        changed = desk.owner.patch(path(desk, agent), json={"response_profile": patch})
        assert changed.json()["response_profile"] == after, changed.text
    assert desk.owner.get(path(desk, agent)).json()["version"] == 4


def test_fields_are_merged_and_versions_kept(desk: Desk) -> None:
    big = {"name": "big", "provider": "openai", "model": "gpt", "project_id": desk.project_id}
    added = desk.owner.post("/v1/language-models", json=big, params={"unchecked": "true"})
    assert added.status_code == 201, added.text
    agent = make_agent(desk, "Mia", persona="Friendly", greeting="Moin!", model="big")
    one = path(desk, agent)
    seen = desk.owner.get(one)
    assert seen.json() == agent
    tag = seen.headers["etag"]
    body = {"greeting": None, "instructions": "Be short.", "availability": "always"}
    changed = desk.owner.patch(one, json=body, headers={"If-Match": tag})
    assert changed.json() | {"updated_at": None} == agent | {
        "greeting": None,
        "instructions": "Be short.",
        "availability": "always",
        "version": 2,
        "updated_at": None,
    }
    for late in (
        desk.owner.patch(one, json={"name": "Max"}, headers={"If-Match": tag}),
        desk.owner.post(f"{one}/activate", headers={"If-Match": tag}),
        desk.owner.delete(one, headers={"If-Match": tag}),
    ):
        assert_problem(late, 412, "precondition_failed")
    now = {"If-None-Match": changed.headers["etag"]}
    assert desk.owner.get(one, headers=now).status_code == 304


def test_the_agents_go_on_by_their_cursor(desk: Desk) -> None:
    made = ["Assistant", *(make_agent(desk, f"Agent {n}")["name"] for n in range(2))]
    first = desk.owner.get(f"{desk.path}/agents", params={"limit": 2}).json()
    params = {"limit": 2, "cursor": first["next_cursor"]}
    second = desk.owner.get(f"{desk.path}/agents", params=params).json()
    assert [one["name"] for one in first["items"] + second["items"]] == made
    assert second["next_cursor"] is None


def test_every_change_is_in_the_audit_log(desk: Desk, rows: Rows) -> None:
    agent = make_agent(desk, "Audited")
    one = path(desk, agent)
    desk.owner.patch(one, json={"persona": "Dry"})
    desk.owner.post(f"{one}/activate")
    desk.owner.delete(one)
    found = rows(
        "select action, detail from audit_entry where target_id = %s order by at", agent["id"]
    )
    assert [action for action, _ in found] == [
        *("agent.created", "agent.changed", "agent.activated", "agent.deleted")
    ]
    told = {"project_id": desk.project_id, "name": "Audited"}
    assert [detail for _, detail in found] == [told, {**told, "changed": ["persona"]}, told, told]
