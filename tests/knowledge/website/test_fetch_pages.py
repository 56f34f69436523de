"""Pages that are taken in, and how politely they are asked for."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outcomes import (
    NotModified,
)
from answerdesk.knowledge.website.robots import Robots
from tests.knowledge.ingestion.pdf_files import PdfPage, pdf_file
from tests.knowledge.website.conftest import MakeFetcher
from tests.knowledge.website.pages import PAGE, failed, fetched
from tests.websites import Answer, Website

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_page_comes_with_what_tells_it_from_others(
    site: Website, fetcher: PageFetcher
) -> None:
    changed = datetime(2026, 11, 1, tzinfo=UTC)
    site.set("/a", f'{PAGE}<a href="/b">b</a>', last_modified=changed)
    page = fetched(await fetcher.fetch(f"{site.url}/a"))
    assert page.signals.title == "Prices"
    assert page.signals.links == (f"{site.url}/b",)
    assert (page.media_type, page.status, page.rendered) == ("text/html", 200, False)
    again = await fetcher.fetch(f"{site.url}/a", page.etag, page.last_modified)
    assert again == NotModified(f"{site.url}/a", page.etag, page.last_modified)
    by_date = await fetcher.fetch(f"{site.url}/a", None, page.last_modified)
    assert isinstance(by_date, NotModified)
    site.set("/a", PAGE, last_modified=changed + timedelta(days=1))
    newer = fetched(await fetcher.fetch(f"{site.url}/a", page.etag, page.last_modified))
    assert newer.content_hash != page.content_hash
    assert site.requests[0].headers["user-agent"].startswith("Answerdesk/")
    assert "text/html" in site.requests[0].headers["accept"]


async def test_validators_that_cannot_be_sent_back_are_forgotten(
    site: Website, fetcher: PageFetcher
) -> None:
    site.set("/a", PAGE, headers={"ETag": '"' + "x" * 1_000 + '"', "Last-Modified": "gestern\xe4"})
    page = fetched(await fetcher.fetch(f"{site.url}/a"))
    assert (page.etag, page.last_modified) == (None, None)


@pytest.mark.parametrize(
    ("media_type", "encoding"),
    [
        ("text/html", "utf-8"),
        ("text/html; charset=ISO-8859-1", "cp1252"),
        ('text/html; charset="windows-1251"', "cp1251"),
        ("text/html; charset=shift_jis", "shift_jis"),
        ("text/html; charset=x-sjis", "shift_jis"),
        ("text/html; charset=ks_c_5601-1987", "cp949"),
        ("application/xhtml+xml; charset=latin5", "cp1254"),
        ("text/html; charset=ISO_8859-9", "cp1254"),
        ("text/html; charset=gb2312", "gb18030"),
        ("text/html; charset=windows-949", "cp949"),
        ("text/html; charset=utf-16", "utf-16"),
        ("text/html; charset=nonsense", "utf-8"),
        ("text/html; charset=rot13", "utf-8"),
        ("application/xhtml+xml", "utf-8"),
    ],
)
async def test_the_headers_encoding_is_the_one_to_read_by(
    site: Website, fetcher: PageFetcher, media_type: str, encoding: str
) -> None:
    words = {
        "cp1252": "Öffnungszeiten „täglich“",
        "cp1251": "Часы работы",
        "cp1254": "Çalışma saatleri “her gün”",
        "cp949": "영업시간 똠방각하",
        "gb18030": "營業時間",
        "shift_jis": "営業時間",
    }
    text = words.get(encoding, "Öffnungszeiten 営業時間")
    site.set("/a", f"<title>{text}</title><p>{text}: 9-17".encode(encoding), media_type=media_type)
    page = fetched(await fetcher.fetch(f"{site.url}/a"))
    assert page.signals.title == text
    assert text in page.content.decode("utf-8-sig" if "utf-16" not in media_type else "utf-16")


async def test_a_broken_byte_costs_itself_and_not_the_page(
    site: Website, fetcher: PageFetcher
) -> None:
    text = "A room costs 90 euros, breakfast included. " * 20
    page = b"<title>Prices</title><p>" + text.encode()
    site.set("/a", page + b"cut \xc3</p>", media_type="text/html; charset=utf-8")
    assert fetched(await fetcher.fetch(f"{site.url}/a")).signals.text_length > len(text)
    # In another encoding than the header says, it is not read as rubbish.
    page = "<title>Über größere Böen und Stürme</title><p>Wind".encode("cp1252")
    site.set("/a", page, media_type="text/html; charset=utf-8")
    title = "Über größere Böen und Stürme"
    assert fetched(await fetcher.fetch(f"{site.url}/a")).signals.title == title
    site.set("/a", b"<p>\xf5\xfb \xfb\xf5", media_type="text/html; charset=utf-8")
    assert failed(await fetcher.fetch(f"{site.url}/a")).code == "unreadable_document"


@pytest.mark.parametrize("label", ["hz-gb-2312", "iso-2022-kr"])
async def test_an_encoding_that_no_browser_reads_is_told(
    site: Website, fetcher: PageFetcher, label: str
) -> None:
    site.set("/a", b"<p>~{VPND~}", media_type=f"text/html; charset={label}")
    outcome = failed(await fetcher.fetch(f"{site.url}/a"))
    assert (outcome.code, outcome.status) == ("unreadable_document", 200)
    assert label in outcome.reason


async def test_the_header_overrides_what_the_page_names(
    site: Website, fetcher: PageFetcher
) -> None:
    page = "<meta charset=koi8-r><title>Часы работы</title><p>9-17"
    for codec in ("utf-8", "cp1251"):
        site.set("/a", page.encode(codec), media_type=f"text/html; charset={codec}")
        assert fetched(await fetcher.fetch(f"{site.url}/a")).signals.title == "Часы работы"


async def test_xhtml_is_read_by_the_rules_of_xml(site: Website, fetcher: PageFetcher) -> None:
    page = (
        '<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><script src="x.js"/>'
        "<title>Prices</title></head><body><p>A room costs 90 euros.</p></body></html>"
    )
    site.set("/a", page, media_type="application/xhtml+xml; charset=utf-8")
    found = fetched(await fetcher.fetch(f"{site.url}/a"))
    assert (found.media_type, found.signals.title) == ("application/xhtml+xml", "Prices")
    site.set("/a", page.encode("utf-16"), media_type="application/xhtml+xml")
    assert fetched(await fetcher.fetch(f"{site.url}/a")).signals.title == "Prices"


@pytest.mark.parametrize("charset", ["punycode", "unicode_escape", "utf-7", "idna", "zlib"])
async def test_an_encoding_that_no_page_is_in_is_not_read_by(
    site: Website, fetcher: PageFetcher, charset: str
) -> None:
    """Python has some that take minutes for a page, or that make other text of it."""
    text = "Prices +AOk- in C:\\new"
    page = f"<title>{text}</title><p>A room costs 90 euros."
    site.set("/a", page, media_type=f"text/html; charset={charset}")
    assert fetched(await fetcher.fetch(f"{site.url}/a")).signals.title == text
    site.set("/a", f'<meta charset="{charset}">{page}', media_type="text/html")
    assert fetched(await fetcher.fetch(f"{site.url}/a")).signals.title == text


@pytest.mark.parametrize(
    ("path", "media_type", "expected"),
    [
        ("/a", "text/html;charset=utf-8", "text/html"),
        ("/a.md", "text/plain", "text/markdown"),
        ("/a.md?raw=1", "application/octet-stream", "text/markdown"),
        ("/a", "text/markdown", "text/markdown"),
        ("/a.txt", "text/plain", "text/plain"),
        ("/a", "", "text/html"),
    ],
)
async def test_documents_of_other_kinds_are_taken_too(
    site: Website, fetcher: PageFetcher, path: str, media_type: str, expected: str
) -> None:
    body = b"<p>A room costs 90 euros." if expected == "text/html" else b"A room costs 90 euros."
    site.answer(path, Answer(body, headers={"Content-Type": media_type} if media_type else {}))
    assert fetched(await fetcher.fetch(site.url + path)).media_type == expected


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/a", "text/html; charset=iso-8859-1"),
        ("/download?id=7", "application/octet-stream"),
        ("/a", "application/pdf"),
        ("/a", ""),
    ],
)
async def test_a_pdf_is_one_whatever_the_website_calls_it(
    site: Website, fetcher: PageFetcher, path: str, media_type: str
) -> None:
    body = pdf_file([PdfPage().write(700, "A room costs 90 euros, breakfast included.")])
    site.answer(path, Answer(body, headers={"Content-Type": media_type} if media_type else {}))
    page = fetched(await fetcher.fetch(site.url + path))
    assert (page.media_type, page.content) == ("application/pdf", body)
    assert page.signals.text_length > 20


async def test_a_page_in_place_of_a_file_is_read_as_one(
    site: Website, fetcher: PageFetcher
) -> None:
    wall = '<!DOCTYPE html><title>Log in</title><form><input type="password"></form>'
    site.answer("/a.pdf", Answer(wall.encode(), headers={"Content-Type": "application/pdf"}))
    assert failed(await fetcher.fetch(f"{site.url}/a.pdf")).code == "login_required"
    page = f"<html>{PAGE}".encode()
    site.answer("/b.pdf", Answer(page, headers={"Content-Type": "application/octet-stream"}))
    assert fetched(await fetcher.fetch(f"{site.url}/b.pdf")).media_type == "text/html"


async def test_a_weak_tag_is_sent_back_as_it_came(site: Website, fetcher: PageFetcher) -> None:
    site.set("/a", PAGE, headers={"ETag": 'W/"67ab43"'})
    page = fetched(await fetcher.fetch(f"{site.url}/a"))
    assert isinstance(await fetcher.fetch(f"{site.url}/a", page.etag), NotModified)
    assert site.requests[-1].headers["if-none-match"] == 'W/"67ab43"'


async def test_there_is_a_pause_between_two_requests_to_one_site(
    site: Website, make_fetcher: MakeFetcher
) -> None:
    site.set("/a", PAGE)
    fetcher = make_fetcher(crawl_delay=0.2)
    for _ in range(2):
        await fetcher.fetch(f"{site.url}/a")
    await fetcher.fetch(f"{site.url}/a", robots=Robots("User-agent: *\nCrawl-delay: 0.4"))
    await fetcher.fetch(f"{site.url}/a")
    at = [request.at for request in site.requests]
    pauses = [later - earlier for earlier, later in pairwise(at)]
    for pause, least in zip(pauses, (0.2, 0.2, 0.4), strict=True):
        assert pause >= least
