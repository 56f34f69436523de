"""Answers follow the source: what changes there changes here, what goes there goes here."""

import re
import time

import pytest

from tests.conftest import Rows, Server
from tests.dialects.orac.chat import ask
from tests.knowledge.sync.site_desk import SiteDesk, good
from tests.waiting import PATIENCE
from tests.websites import Website, manual

BOOK = manual(12)


def _article(text: str, *, head: str = "", title: str = "Hours") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><main>{text}</main></body></html>"


@pytest.mark.parametrize("etags", [True, False], ids=["with ETags", "without"])
def test_what_has_not_changed_embeds_nothing(
    site_desk: SiteDesk, site: Website, etags: bool
) -> None:
    for path, html in BOOK.all_html().items():
        site.set(path, html, etag=etags)
    source = site_desk.add(site)
    first = source["last_sync"]
    assert (first["added"], first["found"], first["parsed"]) == (12, 12, 12)
    assert first["chunks_embedded"] >= 12
    again = site_desk.sync(source)
    assert (again["state"], again["found"]) == ("done", 12)
    assert (again["fetched"], again["unchanged"]) == (12, 12)
    assert (again["chunks_embedded"], again["parsed"], again["changed"]) == (0, 0, 0)
    assert site_desk.changes(source, again) == {}


def test_other_bytes_with_the_same_text_are_no_change(site_desk: SiteDesk, site: Website) -> None:
    site.put(BOOK.all_html())
    source = site_desk.add(site)
    before = site_desk.pages(source)
    for path, html in BOOK.all_html(build="2").items():
        site.set(path, html, delay=0.05)
    begun = site_desk.start(source)
    path = f"{site_desk.path}/sources/{source['id']}/syncs/{begun['id']}/progress"
    with site_desk.owner.stream("GET", path, timeout=PATIENCE) as stream:
        told = re.findall(r'"changed": ?(\d+)', stream.read().decode())
    assert set(told) == {"0"}
    again = site_desk.wait(source["id"], begun["id"])
    assert (again["state"], again["chunks_embedded"], again["changed"]) == ("done", 0, 0)
    assert again["unchanged"] == 12
    after = site_desk.pages(source)
    assert {path: page["changed_at"] for path, page in after.items()} == {
        path: page["changed_at"] for path, page in before.items()
    }
    assert all(after[path]["content_hash"] != before[path]["content_hash"] for path in before)


def test_an_edited_page_embeds_its_changed_chunks_only(
    site_desk: SiteDesk, site: Website, site_rows: Rows
) -> None:
    site.put(BOOK.all_html())
    source = site_desk.add(site)
    page = BOOK.topics()[3]
    before = site_desk.pages(source)[page.path]
    chunks = "select id, content from chunk where document_id = %s order by ordinal"
    document = before["document_id"].removeprefix("doc_")
    old = site_rows(chunks, document)
    edited = BOOK.with_page(page.with_paragraph("limits", "The limit is forty-two walruses."))
    site.put(edited.all_html())
    sync = site_desk.sync(source)
    assert (sync["changed"], sync["fetched"], sync["unchanged"]) == (1, 12, 11)
    new = site_rows(chunks, document)
    fresh = {row[0] for row in new} - {row[0] for row in old}
    assert sync["chunks_embedded"] == len(fresh) < len(new)
    assert site_desk.changes(source, sync) == {page.path: "changed"}
    chat = ask(site_desk.visitor, site_desk.project_id, "How many walruses is the limit?")
    assert "forty-two walruses" in chat.text
    assert chat.sources[0] == f"{site.url}{page.path}#limits"
    after = site_desk.pages(source)[page.path]
    assert after["changed_at"] > before["changed_at"]
    assert after["document_id"] == before["document_id"]


def test_a_page_that_is_gone_leaves_the_answers_and_its_tombstone_stays(
    site_desk: SiteDesk, site: Website
) -> None:
    site.put(BOOK.all_html())
    source = site_desk.add(site)
    page = BOOK.topics()[2]
    before = site_desk.pages(source)[page.path]
    assert page.fact in ask(site_desk.visitor, site_desk.project_id, page.question).text
    site.remove(page.path)
    sync = site_desk.sync(source)
    assert (sync["state"], sync["removed"], sync["removals_held"]) == ("done", 1, 0)
    assert site_desk.changes(source, sync) == {page.path: "removed"}
    assert page.fact not in ask(site_desk.visitor, site_desk.project_id, page.question).text
    after = site_desk.pages(source)[page.path]
    assert (after["state"], after["http_status"]) == ("gone", 404)
    assert after["document_id"] == before["document_id"]
    assert (after["chunk_count"], after["title"]) == (None, before["title"])
    assert after["gone_at"] is not None
    assert page.path not in site_desk.documents(source)
    # And it lives again when it comes back, although nothing links to it anew.
    site.set(page.path, BOOK.html(page.path))
    back = site_desk.sync(source)
    assert (back["added"], back["found"]) == (1, 12)
    assert page.fact in ask(site_desk.visitor, site_desk.project_id, page.question).text
    now = site_desk.pages(source)[page.path]
    assert (now["state"], now["gone_at"], now["id"]) == ("good", None, before["id"])
    assert now["document_id"] == before["document_id"]
    assert len(site_desk.get(f"pages/{now['id']}/answers")["items"]) == 2
    assert now["first_seen_at"] == before["first_seen_at"]
    net = site_desk.get(f"sources/{source['id']}/changes", since=source["last_sync"]["id"])
    assert [(one["url"], one["change"]) for one in net["items"]] == [
        (f"{site.url}{page.path}", "changed")
    ]


