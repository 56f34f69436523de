"""Events for programs that ask: who sees which, and that none is missed."""

from typing import Any

import httpx
import pytest

from tests.accounts.keys import holder, make_key
from tests.accounts.people import Person, sign_up
from tests.conftest import Desk, Server
from tests.projects.problems import assert_problem
from tests.waiting import PATIENCE, attempts


@pytest.fixture
def ann(server: Server) -> Person:
    return sign_up(server)


@pytest.fixture
def shop(ann: Person) -> Desk:
    return Desk(ann.client, ann.client)


def events(client: httpx.Client, **query: Any) -> dict[str, Any]:
    answer = client.get("/v1/events", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    "query", [{"after": -1}, {"after": 2**63}, {"after": "x"}, {"limit": 0}, {"limit": 201}]
)
def test_a_place_that_is_none_is_refused(ann: Person, query: dict[str, Any]) -> None:
    assert_problem(ann.client.get("/v1/events", params=query), 422, "invalid_input")


def test_events_come_once_and_in_order(shop: Desk) -> None:
    begin = events(shop.owner)["after"]
    for name in ("One", "Two", "Three"):
        shop.add_text(name, f"{name} is a number.")
    found: list[dict[str, Any]] = []
    after = begin
    for _ in attempts(PATIENCE):
        page = events(shop.owner, after=after, limit=2)
        after = page["after"]
        found += page["items"]
        if len([one for one in found if one["type"] == "document.ready"]) == 3:
            break
    ids = [one["id"] for one in found]
    assert ids == sorted(set(ids))
    assert {one["project_id"] for one in found} == {shop.project_id}
    assert events(shop.owner, after=after) == {"items": [], "after": after}


def test_a_projects_key_sees_its_projects_events_only(server: Server, shop: Desk) -> None:
    other = Desk(shop.owner, shop.owner)
    shop.add_text("One", "One is a number.")
    other.add_text("Two", "Two is a number.")
    key = make_key(shop.owner, scopes=["read"], project_ids=[other.project_id])["key"]
    with holder(server, key) as confined:
        found = events(confined)["items"]
    assert {one["project_id"] for one in found} == {other.project_id}
    assert events(sign_up(server).client)["items"] == []


def test_every_type_has_an_example_and_its_formats(ann: Person) -> None:
    items = ann.client.get("/v1/event-types").json()["items"]
    by_name = {one["name"]: one for one in items}
    assert by_name["lead.created"]["formats"] == {"standard": "lead.created", "orac": "new_lead"}
    assert by_name["webhook.disabled"]["formats"] == {"standard": "webhook.disabled"}
    assert set(by_name["webhook.disabled"]["example"]) == {"webhook_id", "reason"}
    assert all(one["summary"].endswith(".") for one in items)
