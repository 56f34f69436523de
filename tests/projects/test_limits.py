"""Places that a plan counts: the last one is taken once, and a deletion gives it back at once."""

import secrets
import threading
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import Rows, Server
from tests.projects.problems import refusal
from tests.waiting import PATIENCE


@pytest.fixture
def tenant(server: Server, rows: Rows) -> Iterator[httpx.Client]:
    """The owner of an account of its own on the plan `growth`: 5 projects, 10 agents."""
    address = f"{secrets.token_hex(8)}@example.com"
    body = {"email": address, "password": "a sentence that nobody says"}
    made = httpx.post(f"{server.url}/v1/auth/signup", json=body, timeout=PATIENCE)
    assert made.status_code == 201, made.text
    rows(
        "update account set plan = 'growth' where account_id ="
        " (select account_id from membership join app_user on app_user.id = user_id"
        "  where email = %s) returning 1",
        address,
    )
    headers = {"Authorization": f"Bearer {made.json()['access_token']}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=PATIENCE) as client:
        yield client


def make_project(tenant: httpx.Client, name: str = "One") -> httpx.Response:
    return tenant.post("/v1/projects", json={"name": name})


def test_the_last_place_is_taken_once(tenant: httpx.Client) -> None:
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda: answers.append(make_project(tenant))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.status_code for one in answers) == [201] * 5 + [403] * 3
    refused = next(one for one in answers if one.status_code == 403)
    assert "projects" in refusal(refused, 403, "limit_reached")
    assert len(tenant.get("/v1/projects").json()["items"]) == 5


def test_a_deleted_project_gives_its_place_back_at_once(tenant: httpx.Client) -> None:
    made = [make_project(tenant).json()["id"] for _ in range(5)]
    assert make_project(tenant).status_code == 403
    assert tenant.delete(f"/v1/projects/{made[0]}").status_code == 204
    assert make_project(tenant).status_code == 201


def test_where_no_agent_fits_a_project_begins_without(tenant: httpx.Client) -> None:
    first = f"/v1/projects/{make_project(tenant).json()['id']}/agents"
    for n in range(9):
        assert tenant.post(first, json={"name": f"Agent {n}"}).status_code == 201
    refused = tenant.post(first, json={"name": "Eleventh"})
    assert "agents" in refusal(refused, 403, "limit_reached")
    second = make_project(tenant)
    assert second.status_code == 201
    assert tenant.get(f"/v1/projects/{second.json()['id']}/agents").json()["items"] == []
    last = tenant.get(first, params={"limit": 200}).json()["items"][-1]["id"]
    assert tenant.delete(f"{first}/{last}").status_code == 204
    replaced = tenant.post(f"/v1/projects/{second.json()['id']}/agents", json={"name": "Now"})
    assert replaced.json()["active"] is True
