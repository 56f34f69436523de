"""What comes of a page that is there: some of it is no content."""

import pytest

from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outcomes import (
    PageFetched,
    PageMoved,
    PageSkipped,
)
from tests.knowledge.website.pages import PAGE, failed
from tests.websites import Answer, Website

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("path", "media_type", "body"),
    [
        ("/a", "image/png", b"\x89PNG"),
        ("/a", "video/mp4", b"0"),
        ("/a.zip", "application/zip", b"PK"),
        ("/a", "application/octet-stream", b"\0\1"),
        ("/a", "", b"words"),
        ("/a.html", "application/x-shockwave-flash", b"FWS"),
    ],
)
async def test_other_kinds_of_files_are_left_out(
    site: Website, fetcher: PageFetcher, path: str, media_type: str, body: bytes
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    site.answer(path, Answer(body, headers=headers))
    outcome = await fetcher.fetch(site.url + path)
    assert isinstance(outcome, PageSkipped), outcome
    assert outcome.code == "unsupported_type"


@pytest.mark.parametrize("body", ["", " \n", "<title>A</title>", "<nav></nav><img src='a.png'>"])
async def test_an_empty_page_is_a_failure(site: Website, fetcher: PageFetcher, body: str) -> None:
    site.set("/a", body)
    assert failed(await fetcher.fetch(f"{site.url}/a")).code == "empty_page"


async def test_an_overview_leads_to_its_pages(site: Website, fetcher: PageFetcher) -> None:
    contents = '<a href="/a"><img src="a.png"></a>'
    site.set("/", f"<title>Manual</title><h1>Manual</h1>{contents}")
    outcome = await fetcher.fetch(f"{site.url}/")
    assert isinstance(outcome, PageSkipped), outcome
    assert (outcome.code, outcome.links) == ("only_links", (f"{site.url}/a",))
    site.set("/", f"{contents}<div id=app></div><script src=/app.js></script>")
    shell = failed(await fetcher.fetch(f"{site.url}/"))
    assert (shell.code, shell.links) == ("needs_javascript", (f"{site.url}/a",))


async def test_binary_content_is_unreadable(site: Website, fetcher: PageFetcher) -> None:
    site.set("/a", b"<p>\0\1\2\3")
    assert failed(await fetcher.fetch(f"{site.url}/a")).code == "unreadable_document"


@pytest.mark.parametrize("redirect", [False, True])
async def test_a_log_in_wall_is_a_failure_even_where_it_asks_not_to_be_indexed(
    site: Website, fetcher: PageFetcher, redirect: bool
) -> None:
    site.set("/a", PAGE)
    site.wall_off(redirect=redirect)
    assert failed(await fetcher.fetch(f"{site.url}/a")).code == "login_required"
    form = '<meta name="robots" content="noindex"><form><input type="password"></form>'
    site.say_everywhere(form)
    assert failed(await fetcher.fetch(f"{site.url}/a")).code == "login_required"


async def test_noindex_leaves_a_page_out_and_its_links_in(
    site: Website, fetcher: PageFetcher
) -> None:
    site.set("/a", f'<meta name="robots" content="noindex">{PAGE}<a href="/b">b</a>')
    outcome = await fetcher.fetch(f"{site.url}/a")
    assert isinstance(outcome, PageSkipped)
    assert (outcome.code, outcome.links) == ("noindex", (f"{site.url}/b",))
    site.set("/c", f'{PAGE}<a href="/b">b</a>', headers={"X-Robots-Tag": "noindex, nofollow"})
    outcome = await fetcher.fetch(f"{site.url}/c")
    assert isinstance(outcome, PageSkipped)
    assert (outcome.code, outcome.links) == ("noindex", ())


async def test_a_page_that_sends_on_to_a_log_in_asks_for_one(
    site: Website, fetcher: PageFetcher
) -> None:
    site.set("/a", '<meta http-equiv="refresh" content="0; url=/login?next=/a"><p>One moment.</p>')
    assert failed(await fetcher.fetch(f"{site.url}/a")).code == "login_required"


async def test_a_page_that_sends_on_has_moved_unless_it_says_much(
    site: Website, fetcher: PageFetcher
) -> None:
    refresh = '<meta http-equiv="refresh" content="0; url=/b">'
    site.set("/a", f"{refresh}<p>This page has moved.</p>")
    outcome = await fetcher.fetch(f"{site.url}/a")
    assert isinstance(outcome, PageMoved)
    assert outcome.to == f"{site.url}/b"
    site.set("/a", f"{refresh}<p>{'This page has much to say. ' * 50}</p>")
    assert isinstance(await fetcher.fetch(f"{site.url}/a"), PageFetched)
