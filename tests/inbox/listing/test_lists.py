"""Lists of the inbox: filters, orders, pages, search, counts; and what they refuse."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.accounts.people import refused
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import Guest
from tests.inbox.team import UNKNOWN, Team, bare, ok


class Inbox:
    """A team whose visitors have begun several conversations."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.client = team.ana.client
        self.guests: dict[str, Guest] = {}

    def begin(self, text: str, **session: Any) -> str:
        """Have a new visitor begin a conversation with this message."""
        guest = self.team.site.guest(**session)
        conversation_id = guest.start(text)
        self.guests[conversation_id] = guest
        return conversation_id

    def act(self, conversation_id: str, what: str, method: str = "POST", **body: Any) -> Any:
        path = f"/v1/conversations/{conversation_id}/{what}"
        answer = self.client.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def wants_person(self, conversation_id: str) -> None:
        ok(self.guests[conversation_id].post(f"conversations/{conversation_id}/escalate"), 204)

    def ids(self, **params: Any) -> list[str]:
        """Return the ids of a list, in its order, whatever its pages."""
        found: list[str] = []
        cursor = None
        while True:
            page = {**params, "limit": 2} | ({"cursor": cursor} if cursor else {})
            answer = ok(self.client.get("/v1/inbox", params=page))
            found += [one["id"] for one in answer["items"]]
            cursor = answer["next_cursor"]
            if cursor is None:
                assert len(found) == len(set(found))
                return found

    def counts(self, **params: Any) -> dict[str, int]:
        counted: dict[str, int] = ok(self.client.get("/v1/inbox/counts", params=params))
        return counted


@pytest.fixture
def inbox(team: Team) -> Inbox:
    return Inbox(team)


@pytest.mark.parametrize(
    "params",
    [
        {"state": "open"},
        {"order": "oldest"},
        {"snoozed": "maybe"},
        {"assignee": "ana"},
        {"assignee": "user_x"},
        {"q": "x" * 201},
        {"q": "a\0b"},
        {"tag": "x" * 51},
        {"cursor": "nonsense"},
        {"limit": "0"},
    ],
)
def test_what_makes_no_sense_is_refused(team: Team, params: dict[str, str]) -> None:
    answer = team.ana.client.get("/v1/inbox", params=params)
    assert answer.status_code == 422, answer.text


def test_other_projects_are_unknown(team: Team, server: Server) -> None:
    theirs = Team(server, team.site.visitor)
    for project_id in (f"proj_{UNKNOWN}", theirs.site.project_id, "x"):
        for path in ("/v1/inbox", "/v1/inbox/counts", "/v1/inbox/snapshot"):
            answer = team.ana.client.get(path, params={"project_id": project_id})
            refused(answer, 404, "project_not_found")


def test_a_key_has_nothing_of_its_own(team: Team, server: Server) -> None:
    headers = team.key("conversations:read")
    for params in ({"unread": "true"}, {"assignee": "me"}):
        answer = httpx.get(f"{server.url}/v1/inbox", params=params, headers=headers)
        refused(answer, 403, "person_needed")
    shown = ok(httpx.get(f"{server.url}/v1/inbox", headers=headers))["items"]
    assert [one["own"] for one in shown] == [None]


def test_states_and_assignees(inbox: Inbox) -> None:
    first, second, third = (inbox.begin(f"Question {n}") for n in range(3))
    own = inbox.team.conversation_id
    inbox.wants_person(first)
    inbox.act(second, "claim")
    inbox.act(third, "close")
    assert inbox.ids() == [third, second, first, own]
    assert inbox.ids(state="waiting") == [first]
    assert inbox.ids(state=["waiting", "human"]) == [second, first]
    assert inbox.ids(assignee="me") == [second]
    assert inbox.ids(assignee=inbox.team.ana.user_id) == [second]
    assert inbox.ids(assignee=inbox.team.ben.user_id) == []
    assert set(inbox.ids(assignee="none")) == {first, third, own}
    assert inbox.counts() == {
        "waiting": 1,
        "mine": 1,
        "unassigned": 1,
        "with_people": 1,
        "unread": 2,
        "snoozed": 0,
    }
    other = ok(inbox.team.owner.client.post("/v1/projects", json={"name": "Other"}), 201)["id"]
    assert inbox.ids(project_id=other) == []
    assert set(inbox.counts(project_id=other).values()) == {0}


def test_the_longest_waiting_come_first(inbox: Inbox) -> None:
    first, second, third = (inbox.begin(f"Question {n}") for n in range(3))
    for one in (second, third, first):
        inbox.wants_person(one)
    inbox.guests[second].ask("Are you there?", conversation_id=second)
    assert inbox.ids(order="waiting") == [second, third, first]


def test_tags_and_unread(inbox: Inbox) -> None:
    first, second = (inbox.begin(f"Question {n}") for n in range(2))
    inbox.act(first, "tags", "PUT", tags=["VIP", "refund"])
    assert inbox.ids(tag="vip") == [first]
    assert inbox.ids(tag="refund") == [first]
    assert inbox.ids(tag="ref") == []
    for one in (first, second):
        inbox.act(one, "claim")
    assert set(inbox.ids(unread="true")) == {first, second}
    last = inbox.guests[first].messages(first)[-1]["id"]
    inbox.act(first, "read", "PUT", message_id=last)
    assert inbox.ids(unread="true") == [second]
    assert inbox.counts()["unread"] == 1
    inbox.guests[first].ask("One more", conversation_id=first)
    assert set(inbox.ids(unread="true")) == {first, second}


