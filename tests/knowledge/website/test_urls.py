"""One way to write each address, and what links mean."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from answerdesk.core.outbound import UrlRefused, checked_url
from answerdesk.knowledge.website.urls import absolute, holds_no_text, normalise, resolve


@pytest.mark.parametrize(
    "url",
    [
        *("", "   ", "example.com", "/docs", "//example.com/a", "ftp://example.com/a"),
        *("mailto:a@example.com", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"),
        *("http://", "http:///a", "http://user@example.com/", "http://user:pass@example.com/"),
        *("http://example.com:0/", "http://example.com:99999/", "http://example.com:port/"),
        *("http://exa mple.com/", "http://[::1/", "http://%65xample.com/", "http://a..b/\udcff"),
        "http://example.com/" + "a" * 9_000,
    ],
)
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused):
        normalise(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.COM", "http://example.com/"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://straße.example/a", "https://xn--strae-oqa.example/a"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://xn--bcher-kva.example/%c3%a4", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://example.com/a#b", "https://example.com/a"),
        ("https://example.com/a/./b/../c", "https://example.com/a/c"),
        ("https://example.com/a/%2E%2e/c", "https://example.com/c"),
        ("https://example.com/../../a", "https://example.com/a"),
        ("https://example.com/a/..", "https://example.com/"),
        ("https://example.com/a/.", "https://example.com/a/"),
        ("https://example.com/%7euser/%41%2f", "https://example.com/~user/A%2F"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/%%34%31", "https://example.com/%2541"),
        ("https://example.com/a b?c d", "https://example.com/a%20b?c%20d"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/a?utm_source=x&utm_medium=y", "https://example.com/a"),
        ("https://example.com/a?b=1&gclid=Zx&c=2", "https://example.com/a?b=1&c=2"),
        ("https://example.com/a?FBCLID=Zx&b", "https://example.com/a?b"),
        ("https://example.com/a;jsessionid=AB12?b=1", "https://example.com/a?b=1"),
        ("https://example.com/?sid=0123456789abcdef0123456789abcdef", "https://example.com/"),
        (" https://example.com/a\n", "https://example.com/a"),
        ("https://exam\nple.com/a", "https://example.com/a"),
    ],
)
def test_equal_addresses_become_one(url: str, expected: str) -> None:
    assert normalise(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a/",
        "https://example.com/a//b",
        "https://example.com/A",
        "https://example.com/index.html",
        "https://example.com/a?b=2&a=1",
        "https://example.com/a?a=1&&b=2",
        "https://example.com/a?a=",
        "https://example.com/a?a=1+2",
        "https://example.com/a%2Fb",
        "https://example.com/?sid=42",
        "https://example.com/?session=keynote",
        "https://example.com/?campaign=utm_source",
        "https://example.com/a;v=1/b",
        "http://127.0.0.1:8000/a",
        "http://[2001:db8::1]/a",
    ],
)
def test_what_a_server_may_tell_apart_stays(url: str) -> None:
    assert normalise(url) == url


_PIECES = [*"abAB./-_~%&=+;:@!$'()*,[]ä€ \\", "%2e", "%41", "%c3", "../", "//"]
_PATHS = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)


@given(path=_PATHS, query=st.none() | _PATHS | st.just("&utm_x=1&a"))
@example(path="%%34%31", query=None)
@example(path="a/%2e%2e/b", query="utm_x=1&")
@example(path=";jsessionid=1;jsessionid=2", query=None)
def test_normalising_twice_changes_nothing_more(path: str, query: str | None) -> None:
    once = normalise(f"http://Example.com/{path}" + ("" if query is None else f"?{query}"))
    assert normalise(once) == once
    assert checked_url(once) == once


@given(path=_PATHS, query=st.none() | _PATHS)
def test_a_server_sees_the_same(path: str, query: str | None) -> None:
    """Unescaped, the query is the same, and the path as far as no dot segment shortens it."""
    given_url = f"http://example.com/{path}" + ("" if query is None else f"?{query}")
    sent = checked_url(given_url).partition("#")[0]
    parts, kept = urlsplit(sent), urlsplit(normalise(given_url))
    assert unquote(kept.query) == unquote(parts.query) or not unquote(parts.query).strip("&")
    plain = unquote(parts.path)
    if not {".", ".."} & set(plain.split("/")):
        assert unquote(kept.path) == plain


BASE = "https://example.com/docs/guide/intro.html?v=1"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("next.html", "https://example.com/docs/guide/next.html"),
        ("../", "https://example.com/docs/"),
        ("/a", "https://example.com/a"),
        ("//cdn.example.com/a", "https://cdn.example.com/a"),
        ("?v=2", "https://example.com/docs/guide/intro.html?v=2"),
        ("next.html#part", "https://example.com/docs/guide/next.html"),
        ("\n next.html\t", "https://example.com/docs/guide/next.html"),
        ("\\a\\b", "https://example.com/a/b"),
        ("a?x=\\b", "https://example.com/docs/guide/a?x=%5Cb"),
        ("HTTPS://EXAMPLE.com/a", "https://example.com/a"),
        ("größe.html", "https://example.com/docs/guide/gr%C3%B6%C3%9Fe.html"),
        ("a.pdf", "https://example.com/docs/guide/a.pdf"),
        ("v1.2", "https://example.com/docs/guide/v1.2"),
        ("a:b", None),
        ("#part", None),
        ("", None),
        ("mailto:a@example.com", None),
        ("JavaScript:void(0)", None),
        ("tel:+123", None),
        ("http://", None),
        ("http://[::1", None),
        ("http://user@example.com/", None),
        ("photo.JPG", None),
        ("release.tar.gz?x=1", None),
    ],
)
def test_links_lead_where_browsers_say(link: str, expected: str | None) -> None:
    assert resolve(BASE, link) == expected


def test_an_address_of_a_file_without_text_is_an_address_all_the_same() -> None:
    assert absolute(BASE, "/sitemap.xml.gz") == "https://example.com/sitemap.xml.gz"
    assert holds_no_text("https://example.com/a.png?x=1")
    assert not holds_no_text("https://example.png/")
    assert not holds_no_text("https://example.com/about.png/")


@given(st.text(max_size=60))
def test_no_link_breaks_the_reading(link: str) -> None:
    found = resolve(BASE, link)
    assert found is None or normalise(found) == found
