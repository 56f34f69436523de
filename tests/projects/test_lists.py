"""Lists of projects and of what they have: pages that miss nothing, cursors of one list only."""

from typing import Any

import httpx
import pytest

from tests.conftest import Desk
from tests.projects.problems import assert_problem, refusal


def test_the_list_goes_on_by_its_cursor(owner: httpx.Client) -> None:
    made = [owner.post("/v1/projects", json={"name": f"Paged {n}"}).json()["id"] for n in range(5)]
    found: list[str] = []
    params: dict[str, Any] = {"limit": 2}
    for _ in range(1000):
        page = owner.get("/v1/projects", params=params).json()
        assert len(page["items"]) <= 2
        found += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert [one for one in found if one in made] == made
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("limit", ["0", "201", "x", "-1"])
def test_a_page_of_no_size_is_refused(owner: httpx.Client, limit: str) -> None:
    told = refusal(owner.get("/v1/projects", params={"limit": limit}), 422, "invalid_input")
    assert told.startswith("limit has to be ")


def test_a_cursor_of_another_list_is_refused(owner: httpx.Client, desk: Desk) -> None:
    for name in ("a", "b"):
        owner.post(f"{desk.path}/widget-keys", json={"name": name})
    cursor = owner.get(f"{desk.path}/widget-keys", params={"limit": 1}).json()["next_cursor"]
    other = Desk(owner, desk.visitor)
    for path in ("/v1/projects", f"{other.path}/widget-keys", f"{desk.path}/agents"):
        assert_problem(owner.get(path, params={"cursor": cursor}), 422, "cursor_invalid")
    assert_problem(owner.get("/v1/projects", params={"cursor": "x"}), 422, "cursor_invalid")