def test_snoozed_ones_are_elsewhere_until_their_time(inbox: Inbox, rows: Rows) -> None:
    first = inbox.begin("Question")
    inbox.act(first, "claim")
    until = datetime.now(UTC) + timedelta(hours=3)
    inbox.act(first, "snooze", until=until.isoformat())
    assert first not in inbox.ids()
    assert inbox.ids(snoozed="true") == [first]
    assert first in inbox.ids(snoozed="any")
    counted = inbox.counts()
    assert (counted["snoozed"], counted["mine"], counted["unread"]) == (1, 0, 0)
    rows("update conversation set snoozed_until = now() where id = %s returning 1", bare(first))
    assert first in inbox.ids()
    assert inbox.ids(snoozed="true") == []
    assert inbox.counts()["mine"] == 1


def test_deleted_projects_are_gone(inbox: Inbox) -> None:
    first = inbox.begin("Question")
    inbox.act(first, "claim")
    assert inbox.counts()["mine"] == 1
    ok(inbox.team.owner.client.delete(inbox.team.site.path), 204)
    assert inbox.ids(snoozed="any") == []
    assert set(inbox.counts().values()) == {0}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("My parcel never arrived", "parcel"),
        ("My parcel never arrived", "ARRIVED never"),
        ("My parcel never arrived", '"never arrived"'),
        ("My parcel never arrived", "parc"),
        ("100% of it_self is \\ broken", "100%"),
        ("100% of it_self is \\ broken", "it_self is \\"),
        ("荷物がまだ届きません", "届き"),
        ("لم تصل الطرود بعد", "الطرود"),
    ],
)
def test_search_finds(inbox: Inbox, text: str, query: str) -> None:
    found = inbox.begin(text)
    inbox.begin("Something else entirely")
    assert inbox.ids(q=query) == [found]


@pytest.mark.parametrize(
    "query", ["lost", '"arrived never"', "%", "_", "parcel -never", "''", "!&|"]
)
def test_search_finds_nothing_else(inbox: Inbox, query: str) -> None:
    inbox.begin("My parcel never arrived")
    assert inbox.ids(q=query) == []


def test_search_by_the_visitors_name_and_address(inbox: Inbox) -> None:
    token = inbox.team.site.sign("user-7", email="grace@example.org", name="Grace Hopper")
    found = inbox.begin("Hello", identity_token=token)
    assert inbox.ids(q="hopper") == [found]
    assert inbox.ids(q="grace@exa") == [found]
    assert inbox.ids(q="grace", state="closed") == []


def test_who_left_an_address_is_shown_and_found_by_it(inbox: Inbox) -> None:
    asked = inbox.begin("Hello")
    inbox.begin("Hello again")
    contact = {"name": "Grace Hopper", "email": "grace@example.org", "phone": "+49 30 1234567"}
    ok(inbox.guests[asked].post(f"conversations/{asked}/lead", **contact), 204)
    for query in ("hopper", "grace@exa", "30 1234"):
        assert inbox.ids(q=query) == [asked]
    shown = {one["id"]: one["contact"] for one in ok(inbox.client.get("/v1/inbox"))["items"]}
    assert shown.pop(asked) == contact
    assert [*shown.values()] == [None] * len(shown)
    key = inbox.team.key("conversations:read")
    with httpx.Client(base_url=inbox.client.base_url, headers=key) as program:
        listed = ok(program.get("/v1/inbox", params={"q": "hopper"}))["items"]
    assert [(one["id"], one["contact"]) for one in listed] == [(asked, None)]


def test_search_shows_nothing_of_other_accounts(team: Team, server: Server) -> None:
    theirs = Inbox(Team(server, team.site.visitor))
    theirs.begin("A confidential zebra")
    assert Inbox(team).ids(q="zebra") == []
    assert len(theirs.ids(q="zebra")) == 1


def test_a_snapshot_is_a_list_with_counts_and_people(inbox: Inbox) -> None:
    first = inbox.begin("Question")
    inbox.act(first, "drafts/reply", "PUT", content="Dear", version=0)
    shown = ok(inbox.client.get("/v1/inbox/snapshot", params={"limit": 1}))
    assert [one["id"] for one in shown["entries"]] == [first]
    assert [one["content"] for one in shown["entries"][0]["own"]["drafts"]] == ["Dear"]
    rest = {"limit": 1, "cursor": shown["next_cursor"]}
    (second,) = ok(inbox.client.get("/v1/inbox", params=rest))["items"]
    assert second["id"] == inbox.team.conversation_id
    assert shown["projects"] == [inbox.team.site.project_id]
    assert {one["user_id"] for one in shown["people"]} == {
        one.user_id for one in (inbox.team.owner, inbox.team.ana, inbox.team.ben)
    }
    others = ok(inbox.team.ben.client.get("/v1/inbox/snapshot"))["entries"]
    assert all(one["own"]["drafts"] == [] for one in others)
