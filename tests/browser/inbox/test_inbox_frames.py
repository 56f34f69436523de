"""Frames replace what the page knows, in whatever order and however often they come."""

from itertools import permutations
from typing import Any

from playwright.async_api import Page

from tests.conftest import Server

_TAKE = """
async ([snapshot, frames]) => {
  const { Store } = await import("/assets/inbox/store.js");
  const store = new Store({id: "user_1", name: "Ann", email: "ann@example.com"});
  store.begin(snapshot);
  for (const [name, data] of frames) store.take(name, data);
  return [[...store.entries.values()], [...store.own.values()], store.wanting,
    store.isUnread("conv_1"), store.nameOf("user_2")];
}
"""
_LISTED = """
async ([search, entry, isPerson]) => {
  const { belongs, readFilters, query } = await import("/assets/inbox/filters.js");
  const filters = readFilters(search, isPerson);
  return [belongs(filters, entry, "user_1", Date.parse("2026-12-01T10:00:00Z")),
    String(query(filters, 50))];
}
"""


def entry(version: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "id": "conv_1",
        "project_id": "proj_1",
        "state": "human",
        "version": version,
        "assignee_id": "user_1",
        "waiting_since": None,
        "snoozed_until": None,
        "visitor_wrote_at": f"2026-12-01T09:0{version}:00Z",
        "updated_at": f"2026-12-01T09:0{version}:00Z",
        "tags": [],
        **fields,
    }


def snapshot(*entries: dict[str, Any]) -> dict[str, Any]:
    person = {"user_id": "user_2", "name": "Bo", "email": "bo@example.com"}
    counts = {"waiting": 2}
    return {"counts": counts, "entries": [*entries], "people": [person], "projects": ["proj_1"]}


async def test_an_older_frame_changes_nothing(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/login")
    own = {"conversation_id": "conv_1", "read_at": "2026-12-01T09:02:30Z", "drafts": []}
    listed = {**entry(2), "own": own}
    for order in permutations([1, 3, 4, 3]):
        frames = [["conversation", entry(version)] for version in order]
        entries, marks, wanting, unread, name = await page.evaluate(
            _TAKE, [snapshot(listed), frames]
        )
        assert [one["version"] for one in entries] == [4]
        assert (marks, wanting, unread, name) == ([own], 3, True, "Bo")
    gone = ["projects", {"ids": ["proj_2"]}]
    entries, _, wanting, _, _ = await page.evaluate(_TAKE, [snapshot(listed), [gone]])
    assert (entries, wanting) == ([], 2)


async def test_a_link_names_a_list_and_entries_belong_to_it_or_not(
    page: Page, server: Server
) -> None:
    await page.goto(f"{server.url}/login")
    waits = entry(state="waiting", assignee_id=None, waiting_since="2026-12-01T09:00:00Z")
    snoozed = {**waits, "snoozed_until": "2026-12-02T09:00:00Z"}
    woken = {**waits, "snoozed_until": "2026-12-01T09:30:00Z"}
    for search, one, belongs in (
        ("", waits, True),
        ("?list=nonsense", waits, True),
        ("", snoozed, False),
        ("", woken, True),
        ("?list=snoozed", snoozed, True),
        ("?list=snoozed", woken, False),
        ("?list=mine", entry(), True),
        ("?list=mine", entry(assignee_id="user_2"), False),
        ("?list=people", entry(), True),
        ("?list=people", waits, False),
        ("?list=closed", entry(state="closed"), True),
        ("?list=open&tag=Big", entry(tags=["big"]), True),
        ("?list=open&tag=big", entry(tags=["bigger"]), False),
        ("?list=open&project=proj_2", entry(), False),
    ):
        found, _ = await page.evaluate(_LISTED, [search, one, True])
        assert found is belongs, (search, one)
    # A key has no conversations of its own.
    _, query = await page.evaluate(_LISTED, ["?list=mine", waits, False])
    assert query == "limit=50&state=waiting&order=waiting"
