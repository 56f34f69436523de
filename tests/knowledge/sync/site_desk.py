"""A project with websites as its sources, and short ways to sync them and to look at them."""

from typing import Any

import httpx

from tests.conftest import Desk
from tests.waiting import PATIENCE, attempts
from tests.websites import Website

_SECONDS = 5 * PATIENCE

Found = dict[str, Any]


class SiteDesk(Desk):
    """A project of a test's own on a server that may fetch from loopback."""

    def add(self, site: Website, path: str = "/", **fields: Any) -> Found:
        """Add a website and wait until its first sync has ended; returns the source."""
        body = {"kind": "site", "url": f"{site.url}{path}", **fields}
        added = self.owner.post(f"{self.path}/sources", json=body)
        assert added.status_code == 201, added.text
        source: Found = added.json()
        self.wait(source["id"], source["last_sync"]["id"])
        return self.source(source["id"])

    def source(self, source_id: str) -> Found:
        """Return a source as it is now."""
        return self.get(f"sources/{source_id}")

    def start(self, source: Found, **fields: Any) -> Found:
        """Begin a sync."""
        begun = self.owner.post(f"{self.path}/sources/{source['id']}/syncs", json=fields)
        assert begun.status_code == 202, begun.text
        sync: Found = begun.json()
        return sync

    def sync(self, source: Found, **fields: Any) -> Found:
        """Sync a source and return the sync once it has ended."""
        return self.wait(source["id"], self.start(source, **fields)["id"])

    def wait(self, source_id: str, sync_id: str) -> Found:
        """Wait until a sync has ended."""
        sync: Found = {}
        for _ in attempts(_SECONDS):
            sync = self.get(f"sources/{source_id}/syncs/{sync_id}")
            if sync["finished_at"] is not None:
                _check_that_it_adds_up(sync)
                return sync
        raise AssertionError(f"The sync has not ended: {sync}")

    def pages(self, source: Found, state: str | None = None) -> dict[str, Found]:
        """Return the pages of a source by their paths."""
        params: dict[str, Any] = {"limit": 200} | ({"state": state} if state else {})
        found: dict[str, Found] = {}
        while True:
            listed = self.get(f"sources/{source['id']}/pages", **params)
            for page in listed["items"]:
                found[httpx.URL(page["url"]).raw_path.decode()] = page
            if listed["next_cursor"] is None:
                return found
            params["cursor"] = listed["next_cursor"]

    def changes(self, source: Found, sync: Found) -> dict[str, str]:
        """Return what a sync has changed, by path."""
        listed = self.get(f"sources/{source['id']}/syncs/{sync['id']}/changes", limit=200)
        return {httpx.URL(one["url"]).path: one["change"] for one in listed["items"]}

    def documents(self, source: Found) -> dict[str, Found]:
        """Return a source's documents by the path of their address."""
        params: dict[str, Any] = {"limit": 200}
        found: dict[str, Found] = {}
        while True:
            listed = self.get(f"sources/{source['id']}/documents", **params)
            for one in listed["items"]:
                found[httpx.URL(one["url"]).raw_path.decode()] = one
            if listed["next_cursor"] is None:
                return found
            params["cursor"] = listed["next_cursor"]

    def get(self, path: str, **params: Any) -> Found:
        """Read something of the project that has to be there."""
        answer = self.owner.get(f"{self.path}/{path}", params=params)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        found: Found = answer.json()
        return found


def _check_that_it_adds_up(sync: Found) -> None:
    """A page that was found has come to one end; one that was fetched may fail when it is read."""
    ends = ("fetched", "failed", "skipped", "removed", "removals_held")
    assert all(sync[end] >= 0 for end in ends), sync
    if sync["state"] == "done":
        assert sync["found"] <= sum(sync[end] for end in ends) <= sync["found"] + sync["failed"]
        assert (sync["waiting"], sync["indexing"]) == (0, 0), sync


def good(pages: dict[str, Found]) -> set[str]:
    """Return the paths of those pages that are good."""
    return {path for path, page in pages.items() if page["state"] == "good"}
