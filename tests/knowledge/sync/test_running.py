"""What one can do with a sync: watch it, cancel it, limit it, and have it come by itself."""

import json
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.conftest import Rows
from tests.knowledge.sync.site_desk import Found, SiteDesk, good
from tests.waiting import PATIENCE, attempts
from tests.websites import Website, manual

BOOK = manual(12)


def _slow(site: Website, seconds: float = 0.3, *, after: int = 1) -> None:
    """Let all pages but the first ones take so long."""
    for number, (path, html) in enumerate(BOOK.all_html().items()):
        site.set(path, html, delay=seconds if number >= after else 0.0)


def _begin(site_desk: SiteDesk, site: Website) -> Found:
    body = {"kind": "site", "url": f"{site.url}/"}
    source: Found = site_desk.owner.post(f"{site_desk.path}/sources", json=body).json()
    return source


def _settled(site: Website) -> None:
    """Wait until the site is not asked any more, for as long as two pages take."""
    asked, since = -1, time.monotonic()
    for _ in attempts(PATIENCE):
        if len(site.asked()) != asked:
            asked, since = len(site.asked()), time.monotonic()
        elif time.monotonic() - since > 4:
            return
    raise AssertionError("the site is asked and asked")


def test_progress_is_streamed_until_the_end(site_desk: SiteDesk, site: Website) -> None:
    _slow(site)
    source = _begin(site_desk, site)
    sync_id = source["last_sync"]["id"]
    path = f"{site_desk.path}/sources/{source['id']}/syncs/{sync_id}/progress"
    with site_desk.owner.stream("GET", path, timeout=PATIENCE) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        frames = [part.split("\n") for part in stream.read().decode().strip().split("\n\n")]
    events = [(one[0][7:], json.loads(one[1][6:])) for one in frames if one[0].startswith("event")]
    assert [name for name, _ in events][-1] == "done"
    assert {name for name, _ in events[:-1]} == {"progress"}
    assert len(events) > 3
    fetched = [sync["fetched"] for _, sync in events]
    assert fetched == sorted(fetched)
    assert events[-1][1]["state"] == "done"
    running = [sync for _, sync in events if sync["state"] == "fetching"]
    assert all(0 <= sync["waiting"] <= sync["found"] for sync in running)
    assert any(sync["waiting"] for sync in running)


