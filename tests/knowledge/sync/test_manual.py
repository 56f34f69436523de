"""A manual of 220 pages, crawled by its sitemap and by its links: the same pages, read right."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.conftest import Rows, Server
from tests.dialects.orac.chat import ask
from tests.knowledge.sync.site_desk import Found, SiteDesk, good
from tests.websites import Manual, Website, manual

PAGES = 220
"""More than a step takes, and than a list shows at a time."""


@dataclass(frozen=True)
class Crawled:
    """The manual, where it is, and the two sources that were made of it."""

    book: Manual
    site: Website
    desk: SiteDesk
    by_links: Found
    by_sitemap: Found


@pytest.fixture(scope="module")
def crawled(site_server: Server) -> Iterator[Crawled]:
    book = manual(PAGES)
    with Website() as site, site_server.client(owner=True) as owner:
        site.put(book.all_html())
        desk, other = SiteDesk(owner, owner), SiteDesk(owner, owner)
        by_links = desk.add(site)
        site.sitemap(list(book.pages)[:130], at="/first.xml")
        site.sitemap(list(book.pages)[130:], at="/second.xml")
        site.sitemap_index(["/first.xml", "/second.xml"])
        yield Crawled(book, site, desk, by_links, {**other.add(site), "desk": other})


def test_links_and_sitemap_find_the_same_pages(crawled: Crawled) -> None:
    for source, desk in (
        (crawled.by_links, crawled.desk),
        (crawled.by_sitemap, crawled.by_sitemap["desk"]),
    ):
        sync = source["last_sync"]
        assert (sync["state"], sync["error"]) == ("done", None)
        assert (sync["found"], sync["added"], sync["parsed"]) == (PAGES, PAGES, PAGES)
        assert good(desk.pages(source)) == set(crawled.book.pages)
        assert (source["ready"], source["pending"], source["failed"]) == (PAGES, 0, 0)


def test_titles_and_anchors_are_right(crawled: Crawled, site_rows: Rows) -> None:
    pages = crawled.desk.pages(crawled.by_links)
    for page in crawled.book.topics()[::37]:
        shown = pages[page.path]
        assert shown["title"] == page.title
        found = site_rows(
            "select anchor, content from chunk where document_id = %s order by ordinal",
            shown["document_id"].removeprefix("doc_"),
        )
        anchors = [section.anchor for section in page.sections]
        assert [anchor for anchor, _ in found if anchor in anchors]
        (anchor,) = [anchor for anchor, text in found if page.fact in str(text)]
        assert anchor == "limits"
        everything = " ".join(str(text) for _, text in found)
        assert "Legal notice" not in everything
        assert "Build 1" not in everything


def test_answers_cite_the_page_at_its_heading(crawled: Crawled) -> None:
    page = crawled.book.topics()[123]
    chat = ask(crawled.desk.visitor, crawled.desk.project_id, page.question)
    assert page.fact in chat.text
    assert chat.sources[0] == f"{crawled.site.url}{page.path}#limits"


def test_crawling_again_embeds_nothing(crawled: Crawled) -> None:
    crawled.site.forget_requests()
    again = crawled.desk.sync(crawled.by_links)
    assert (again["state"], again["found"], again["unchanged"]) == ("done", PAGES, PAGES)
    assert (again["parsed"], again["chunks_embedded"], again["changed"]) == (0, 0, 0)
    asked = [path for path in crawled.site.asked() if path in crawled.book.pages]
    assert sorted(asked) == sorted(crawled.book.pages)
