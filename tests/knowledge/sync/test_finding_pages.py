"""Pages of all of a project's websites: found by a part of address or title, and tried again."""

from typing import Any

from tests.conversations.visitors.site import assert_problem
from tests.knowledge.sync.site_desk import SiteDesk, good
from tests.knowledge.sync.test_outages import BOOK, _known
from tests.websites import Website


def listed(site_desk: SiteDesk, **params: Any) -> dict[str, Any]:
    return site_desk.get("pages", **params)


def test_pages_are_found_and_counted(site_desk: SiteDesk, site: Website) -> None:
    source = _known(site_desk, site)
    alone = site_desk.add(site, "/", kind="page")
    whole = listed(site_desk, limit=200)
    assert len(whole["items"]) == len(BOOK.pages) + 1
    assert whole["counts"]["good"] == len(BOOK.pages) + 1
    assert [one["url"] for one in whole["items"]] == sorted(one["url"] for one in whole["items"])
    assert listed(site_desk, source_id=alone["id"])["counts"]["good"] == 1
    topic = BOOK.topics()[0]
    for part in (topic.path.upper(), topic.path):
        urls = [one["url"] for one in listed(site_desk, q=part, source_id=source["id"])["items"]]
        assert f"{site.url}{topic.path}" in urls
        assert all(part.lower() in url.lower() for url in urls)
    assert listed(site_desk, state="failed")["items"] == []
    walked: list[str] = []
    params: dict[str, Any] = {"limit": 4}
    while True:
        part_of = listed(site_desk, **params)
        walked += [one["id"] for one in part_of["items"]]
        assert (part_of["counts"] is None) is ("cursor" in params)
        if part_of["next_cursor"] is None:
            break
        params["cursor"] = part_of["next_cursor"]
    assert walked == [one["id"] for one in whole["items"]]


def test_one_failed_page_is_tried_again(site_desk: SiteDesk, site: Website) -> None:
    source = _known(site_desk, site)
    broken = [page.path for page in BOOK.topics()[:2]]
    for path in broken:
        site.set(path, "<h1>Broken</h1>", status=500)
    site_desk.sync(source)
    failed = site_desk.pages(source, "failed")
    fine = site_desk.pages(source, "good")["/"]
    again = f"{site_desk.path}/pages/{failed[broken[0]]['id']}/retry"
    assert_problem(
        site_desk.owner.post(f"{site_desk.path}/pages/{fine['id']}/retry"), 409, "page_not_failed"
    )
    for foreign in ("x", f"page_{'0' * 32}"):
        refused = site_desk.owner.post(f"{site_desk.path}/pages/{foreign}/retry")
        assert_problem(refused, 404, "page_not_found")
    site.put({path: BOOK.html(path) for path in broken})
    site.forget_requests()
    begun = site_desk.owner.post(again)
    assert begun.status_code == 202, begun.text
    second = site_desk.owner.post(again)
    assert second.json()["code"] in ("sync_running", "page_not_failed")
    sync = site_desk.wait(source["id"], begun.json()["id"])
    assert (sync["cause"], sync["found"], sync["failed"]) == ("retry", 1, 0)
    assert {path for path in site.asked() if path in BOOK.pages} == {"/", broken[0]}
    assert good(site_desk.pages(source)) == set(BOOK.pages) - {broken[1]}