def test_what_was_added_and_removed_between_two_syncs_is_no_net_change(
    site_desk: SiteDesk, site: Website
) -> None:
    site.put(BOOK.all_html())
    site.sitemap(BOOK.pages)
    source = site_desk.add(site)
    first = source["last_sync"]["id"]
    site.set("/extra", _article("<p>The lighthouse keeper has a grey parrot.</p>"))
    site.sitemap([*BOOK.pages, "/extra"])
    second = site_desk.sync(source)
    assert site_desk.changes(source, second) == {"/extra": "added"}
    site.remove("/extra")
    site.sitemap(BOOK.pages)
    third = site_desk.sync(source)
    assert site_desk.changes(source, third) == {"/extra": "removed"}
    path = f"sources/{source['id']}/changes"
    assert site_desk.get(path, since=first, until=third["id"])["items"] == []
    (added,) = site_desk.get(path, since=first, until=second["id"])["items"]
    assert added["change"] == "added"
    (removed,) = site_desk.get(path, since=second["id"])["items"]
    assert removed["change"] == "removed"


def test_a_page_that_nothing_links_to_any_more_stays_while_it_answers(
    site_desk: SiteDesk, site: Website
) -> None:
    site.put(BOOK.all_html())
    site.sitemap(BOOK.pages)
    source = site_desk.add(site)
    gone = BOOK.topics()[0].path
    site.sitemap([path for path in BOOK.pages if path != gone])
    sync = site_desk.sync(source)
    assert (sync["removed"], sync["unchanged"]) == (0, 12)
    assert site_desk.pages(source)[gone]["state"] == "good"


def test_a_page_that_has_moved_is_one_page(site_desk: SiteDesk, site: Website) -> None:
    site.put(BOOK.all_html())
    source = site_desk.add(site)
    page = BOOK.topics()[1]
    site.set("/moved.html", BOOK.html(page.path))
    site.redirect(page.path, "/moved.html", 301)
    sync = site_desk.sync(source)
    assert site_desk.changes(source, sync) == {page.path: "removed", "/moved.html": "added"}
    pages = site_desk.pages(source)
    assert (pages[page.path]["state"], pages[page.path]["redirected_to"]) == (
        "gone",
        f"{site.url}/moved.html",
    )
    chat = ask(site_desk.visitor, site_desk.project_id, page.question)
    assert page.fact in chat.text
    assert chat.sources[0].startswith(f"{site.url}/moved.html")


def test_a_page_that_has_moved_twice_is_one_page(site_desk: SiteDesk, site: Website) -> None:
    site.put(BOOK.all_html())
    source = site_desk.add(site)
    page = BOOK.topics()[1]
    site.set("/moved.html", BOOK.html(page.path))
    site.redirect(page.path, "/between.html", 301)
    site.redirect("/between.html", "/moved.html", 301)
    sync = site_desk.sync(source)
    assert site_desk.changes(source, sync) == {page.path: "removed", "/moved.html": "added"}
    # And a circle ends, as two failures, with what it was the last time.
    site.redirect("/moved.html", "/between.html", 301)
    site.redirect("/between.html", "/moved.html", 301)
    again = site_desk.sync(source)
    assert (again["state"], again["removed"], again["failed"]) == ("done", 0, 2)
    assert page.fact in ask(site_desk.visitor, site_desk.project_id, page.question).text


def test_a_page_that_leads_to_where_nothing_is_stays(site_desk: SiteDesk, site: Website) -> None:
    site.put(BOOK.all_html())
    source = site_desk.add(site)
    page = BOOK.topics()[1]
    site.redirect(page.path, "/nowhere.html", 301)
    sync = site_desk.sync(source)
    assert sync["removed"] == 0
    kept = site_desk.pages(source)[page.path]
    assert (kept["state"], kept["reason_code"]) == ("failed", "moved")
    assert "could not be ingested" in kept["reason"]
    assert page.fact in ask(site_desk.visitor, site_desk.project_id, page.question).text


