"""What a plan counts: the place after the last is refused by name, however many ask at once."""

import threading
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from tests.accounts.keys import add_account, holder, remove_account
from tests.conftest import Rows, Server


@pytest.fixture
def starter(server: Server, rows: Rows) -> Iterator[httpx.Client]:
    """A key of an account on the plan that has one project, three agents and fifty items."""
    account_id, key = add_account(rows, "starter")
    with holder(server, key) as client:
        yield client
    remove_account(rows, account_id)


def test_of_many_at_once_one_gets_the_last_place(starter: httpx.Client) -> None:
    answers: list[httpx.Response] = []

    def make(number: int) -> None:
        answers.append(starter.post("/v1/projects", json={"name": f"P{number}"}))

    threads = [threading.Thread(target=make, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(answer.status_code for answer in answers) == {201: 1, 403: 11}
    refused = next(answer.json() for answer in answers if answer.status_code == 403)
    assert refused["code"] == "limit_reached"
    assert "1 projects (projects)" in refused["detail"]
    assert len(starter.get("/v1/projects").json()["items"]) == 1


def test_what_is_removed_gives_its_place_back(starter: httpx.Client) -> None:
    made = starter.post("/v1/projects", json={"name": "First"}).json()
    assert starter.post("/v1/projects", json={"name": "Second"}).status_code == 403
    assert starter.delete(f"/v1/projects/{made['id']}").is_success
    assert starter.post("/v1/projects", json={"name": "Second"}).status_code == 201


def test_agents_and_items_have_their_limits(starter: httpx.Client) -> None:
    project = starter.post("/v1/projects", json={"name": "Only"}).json()["id"]
    path = f"/v1/projects/{project}"
    # A project begins with one.
    made = [
        starter.post(f"{path}/agents", json={"name": f"A{number}"}).status_code
        for number in range(3)
    ]
    assert made == [201, 201, 403]
    refused = starter.post(f"{path}/agents", json={"name": "One more"})
    assert (refused.status_code, refused.json()["code"]) == (403, "limit_reached")
    assert "agents" in refused.json()["detail"]
