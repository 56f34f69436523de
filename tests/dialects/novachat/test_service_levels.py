"""Nova Chat's overview of service levels, by website."""

from typing import Any

import httpx

from tests.conftest import Rows
from tests.dialects.novachat.shop import Shop, refused
from tests.dialects.novachat.test_conversations import PATH, assign, person_of
from tests.dialects.novachat.test_webhooks import project_of
from tests.dialects.novachat.test_widget import Page
from tests.dialects.orac.chat import ask
from tests.waiting import PATIENCE, attempts

STATUS = "/api/v1/sla/status"
NONE = {"met": 0, "breached": 0, "running": 0, "cancelled": 0}


def project_path(shop: Shop, rows: Rows) -> str:
    return f"/v1/projects/proj_{project_of(shop, rows).replace('-', '')}"


def set_targets(shop: Shop, rows: Rows, **minutes: int) -> None:
    body = {"settings": {"service_levels": minutes}}
    changed = shop.call("PATCH", project_path(shop, rows), json=body)
    assert changed.status_code == 200, changed.text


def status_of(shop: Shop, token: str = "") -> dict[str, Any]:
    shown = shop.call("GET", STATUS, token=token)
    assert shown.status_code == 200, shown.text
    status: dict[str, Any] = shown.json()
    return status


def stands(shop: Shop, **counts: dict[int | None, dict[str, int]]) -> dict[str, Any]:
    """Wait until each target has these counts by domain; return the status."""
    status: dict[str, Any] = {}
    for _ in attempts(PATIENCE):
        status = status_of(shop)
        rows = {one["domain_id"]: one for one in status["domains"]}
        if all(
            rows[domain][target] == {**NONE, **expected}
            for target, by_domain in counts.items()
            for domain, expected in by_domain.items()
        ):
            return status
    raise AssertionError(status)


def test_a_credential_of_another_account_shows_nothing_of_this(shop: Shop, large: Shop) -> None:
    page = Page(large)
    begun = page.begin("I want to talk to a person")
    page.wait(begun["id"], 2)
    assert [one["conversation_id"] for one in status_of(large)["waits"]] == [begun["id"]]
    theirs = status_of(shop)
    assert theirs["waits"] == []
    (rest,) = theirs["domains"]
    assert (rest["domain_id"], rest["website_url"], rest["waiting"]) == (None, None, 0)
    assert theirs["targets"] == {"first_response_minutes": None, "resolution_minutes": None}


def test_a_key_that_may_not_read_conversations_is_refused(large: Shop) -> None:
    body = {"name": "Leads", "scopes": ["leads:read"], "prefix": "nc_live_"}
    made = large.call("POST", "/v1/api-keys", json=body)
    assert made.status_code == 201, made.text
    refused(large.call("GET", STATUS, token=made.json()["key"]), 403)
    assert large.call("GET", STATUS, token=large.key("read")).status_code == 200
    refused(large.call("POST", STATUS), 405)


def test_each_website_counts_its_own_waits(large: Shop, rows: Rows, visitor: httpx.Client) -> None:
    set_targets(large, rows, first_response_minutes=30, resolution_minutes=60)
    first, second = Page(large), Page(large, "https://second.example")
    one, two = first.domain["domain_id"], second.domain["domain_id"]
    begun = first.begin("I want to talk to a person")["id"]
    first.wait(begun, 2)
    project_id = project_path(large, rows).rpartition("/")[2]
    ask(visitor, project_id, "I want to talk to a person")
    running = {"running": 1}
    counts: dict[int | None, dict[str, int]] = {one: running, two: {}, None: running}
    status = stands(large, first_response=counts, resolution=counts)
    assert status["targets"] == {"first_response_minutes": 30, "resolution_minutes": 60}
    assert [(row["website_url"], row["waiting"]) for row in status["domains"]] == [
        ("https://mycompany.example", 1),
        ("https://second.example", 0),
        (None, 1),
    ]
    waits = status["waits"]
    assert [(wait["domain_id"], wait["assignee_id"]) for wait in waits] == [
        (one, None),
        (None, None),
    ]
    assert waits[0]["conversation_id"] == begun
    assert all(status["since"] < wait["waiting_since"] < wait["due_at"] for wait in waits)
    assert not any(wait["breached"] for wait in waits)

    ann = person_of(large)
    assert assign(large, begun, ann).status_code == 200
    assert status_of(large)["waits"][0]["assignee_id"] == ann
    large.call("POST", PATH, json={"conversation_id": begun, "content": "Hello."})
    status = stands(large, first_response={one: {"met": 1}, None: running})
    assert [wait["domain_id"] for wait in status["waits"]] == [None]
    large.call("POST", PATH, json={"conversation_id": begun, "status": "resolved"})
    stands(large, resolution={one: {"met": 1}, None: running})


def test_what_is_missed_and_whose_website_is_gone_is_still_counted(large: Shop, rows: Rows) -> None:
    set_targets(large, rows, first_response_minutes=1)
    page = Page(large)
    domain = page.domain["domain_id"]
    begun = page.begin("I want to talk to a person")["id"]
    page.wait(begun, 2)
    stands(large, first_response={domain: {"running": 1}})
    # The target was missed an hour ago.
    rows(
        "update sla_clock set due_at = due_at - interval '1 hour', breached_at = due_at"
        " - interval '1 hour' where project_id = %s returning 1",
        project_of(large, rows),
    )
    status = stands(large, first_response={domain: {"breached": 1}})
    assert [wait["breached"] for wait in status["waits"]] == [True]
    path = f"{project_path(large, rows)}/domains"
    (listed,) = large.call("GET", path).json()["items"]
    assert large.call("DELETE", f"{path}/{listed['id']}").status_code == 204
    status = stands(large, first_response={None: {"breached": 1}})
    assert [wait["domain_id"] for wait in status["waits"]] == [None]
    assert [row["waiting"] for row in status["domains"]] == [1]
