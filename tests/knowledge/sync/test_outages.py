"""Nothing good is ever dropped because a website fails: it stays, and the reason is told."""

from collections.abc import Callable

import pytest

from tests.conftest import Rows
from tests.dialects.orac.chat import ask
from tests.knowledge.sync.site_desk import Found, SiteDesk, good
from tests.websites import Answer, Request, Website, manual
from tests.websites.server import HTML

BOOK = manual(10)
TOPIC = BOOK.topics()[0]
Break = Callable[[Website], None]

_HEADED = "<html><head><title>{0}</title></head><body><main>{1}</main></body></html>"
_BACK_SOON = _HEADED.format("Harbour", "<p>Be right back. We are making our site even better.</p>")


def _known(site_desk: SiteDesk, site: Website) -> Found:
    site.put(BOOK.all_html())
    site.sitemap(BOOK.pages)
    source = site_desk.add(site)
    assert good(site_desk.pages(source)) == set(BOOK.pages)
    return source


def _held(site_desk: SiteDesk, source: Found) -> dict[str, tuple[str, int]]:
    """Return what the answers are made of: documents, and how many passages of each."""
    return {
        path: (one["id"], one["chunk_count"]) for path, one in site_desk.documents(source).items()
    }


def _answer(site_desk: SiteDesk) -> str:
    return ask(site_desk.visitor, site_desk.project_id, TOPIC.question).text


def _empty(site: Website) -> None:
    site.everywhere = lambda request: (
        None if request.path == "/robots.txt" else Answer(b"", 200, {"Content-Type": HTML})
    )


def _cut_off(site: Website) -> None:
    site.everywhere = lambda _: Answer(raw=b"")  # Ends the connections that are open.
    site.disconnect()


def _only_missing(site: Website) -> None:
    def answer(request: Request) -> Answer | None:
        return None if request.path == "/" else Answer(b"<h1>Gone</h1>", 404)

    site.everywhere = answer


def _known_pages_say_the_same(site: Website) -> None:
    """What is not there is a 404 as it should be, but all that is there says the same."""
    for path in BOOK.pages:
        site.set(path, _BACK_SOON)


def _shells(site: Website) -> None:
    shell = '<html><head><title>App</title></head><body><div id="root"></div>'
    for path in BOOK.pages:
        site.set(path, f'{shell}<script src="/app.js"></script></body></html>')


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (lambda site: site.fail(500), "site_unavailable"),
        (lambda site: site.fail(503, retry_after=1), "site_unavailable"),
        (_cut_off, "site_unavailable"),
        (lambda site: site.wall_off(), "site_unavailable"),
        (lambda site: site.wall_off(redirect=True), "site_unavailable"),
        (lambda site: site.maintain(), "site_unavailable"),
        (lambda site: site.say_everywhere("<h1>No</h1>", status=403), "site_unavailable"),
        (lambda site: site.say_everywhere("<h1>No</h1>", status=404), "site_unavailable"),
    ],
    ids=["500", "503", "down", "wall", "redirecting wall", "maintenance", "403", "404"],
)
def test_while_a_site_is_away_nothing_changes(
    site_desk: SiteDesk, site: Website, broken: Break, code: str
) -> None:
    source = _known(site_desk, site)
    held = _held(site_desk, source)
    broken(site)
    sync = site_desk.sync(source)
    assert (sync["state"], sync["error_code"]) == ("failed", code)
    assert sync["error"]
    assert (sync["removed"], sync["changed"], sync["removals_held"]) == (0, 0, 0)
    assert _held(site_desk, source) == held
    assert TOPIC.fact in _answer(site_desk)
    start = site_desk.pages(source)["/"]
    assert (start["state"], start["reason"]) == ("failed", sync["error"])
    site.recover()
    again = site_desk.sync(source)
    assert (again["state"], again["unchanged"], again["chunks_embedded"]) == ("done", 10, 0)
    assert good(site_desk.pages(source)) == set(BOOK.pages)


