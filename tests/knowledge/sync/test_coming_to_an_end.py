"""Whatever a website does, a sync of it comes to an end, and asks for no page again and again."""

from itertools import count

from tests.knowledge.sync.site_desk import SiteDesk, good
from tests.websites import Answer, Request, Website, manual
from tests.websites.server import HTML

BOOK = manual(12)


def _article(text: str, head: str = "") -> str:
    return f"<html><head><title>Hours</title>{head}</head><body><main>{text}</main></body></html>"


def test_redirects_to_ever_new_pages_end(site_desk: SiteDesk, site: Website) -> None:
    numbers = count(1)

    def on(request: Request) -> Answer | None:
        if not request.path.startswith("/on"):
            return None
        return Answer(b"", 302, {"Location": f"/on/{next(numbers)}"})

    site.set("/", _article('<p>The harbour opens at nine every day.</p><a href="/on">On</a>'))
    site.everywhere = on
    sync = site_desk.add(site, max_pages=3)["last_sync"]
    assert (sync["state"], sync["added"]) == ("done", 1)
    assert sync["failed"] >= 1
    assert sync["found"] == sync["fetched"] + sync["failed"] + sync["skipped"] < 50
    assert len([path for path in site.asked() if path.startswith("/on")]) < 50


def test_one_page_that_redirects_to_ever_new_ones_is_told(
    site_desk: SiteDesk, site: Website
) -> None:
    numbers = count(1)
    site.set("/", _article("<p>The harbour opens at nine every day.</p>"))
    source = site_desk.add(site, kind="page")

    def on(request: Request) -> Answer | None:
        if request.path == "/robots.txt" or "answerdesk-check" in request.path:
            return Answer(b"Not found", 404)
        # The site's state is asked for with redirects followed; there they lead to a page.
        if request.path == "/on/1":
            return Answer(_article("<p>Here we are.</p>").encode(), 200, {"Content-Type": HTML})
        return Answer(b"", 302, {"Location": f"/on/{next(numbers)}"})

    site.everywhere = on
    sync = site_desk.sync(source)
    assert sync["found"] < 30
    pages = site_desk.pages(source)
    assert "endless_addresses" in {page["reason_code"] for page in pages.values()}
    assert pages["/"]["state"] == "failed"
    assert len(site_desk.documents(source)) == 1


def test_a_changed_page_is_asked_for_once_however_often_a_sync_pauses(
    site_desk: SiteDesk, site: Website
) -> None:
    site.put(BOOK.all_html())
    source = site_desk.add(site)
    page = min(BOOK.topics(), key=lambda one: one.path)
    edited = BOOK.with_page(page.with_paragraph("limits", "The limit is forty-two walruses."))
    site.put(edited.all_html())
    broken = set(BOOK.pages) - {"/", page.path}
    assert len(broken) == 10  # So many one after the other make a sync pause, and ask the site.
    for path in broken:
        site.set(path, "<h1>Broken</h1>", status=500)
    site.forget_requests()
    sync = site_desk.sync(source)
    assert (sync["state"], sync["changed"], sync["failed"]) == ("done", 1, 10)
    assert good(site_desk.pages(source)) == {"/", page.path}
    asked = site.asked()
    assert {asked.count(path) for path in broken} <= {3, 4}
    assert asked.count("/") > 2
    assert asked.count(page.path) == 1
