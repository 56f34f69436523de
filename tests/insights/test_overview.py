"""The overview of a project: what is refused, each number against its list, days and periods."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from answerdesk.core.tenancy import AccountId, ProjectId
from tests.accounts.people import refused, sign_up
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import SHIPPING
from tests.inbox.team import bare, ok
from tests.insights.desk import UNKNOWN, LearningDesk
from tests.insights.past import Past

DAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
NOTHING = {"conversations": 0, "answered": 0, "abstained": 0, "handed_over": 0, "leads": 0}


def path_of(project_id: str) -> str:
    return f"/v1/projects/{project_id}/overview"


def shown(learning: LearningDesk, project_id: str, **params: Any) -> dict[str, Any]:
    found: dict[str, Any] = ok(learning.client.get(path_of(project_id), params=params))
    return found


@pytest.fixture
def past(learning: LearningDesk, rows: Rows) -> Past:
    """Another project of the team's, in which nothing has happened."""
    made = ok(learning.client.post("/v1/projects", json={"name": "Past"}), 201)
    account = AccountId(UUID(bare(learning.team.owner.account_id)))
    return Past(rows, account, ProjectId(UUID(bare(made["id"]))))


def public(past: Past) -> str:
    return f"proj_{past.project.hex}"


def test_it_takes_the_scope_and_a_project_that_stands(
    learning: LearningDesk, server: Server, visitor: httpx.Client
) -> None:
    path = path_of(learning.project)
    for headers in ({}, learning.team.guest.headers):
        assert visitor.get(path, headers=headers).status_code == 401
    for scope in ("leads:read", "knowledge:write"):
        refused(visitor.get(path, headers=learning.team.key(scope)), 403, "scope_missing")
    ok(visitor.get(path, headers=learning.team.key("conversations:read")))
    for unknown in (f"proj_{UNKNOWN}", "x"):
        refused(learning.client.get(path_of(unknown)), 404, "project_not_found")
    refused(sign_up(server).client.get(path), 404, "project_not_found")
    elsewhere = ok(learning.client.post("/v1/projects", json={"name": "Other"}), 201)["id"]
    bound = learning.team.key("conversations:read", project_ids=[elsewhere])
    refused(visitor.get(path, headers=bound), 404, "project_not_found")
    ok(learning.client.delete(learning.path), 204)
    refused(learning.client.get(path), 404, "project_not_found")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"from": "2026-03-11", "to": "2026-03-10"}, "period_backwards"),
        ({"from": "9999-01-01"}, "period_backwards"),
        ({"from": "2025-03-10", "to": "2026-03-11"}, "period_too_long"),
        ({"from": "0001-01-01", "to": "0001-01-01"}, "period_range"),
        ({"from": "0001-01-02", "to": "0001-01-05"}, "period_range"),
        ({"to": "0001-01-05"}, "period_range"),
        ({"to": "9999-12-31"}, "period_range"),
        ({"from": "yesterday"}, "invalid_input"),
        ({"from": "2026-3-1"}, "invalid_input"),
        ({"to": "2026-02-30"}, "invalid_input"),
        ({"to": "1741564800"}, "invalid_input"),
    ],
)
def test_days_that_make_no_period_are_refused(
    learning: LearningDesk, params: dict[str, str], code: str
) -> None:
    refused(learning.client.get(path_of(learning.project), params=params), 422, code)


def test_of_a_project_without_anything_all_days_are_there(
    learning: LearningDesk, past: Past
) -> None:
    found = shown(learning, public(past))
    today = datetime.now(UTC).date()
    assert found["timezone"] == "UTC"
    assert [one["date"] for one in found["days"]] == [
        str(today - timedelta(days=ago)) for ago in range(27, -1, -1)
    ]
    assert all(one == {"date": one["date"], **NOTHING} for one in found["days"])
    ends = {"current": today, "previous": today - timedelta(days=28)}
    for part, last in ends.items():
        assert found[part] == {
            "from": str(last - timedelta(days=27)),
            "to": str(last),
            **NOTHING,
            "median_response_seconds": None,
            "p90_response_seconds": None,
            "satisfaction": None,
            "ratings": 0,
        }
    assert (found["waiting"], found["open_questions"]) == (0, 0)
    for days in (1, 366):
        asked = {"from": str(DAY), "to": str(DAY + timedelta(days=days - 1))}
        assert len(shown(learning, public(past), **asked)["days"]) == days


def test_each_number_is_what_a_list_has(learning: LearningDesk) -> None:
    site = learning.team.site
    site.add_text("Shipping", SHIPPING)
    learning.asked("How long does shipping to Germany take?")
    learning.resolved()
    guest = site.guest()
    waiting, snoozed = (guest.start(f"Where can caravan {one} park?") for one in "AB")
    ok(guest.post(f"conversations/{waiting}/escalate", email="ann@example.com"), 204)
    ok(guest.post(f"conversations/{snoozed}/escalate"), 204)
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    ok(learning.client.post(f"/v1/conversations/{snoozed}/snooze", json={"until": until}))
    ok(learning.client.post(f"{learning.path}/leads", json={"phone": "1"}), 201)

    found = shown(learning, learning.project)
    listed = ok(learning.client.get(f"{learning.path}/conversations"))["items"]
    reachable = {"reachable": True}
    leads = ok(learning.client.get(f"{learning.path}/leads", params=reachable))["items"]
    questions = ok(learning.client.get(learning.questions))["items"]
    counts = ok(learning.client.get("/v1/inbox/counts", params={"project_id": learning.project}))
    turns = [
        message["turn"]["decision"]
        for one in listed
        for message in ok(learning.client.get(f"/v1/conversations/{one['id']}"))["messages"]
        if message["turn"] is not None
    ]
    current = found["current"]
    assert current["conversations"] == len(listed) == 5
    assert current["leads"] == len(leads) == 2
    handed_over = [one for one in listed if one["escalated_at"] is not None]
    assert current["handed_over"] == len(handed_over) == 2
    assert current["answered"] == turns.count("answer") > 0
    assert current["abstained"] == turns.count("abstain") > 0
    assert found["open_questions"] == len(questions) > 0
    assert found["waiting"] == counts["waiting"] == 1
    for name in NOTHING:
        assert sum(day[name] for day in found["days"]) == current[name]