@pytest.mark.parametrize(
    ("broken", "codes"),
    [
        (_empty, {"empty_page", "same_answer_everywhere"}),
        (lambda site: site.say_everywhere(_BACK_SOON), {"same_answer_everywhere"}),
        (_known_pages_say_the_same, {"same_answer_everywhere"}),
        (_shells, {"needs_javascript"}),
        (lambda site: site.robots("User-agent: *\nDisallow: /"), {"robots_disallowed"}),
    ],
    ids=["empty", "the same everywhere", "the same on what is known", "scripts", "robots"],
)
def test_what_says_nothing_of_a_page_changes_nothing(
    site_desk: SiteDesk, site: Website, broken: Break, codes: set[str]
) -> None:
    source = _known(site_desk, site)
    held = _held(site_desk, source)
    broken(site)
    sync = site_desk.sync(source)
    assert (sync["removed"], sync["removals_held"], sync["chunks_embedded"]) == (0, 0, 0)
    pages = site_desk.pages(source)
    assert sync["state"] == "failed"
    assert sync["error_code"] == pages["/"]["reason_code"]
    assert "Their earlier content stays" in sync["error"]
    assert pages["/"]["reason"] in sync["error"]
    assert {page["reason_code"] for page in pages.values()} <= codes
    assert all(page["reason"] for page in pages.values())
    assert not good(pages)
    assert _held(site_desk, source) == held
    assert TOPIC.fact in _answer(site_desk)


def test_so_many_missing_pages_are_held_until_the_owner_confirms(
    site_desk: SiteDesk, site: Website, site_rows: Rows
) -> None:
    source = _known(site_desk, site)
    held = _held(site_desk, source)
    _only_missing(site)
    sync = site_desk.sync(source)
    assert (sync["state"], sync["error_code"]) == ("done", "removals_held")
    assert (sync["removed"], sync["removals_held"]) == (0, 9)
    assert set(site_desk.changes(source, sync).values()) == {"held"}
    assert site_desk.pages(source)[TOPIC.path]["reason_code"] == "removal_held"
    assert _held(site_desk, source) == held
    told = (
        "select payload ->> 'pages' from event where type = 'source.removals_held'"
        " and payload ->> 'sync_id' = %s"
    )
    assert site_rows(told, sync["id"]) == [("9",)]
    confirmed = site_desk.sync(source, confirm_removals=True)
    assert (confirmed["removed"], confirmed["removals_held"]) == (9, 0)
    assert set(site_desk.documents(source)) == {"/"}
    assert TOPIC.fact not in _answer(site_desk)
    gone = "select count(*) from event where type = 'page.removed' and payload ->> 'sync_id' = %s"
    assert site_rows(gone, confirmed["id"]) == [(9,)]


@pytest.mark.parametrize(
    "broken",
    [
        lambda site: site.sitemap([]),
        lambda site: site.remove("/sitemap.xml"),
        lambda site: site.set("/sitemap.xml", "Broken", status=500),
        lambda site: site.set("/sitemap.xml", "<urlset", media_type="application/xml"),
    ],
    ids=["empty", "gone", "500", "broken"],
)
def test_a_sitemap_takes_no_page_out(site_desk: SiteDesk, site: Website, broken: Break) -> None:
    source = _known(site_desk, site)
    broken(site)
    sync = site_desk.sync(source)
    assert (sync["state"], sync["removed"], sync["unchanged"]) == ("done", 0, len(BOOK.pages))
    assert good(site_desk.pages(source)) == set(BOOK.pages)


def test_an_outage_that_begins_in_the_middle_drops_nothing(
    site_desk: SiteDesk, site: Website
) -> None:
    source = _known(site_desk, site)
    held = _held(site_desk, source)
    site.forget_requests()

    def later(request: Request) -> Answer | None:
        asked = [path for path in site.asked() if path in BOOK.pages]
        is_calm = len(asked) < 5 or request.path in ("/robots.txt", "/sitemap.xml")
        return None if is_calm else Answer(_BACK_SOON.encode(), 200, {"Content-Type": HTML})

    site.everywhere = later
    sync = site_desk.sync(source)
    assert (sync["changed"], sync["removed"], sync["chunks_embedded"]) == (0, 0, 0)
    assert sync["failed"] >= 5
    assert _held(site_desk, source) == held
    failed = site_desk.pages(source, "failed")
    assert {page["reason_code"] for page in failed.values()} == {"same_answer_everywhere"}


