"""Sitemaps of all kinds, the broken and the hostile first."""

import gzip
import time

import pytest

from answerdesk.knowledge.website.sitemaps import (
    MOST_ENTRIES,
    Sitemap,
    UnreadableSitemap,
    parse_sitemap,
)

AT = "https://example.com/sitemap.xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def urlset(*rows: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{head}<urlset xmlns="{NAMESPACE}">{"".join(rows)}</urlset>'.encode()


def entry(path: str, extra: str = "") -> str:
    return f"<url><loc>https://example.com{path}</loc>{extra}</url>"


def paths(sitemap: Sitemap) -> list[str]:
    return [page.removeprefix("https://example.com") for page in sitemap.pages]


BOMB = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12)
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n ",
        b"<!doctype html><html><body>Not found",
        b"<html xmlns='http://www.w3.org/1999/xhtml'><head/></html>",
        b"<rss><channel/></rss>",
        b"User-agent: *\nDisallow: /",
        b"just words",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"<?xml version='1.0'?><urlset><url><loc>https://exa",
        gzip.compress(b"")[:-2],
        b"\x1f\x8bbroken",
        gzip.compress(b"\0" * 60_000_000),
        (BOMB + "]><urlset><url><loc>https://example.com/&m;</loc></url></urlset>").encode(),
        urlset(entry("/&x;"), head="<!DOCTYPE urlset [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"),
        urlset(
            entry("/a"), head="<!DOCTYPE urlset [<!ENTITY % p SYSTEM 'http://127.0.0.1/x'> %p;]>"
        ),
        urlset(entry("/a"), head='<?xml version="1.0" encoding="nonsense"?>'),
    ],
    ids=[
        *(
            "nothing",
            "blanks",
            "page",
            "XHTML",
            "feed",
            "robots",
            "words",
            "picture",
            "cut at once",
        ),
        *("cut gzip", "broken gzip", "gzip bomb", "entity bomb", "external entity"),
        *("parameter entity", "unknown encoding"),
    ],
)
def test_what_is_no_sitemap_is_told_in_good_time(content: bytes) -> None:
    before = time.process_time()
    with pytest.raises(UnreadableSitemap):
        parse_sitemap(content, AT)
    assert time.process_time() - before < 5.0


def test_of_a_broken_file_the_beginning_counts_and_the_fault_is_told() -> None:
    content = urlset(entry("/a"), entry("/b"), "<url><loc>https://example.com/c</wrong>")
    sitemap = parse_sitemap(content, AT)
    assert paths(sitemap) == ["/a", "/b"]
    assert sitemap.fault is not None
    assert "line 1" in sitemap.fault


def test_a_cut_gzip_file_counts_up_to_the_cut() -> None:
    whole = urlset(*(entry(f"/page-{n * 7919 % 10_007}") for n in range(2_000)))
    sitemap = parse_sitemap(gzip.compress(whole)[:-3_000], AT)
    assert 100 < len(sitemap.pages) < 2_000
    assert sitemap.fault is not None


def test_a_gzip_file_of_several_parts_is_read_whole() -> None:
    whole = urlset(*(entry(f"/{number}") for number in range(50)))
    packed = gzip.compress(whole[:700]) + gzip.compress(whole[700:])
    sitemap = parse_sitemap(packed, AT)
    assert (len(sitemap.pages), sitemap.fault) == (50, None)


def test_bare_ampersands_are_forgiven() -> None:
    sitemap = parse_sitemap(urlset(entry("/a?b=1&c=2&amp;d=3"), entry("/e")), AT)
    assert paths(sitemap) == ["/a?b=1&c=2&d=3", "/e"]
    assert sitemap.fault is None


def test_more_entries_than_the_protocol_allows_are_left_out() -> None:
    rows = [entry(f"/{number}") for number in range(MOST_ENTRIES + 1)]
    sitemap = parse_sitemap(urlset(*rows), AT)
    assert len(sitemap.pages) == MOST_ENTRIES
    assert sitemap.fault is not None
    listed = "\n".join(f"https://example.com/{n}" for n in range(MOST_ENTRIES + 1))
    assert len(parse_sitemap(listed.encode(), AT).pages) == MOST_ENTRIES


def test_entries_that_are_no_pages_are_left_out() -> None:
    sitemap = parse_sitemap(
        urlset(
            entry("/a"),
            "<url><lastmod>2026-01-01</lastmod></url>",
            "<url><loc>  </loc></url>",
            "<url><loc>ftp://example.com/b</loc></url>",
            "<url><loc>https://user@example.com/b</loc></url>",
            entry("/photo.jpg"),
            entry("/a"),
            "<url><loc>\n  https://EXAMPLE.com/c?utm_source=map  \n</loc></url>",
            "<url><loc>/d</loc></url>",
        ),
        AT,
    )
    assert paths(sitemap) == ["/a", "/c", "/d"]
    assert sitemap.fault is None


@pytest.mark.parametrize(
    "content",
    [
        urlset(entry("/a")),
        b"<urlset>" + entry("/a").encode() + b"</urlset>",
        b"\xef\xbb\xbf" + urlset(entry("/a")),
        b"\n\n  " + urlset(entry("/a")),
        urlset(entry("/a"), head='<?xml version="1.0" encoding="UTF-16"?>')
        .decode()
        .encode("utf-16"),
        urlset(entry("/a"), head='<?xml version="1.0" encoding="ISO-8859-1"?><!-- \xe9 -->')
        .decode()
        .encode("latin-1"),
        f'<s:urlset xmlns:s="{NAMESPACE}"><s:url><s:loc>https://example.com/a</s:loc></s:url>'
        "</s:urlset>".encode(),
        urlset(
            "<url><image:image><image:loc>https://example.com/p</image:loc></image:image>"
            "<image:loc>https://example.com/q</image:loc>"
            "<loc><![CDATA[https://example.com/a]]></loc></url>"
        ),
        gzip.compress(urlset(entry("/a"))),
        b"https://example.com/a\n",
        b"\xef\xbb\xbfhttps://example.com/a\r\n\r\n",
        b"<!DOCTYPE urlset>" + urlset(entry("/a"), head=""),
    ],
    ids=[
        *("plain", "no namespace", "mark", "blanks before", "UTF-16", "Latin-1", "prefix"),
        *("extension", "gzip", "text", "text with mark", "document type"),
    ],
)
def test_all_dresses_are_read(content: bytes) -> None:
    sitemap = parse_sitemap(content, AT)
    assert paths(sitemap) == ["/a"]
    assert (sitemap.indexes, sitemap.fault) == ((), None)


def test_an_index_names_further_sitemaps() -> None:
    content = (
        f'<sitemapindex xmlns="{NAMESPACE}"><sitemap><loc>https://example.com/1.xml.gz</loc>'
        "<lastmod>2026-11-01</lastmod></sitemap><sitemap><loc>/2.xml?page=2</loc></sitemap>"
        "<sitemap><loc>https://example.com/1.xml.gz</loc></sitemap></sitemapindex>"
    )
    sitemap = parse_sitemap(content.encode(), AT)
    expected = ("https://example.com/1.xml.gz", "https://example.com/2.xml?page=2")
    assert (sitemap.pages, sitemap.indexes) == ((), expected)