def test_two_addresses_of_one_page_are_one_document(site_desk: SiteDesk, site: Website) -> None:
    text = "<h1>Hours</h1><p>The harbour office opens at seven and closes at nine.</p>"
    other = "<p>The ferry to the island leaves at noon, whatever the weather is like.</p>"
    named = f'<link rel="canonical" href="{site.url}/hours">'
    links = "".join(
        f'<a href="{path}">{path}</a> ' for path in ("/print", "/hours", "/copy", "/ferry", "/old")
    )
    site.set("/", _article(f"<p>Everything about our harbour and its people.</p>{links}"))
    site.set("/print", _article(text + "<p>Printed for you.</p>", head=named))
    site.set("/hours", _article(text + "<p>Printed for you.</p>", head=named))
    site.set("/copy", _article(text + "<p>Printed for you.</p>"))
    # Its canonical address says something else, so that it cannot be right.
    site.set("/ferry", _article(other, head=named, title="Ferry"))
    site.redirect("/old", "/hours", 301)
    source = site_desk.add(site)
    pages = site_desk.pages(source)
    assert good(pages) == {"/", "/ferry", *(good(pages) & {"/hours", "/copy"})}
    assert len(good(pages)) == 3
    assert {path: page["reason_code"] for path, page in pages.items() if page["reason_code"]} in (
        {"/print": "duplicate", "/copy": "duplicate", "/old": "moved"},
        {"/print": "duplicate", "/hours": "duplicate", "/old": "moved"},
    )
    assert len(site_desk.documents(source)) == 3
    # When the one that was taken in goes, its double takes its place within the same sync.
    taken = next(iter(good(pages) & {"/hours", "/copy"}))
    site.remove(taken)
    sync = site_desk.sync(source)
    assert sync["removed"] == 1
    chat = ask(site_desk.visitor, site_desk.project_id, "When does the harbour office open?")
    assert "seven" in chat.text
    assert taken not in good(site_desk.pages(source))


def test_a_retry_that_looks_at_doubles_counts_them_as_found(
    site_desk: SiteDesk, site: Website
) -> None:
    text = "<p>The harbour office opens at seven and closes at nine.</p>"
    links = '<a href="/copy">Copy</a> <a href="/hours">Hours</a>'
    site.set("/", _article(f"<p>Everything about our harbour and its people.</p>{links}"))
    site.set("/copy", _article(text))
    site.set("/hours", _article(text))
    source = site_desk.add(site)
    (taken,) = good(site_desk.pages(source)) - {"/"}
    site.set(taken, "<h1>Broken</h1>", status=500)
    assert site_desk.sync(source)["failed"] == 1
    site.remove(taken)
    sync = site_desk.sync(source, only_failed=True)
    assert (sync["state"], sync["removed"], sync["added"]) == ("done", 1, 1)
    assert (sync["found"], sync["fetched"], sync["skipped"], sync["failed"]) == (2, 1, 0, 0)


def test_patterns_of_the_owner_take_pages_out(site_desk: SiteDesk, site: Website) -> None:
    site.put(BOOK.all_html())
    source = site_desk.add(site)
    chapter = next(path for path in BOOK.pages if path.endswith("/") and path != "/")
    left_out = {path for path in BOOK.pages if path.startswith(chapter)}
    changed = site_desk.owner.patch(
        f"{site_desk.path}/sources/{source['id']}", json={"exclude": [f"{chapter}*"]}
    )
    assert changed.json()["settings"]["exclude"] == [f"{chapter}*"]
    sync = site_desk.sync(source)
    assert sync["removed"] == len(left_out)
    assert good(site_desk.pages(source)) == set(BOOK.pages) - left_out
    assert len(site_desk.documents(source)) == 12 - len(left_out)


def test_a_deleted_source_leaves_nothing(
    site_desk: SiteDesk, site: Website, site_rows: Rows, site_server: Server
) -> None:
    site.put(BOOK.all_html())
    for path in list(site.answers)[3:]:
        site.set(path, BOOK.html(path), delay=0.1)
    body = {"kind": "site", "url": f"{site.url}/"}
    source = site_desk.owner.post(f"{site_desk.path}/sources", json=body).json()
    deadline = time.monotonic() + PATIENCE
    while not site_desk.documents(source):
        assert time.monotonic() < deadline, "nothing was taken in"
        time.sleep(0.03)
    deleted = site_desk.owner.delete(f"{site_desk.path}/sources/{source['id']}")
    assert deleted.status_code == 204, site_server.log()[-5000:]
    key = source["id"].removeprefix("src_")
    for table in ("page", "sync", "sync_change", "document"):
        assert site_rows(f"select 1 from {table} where source_id = %s", key) == []
    jobs = "select 1 from due_job where key like %s and state <> 'running'"
    assert site_rows(jobs, f"%{key.replace('-', '')}%") == []
    project = site_desk.project_id.removeprefix("proj_")
    for table in ("chunk", "term", "embedding"):
        assert site_rows(f"select 1 from {table} where project_id = %s", project) == []