@pytest.mark.parametrize("status", [400, 500])
def test_a_site_that_answers_what_it_lacks_with_an_error_is_believed_all_the_same(
    site_desk: SiteDesk, site: Website, status: int
) -> None:
    def answer(request: Request) -> Answer | None:
        is_there = request.path in {*BOOK.pages, "/sitemap.xml", "/robots.txt"}
        return None if is_there else Answer(b"<h1>Error</h1>", status, {"Content-Type": HTML})

    site.everywhere = answer
    source = _known(site_desk, site)
    site.set(TOPIC.path, _HEADED.format("Tides", "<p>The tide turns at half past eleven.</p>"))
    sync = site_desk.sync(source)
    assert (sync["changed"], sync["failed"]) == (1, 0)
    assert TOPIC.path in good(site_desk.pages(source))
    # If nothing else can be had after it, it is an outage.
    site.set(TOPIC.path, _BACK_SOON)
    site.forget_requests()
    site.everywhere = lambda request: (
        Answer(b"<h1>Error</h1>", status)
        if TOPIC.path in site.asked() and request.path != TOPIC.path
        else answer(request)
    )
    assert site_desk.sync(source)["changed"] == 0


def test_a_soft_404_goes_as_a_real_one(site_desk: SiteDesk, site: Website) -> None:
    site.put(BOOK.all_html())
    site.soft_404(_HEADED.format("Nothing", "<p>We could not find what you look for, sorry.</p>"))
    source = site_desk.add(site)
    assert good(site_desk.pages(source)) == set(BOOK.pages)
    site.remove(TOPIC.path)
    sync = site_desk.sync(source)
    assert sync["removed"] == 1
    page = site_desk.pages(source)[TOPIC.path]
    assert (page["state"], page["reason_code"]) == ("gone", "soft_404")


def test_only_what_failed_is_tried_again(site_desk: SiteDesk, site: Website) -> None:
    source = _known(site_desk, site)
    broken = [page.path for page in BOOK.topics()[:2]]
    for path in broken:
        site.set(path, "<h1>Broken</h1>", status=500)
    sync = site_desk.sync(source)
    assert (sync["state"], sync["failed"], sync["unchanged"]) == ("done", 2, 8)
    failed = site_desk.pages(source, "failed")
    assert set(failed) == set(broken)
    assert {(page["reason_code"], page["http_status"]) for page in failed.values()} == {
        ("http_error", 500)
    }
    assert TOPIC.fact in _answer(site_desk)
    site.put({path: BOOK.html(path) for path in broken})
    site.forget_requests()
    retried = site_desk.sync(source, only_failed=True)
    assert (retried["cause"], retried["found"], retried["failed"]) == ("retry", 2, 0)
    asked = {path for path in site.asked() if path in BOOK.pages}
    assert asked == {"/", *broken}
    assert good(site_desk.pages(source)) == set(BOOK.pages)


def test_a_site_of_which_nothing_can_be_read_says_so(site_desk: SiteDesk, site: Website) -> None:
    _shells(site)
    source = site_desk.add(site)
    sync = source["last_sync"]
    assert (sync["state"], sync["error_code"]) == ("failed", "needs_javascript")
    assert "No page of this website could be ingested" in sync["error"]
    (page,) = site_desk.pages(source).values()
    assert (page["state"], page["reason_code"]) == ("failed", "needs_javascript")


def test_a_redirect_for_now_moves_nothing(site_desk: SiteDesk, site: Website) -> None:
    source = _known(site_desk, site)
    site.set("/elsewhere", _HEADED.format("Soon", "<p>This chapter is being rewritten now.</p>"))
    site.redirect(TOPIC.path, "/elsewhere", 302)
    sync = site_desk.sync(source)
    assert (sync["state"], sync["removed"]) == ("done", 0)
    page = site_desk.pages(source)[TOPIC.path]
    assert (page["state"], page["reason_code"]) == ("failed", "moved_temporarily")
    assert TOPIC.fact in _answer(site_desk)


def test_page_after_page_that_cannot_be_had_ends_the_sync(
    site_desk: SiteDesk, site: Website
) -> None:
    book = manual(40)
    site.put(book.all_html())
    site.sitemap(book.pages)
    source = site_desk.add(site)
    held = _held(site_desk, source)
    for path in book.pages:
        if path != "/":
            site.set(path, "<h1>Broken</h1>", status=500)
    site.forget_requests()
    sync = site_desk.sync(source)
    assert (sync["state"], sync["error_code"]) == ("failed", "site_unavailable")
    assert "pages in a row" in sync["error"]
    assert len([path for path in site.asked() if path in book.pages and path != "/"]) < 60
    assert _held(site_desk, source) == held