def test_a_cancelled_sync_ends_soon_and_keeps_what_it_has(
    site_desk: SiteDesk, site: Website
) -> None:
    _slow(site, 2.0, after=4)
    source = _begin(site_desk, site)
    path = f"sources/{source['id']}/syncs/{source['last_sync']['id']}"
    deadline = time.monotonic() + PATIENCE
    while site_desk.get(path)["fetched"] < 3:
        assert time.monotonic() < deadline, "too little was fetched"
        time.sleep(0.03)
    cancelled = site_desk.owner.post(f"{site_desk.path}/{path}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    _settled(site)
    assert not set(BOOK.pages) <= set(site.asked())
    after = site_desk.get(path)
    assert (after["state"], after["fetched"]) == ("cancelled", cancelled.json()["fetched"])
    assert good(site_desk.pages(source))
    again = site_desk.owner.post(f"{site_desk.path}/{path}/cancel")
    assert (again.status_code, again.json()["finished_at"]) == (200, after["finished_at"])
    site.put(BOOK.all_html())
    sync = site_desk.sync(source)
    assert (sync["state"], good(site_desk.pages(source))) == ("done", set(BOOK.pages))


def test_more_pages_than_allowed_are_left_out_and_that_is_said(
    site_desk: SiteDesk, site: Website
) -> None:
    site.put(BOOK.all_html())
    source = site_desk.add(site, max_pages=5)
    sync = source["last_sync"]
    assert (sync["state"], sync["error_code"]) == ("done", "limit_reached")
    assert sync["added"] == 5
    left_out = site_desk.pages(source, "skipped")
    assert len(left_out) == sync["skipped"] > 0
    assert {page["reason_code"] for page in left_out.values()} == {"limit_reached"}
    assert not set(left_out) & set(site.asked())
    site_desk.owner.patch(f"{site_desk.path}/sources/{source['id']}", json={"max_pages": None})
    assert site_desk.sync(source)["error_code"] is None
    assert good(site_desk.pages(source)) == set(BOOK.pages)


def test_what_robots_forbid_is_not_asked_for(site_desk: SiteDesk, site: Website) -> None:
    site.put(BOOK.all_html())
    secret = BOOK.topics()[0].path
    site.robots(f"User-agent: *\nDisallow: {secret}\n")
    source = site_desk.add(site)
    assert secret not in site.asked()
    page = site_desk.pages(source)[secret]
    assert (page["state"], page["reason_code"]) == ("skipped", "robots_disallowed")
    assert good(site_desk.pages(source)) == set(BOOK.pages) - {secret}


def test_patterns_choose_what_is_taken_in(site_desk: SiteDesk, site: Website) -> None:
    site.put(BOOK.all_html())
    site.sitemap(BOOK.pages)
    topics = {page.path for page in BOOK.topics()}
    left_out = min(topics)
    source = site_desk.add(site, include=["*.html"], exclude=[left_out])
    assert good(site_desk.pages(source)) == topics - {left_out}
    assert left_out not in site.asked()


def test_one_page_is_one_page(site_desk: SiteDesk, site: Website) -> None:
    site.put(BOOK.all_html())
    page = BOOK.topics()[0]
    source = site_desk.add(site, page.path, kind="page")
    assert set(site_desk.pages(source)) == {page.path}
    assert source["last_sync"]["added"] == 1
    site.remove(page.path)
    sync = site_desk.sync(source)
    assert (sync["state"], sync["removed"]) == ("done", 1)
    assert site_desk.documents(source) == {}


@pytest.mark.parametrize("hours", [1, 24])
def test_the_next_sync_is_due_after_its_hours_give_or_take_a_tenth(
    site_desk: SiteDesk, site: Website, hours: int, site_rows: Rows
) -> None:
    site.set("/", BOOK.html("/"))
    source = site_desk.add(site, kind="page", sync_every_hours=hours)
    ended = datetime.fromisoformat(source["last_sync"]["finished_at"])
    due = datetime.fromisoformat(source["next_sync_at"])
    share = (due - ended) / timedelta(hours=hours)
    assert 0.899 <= share <= 1.101
    (job,) = _jobs(site_rows, source)
    assert abs((job - due).total_seconds()) < 2


def test_a_sync_that_is_due_begins_by_itself(
    site_desk: SiteDesk, site: Website, site_rows: Rows
) -> None:
    site.set("/", BOOK.html("/"))
    source = site_desk.add(site, kind="page")
    key = source["id"].removeprefix("src_")
    site_rows("update source set next_sync_at = now() - interval '1 minute' where id = %s", key)
    site_rows(
        "update due_job set run_at = now() - interval '1 minute' where name = 'knowledge.sync'"
        " and payload ->> 'source_id' = %s::uuid::text",
        key,
    )
    deadline = time.monotonic() + PATIENCE
    while len(site_desk.get(f"sources/{source['id']}/syncs")["items"]) < 2:
        assert time.monotonic() < deadline, "no sync has begun"
        time.sleep(0.05)
    newest = site_desk.get(f"sources/{source['id']}/syncs")["items"][0]
    sync = site_desk.wait(source["id"], newest["id"])
    assert (sync["cause"], sync["state"], sync["unchanged"]) == ("scheduled", "done", 1)
    assert datetime.fromisoformat(site_desk.source(source["id"])["next_sync_at"]) > datetime.now(
        UTC
    )


def test_the_schedule_can_be_changed_and_ended(
    site_desk: SiteDesk, site: Website, site_rows: Rows
) -> None:
    site.set("/", BOOK.html("/"))
    source = site_desk.add(site, kind="page")
    path = f"{site_desk.path}/sources/{source['id']}"
    sooner = site_desk.owner.patch(path, json={"sync_every_hours": 2}).json()
    assert sooner["next_sync_at"] < source["next_sync_at"]
    assert len(_jobs(site_rows, source)) == 1
    never: httpx.Response = site_desk.owner.patch(path, json={"sync_every_hours": None})
    assert never.json()["next_sync_at"] is None
    assert _jobs(site_rows, source) == []
    site_desk.owner.patch(path, json={"sync_every_hours": 3})
    assert len(_jobs(site_rows, source)) == 1
    site_desk.owner.delete(path)
    assert _jobs(site_rows, source) == []


def _jobs(site_rows: Rows, source: Found) -> list[datetime]:
    found = site_rows(
        "select run_at from due_job where name = 'knowledge.sync'"
        " and payload ->> 'source_id' = %s::uuid::text and state in ('waiting', 'ready')",
        source["id"].removeprefix("src_"),
    )
    return [row[0] for row in found]