def test_decisions_are_counted_by_what_came_of_them(learning: LearningDesk, past: Past) -> None:
    conversation = past.conversation(NOON)
    for decision, fields in (
        ("answer", {}),
        ("act", {}),
        ("abstain", {}),
        ("small_talk", {}),
        ("hand_off", {}),
        (None, {"state": "answering"}),
        (None, {"state": "failed", "error_code": "internal_error"}),
        ("answer", {"state": "failed", "error_code": "taken_over"}),
        (None, {"state": "failed", "error_code": "cap_reached"}),
    ):
        past.turn(conversation, NOON, decision, **fields)
    found = shown(learning, public(past), **{"from": str(DAY), "to": str(DAY)})
    assert (found["current"]["answered"], found["current"]["abstained"]) == (2, 2)


def test_a_period_has_as_many_days_before_it(learning: LearningDesk, past: Past) -> None:
    hour = timedelta(hours=12)
    for days, number in ((-3, 1), (-2, 2), (-1, 3), (0, 4), (1, 5), (2, 6)):
        for at in (NOON + timedelta(days=days) + each for each in (-hour, hour * 0.99)):
            for _ in range(number):
                conversation = past.conversation(at, escalated_at=at)
                past.turn(conversation, at, "answer")
                past.turn(conversation, at, "abstain")
                past.lead(at)
    found = shown(learning, public(past), **{"from": str(DAY), "to": str(DAY + timedelta(days=1))})
    assert found["days"] == [
        {"date": str(DAY), **dict.fromkeys(NOTHING, 8)},
        {"date": str(DAY + timedelta(days=1)), **dict.fromkeys(NOTHING, 10)},
    ]
    current, previous = found["current"], found["previous"]
    assert {name: current[name] for name in NOTHING} == dict.fromkeys(NOTHING, 18)
    assert {name: previous[name] for name in NOTHING} == dict.fromkeys(NOTHING, 10)
    assert (previous["from"], previous["to"]) == ("2026-03-08", "2026-03-09")


def test_a_conversation_begun_before_counts_when_it_is_handed_over(
    learning: LearningDesk, past: Past
) -> None:
    past.conversation(NOON - timedelta(days=40), escalated_at=NOON)
    found = shown(learning, public(past), **{"from": str(DAY), "to": str(DAY)})
    assert (found["current"]["conversations"], found["current"]["handed_over"]) == (0, 1)


def test_response_times_and_ratings(learning: LearningDesk, past: Past) -> None:
    yesterday = NOON - timedelta(days=1)
    for begun, seconds in ((NOON, (10, 20, 30, 40, 110)), (yesterday, (7,))):
        for each in seconds:
            conversation = past.conversation(begun, escalated_at=begun)
            # Neither the assistant nor who wrote before has replied, and the first reply counts.
            past.say(conversation, begun + timedelta(seconds=1), "assistant")
            past.say(conversation, begun - timedelta(seconds=1), "human")
            past.say(conversation, begun + timedelta(seconds=each + 500), "human")
            past.say(conversation, begun + timedelta(seconds=each), "human")
    past.conversation(NOON, escalated_at=NOON)
    answers = past.conversation(NOON)
    for rating in ("positive", "positive", "negative"):
        past.rate(past.say(answers, NOON, "assistant"), rating)
    past.rate(past.say(answers, NOON, "human"), "positive")
    past.rate(past.say(answers, NOON - timedelta(days=1), "human"), "negative")
    found = shown(learning, public(past), **{"from": str(DAY), "to": str(DAY)})
    current, previous = found["current"], found["previous"]
    assert (current["median_response_seconds"], current["p90_response_seconds"]) == (30, 82)
    assert (previous["median_response_seconds"], previous["p90_response_seconds"]) == (7, 7)
    assert (current["satisfaction"], current["ratings"]) == (75, 4)
    assert (previous["satisfaction"], previous["ratings"]) == (0, 1)
    assert current["handed_over"] == 6


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        ("Asia/Tokyo", DAY, datetime(2026, 3, 9, 15, tzinfo=UTC), 24),
        # The clock jumps at 02:00, so that this day has 23 hours; the other one has 25.
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        ("Europe/Berlin", date(2025, 10, 26), datetime(2025, 10, 25, 22, tzinfo=UTC), 25),
    ],
)
def test_days_are_those_of_the_projects_time_zone(
    learning: LearningDesk, past: Past, zone: str, day: date, begins: datetime, hours: int
) -> None:
    hours_of = {"office_hours": {"timezone": zone}}
    ok(learning.client.patch(f"/v1/projects/{public(past)}", json={"settings": hours_of}))
    ends, instant = begins + timedelta(hours=hours), timedelta(microseconds=1)
    for at in (begins - instant, begins, ends - instant, ends):
        past.conversation(at)
    around = {"from": str(day - timedelta(days=1)), "to": str(day + timedelta(days=1))}
    found = shown(learning, public(past), **around)
    assert found["timezone"] == zone
    assert [one["conversations"] for one in found["days"]] == [1, 2, 1]
    last = shown(learning, public(past))["days"][-1]["date"]
    assert abs(date.fromisoformat(last) - datetime.now(UTC).date()) <= timedelta(days=1)
