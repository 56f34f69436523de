"""Addresses as they are written, brought into one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from answerdesk.core.outbound import UrlRefused, checked_url
from answerdesk.core.outbound.urls import follow, parse_url


@pytest.mark.parametrize(
    ("written", "checked"),
    [
        ("http://EXAMPLE.com", "http://example.com/"),
        ("HTTPS://example.com:443/A?B=c#d", "https://example.com/A?B=c"),
        ("http://example.com:080/", "http://example.com/"),
        ("http://example.com:/", "http://example.com/"),
        ("http://example.com.:8080", "http://example.com:8080/"),
        ("http://example.com?q", "http://example.com/?q"),
        ("http://example.com#a?b", "http://example.com/"),
        (" http://example.com/a b ", "http://example.com/a%20b"),
        ("http://example.com/ä?q=ü", "http://example.com/%C3%A4?q=%C3%BC"),
        ("http://example.com/%C3%a4%zz%", "http://example.com/%C3%a4%zz%"),
        ('http://example.com/"<>\\^`{|}', "http://example.com/%22%3C%3E%5C%5E%60%7B%7C%7D"),
        ("http://example.com/a@b:c/[d]?e[]=f", "http://example.com/a@b:c/[d]?e[]=f"),
        ("http://bücher.example", "http://xn--bcher-kva.example/"),
        ("http://[2001:4860:0:0::8888]:80", "http://[2001:4860::8888]/"),
        ("http://[::FFFF:1.2.3.4]:81/", "http://[::ffff:102:304]:81/"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
    ],
)
def test_one_form_for_all_ways_to_write(written: str, checked: str) -> None:
    assert checked_url(written) == checked
    assert checked_url(checked) == checked


@pytest.mark.parametrize(
    ("location", "there"),
    [
        ("/c", "http://host.example/c"),
        ("c?d", "http://host.example/a/c?d"),
        ("../../..", "http://host.example/"),
        ("?x", "http://host.example/a/b?x"),
        ("", "http://host.example/a/b?q"),
        ("#e", "http://host.example/a/b?q"),
        (" /c d ", "http://host.example/c%20d"),
        ("/ä", "http://host.example/%C3%A4"),
        ("/\udce4", "http://host.example/%E4"),  # A header's byte that is no UTF-8.
        ("//other.example/c", "http://other.example/c"),
        ("https://other.example", "https://other.example/"),
    ],
)
def test_a_redirect_is_read_from_where_it_stands(location: str, there: str) -> None:
    assert str(follow(parse_url("http://host.example/a/b?q"), location)) == there


@given(st.text() | st.from_regex(r"https?://[^/]{1,20}(:[0-9]*)?[/?#\\@].*"))
def test_any_text_is_checked_or_refused_and_the_library_reads_it_as_we_do(text: str) -> None:
    try:
        url = parse_url(text)
    except UrlRefused:
        return
    read = URL(str(url), encoded=True)
    assert (read.scheme, read.raw_host, read.port) == (url.scheme, url.host, url.port)
    assert (read.raw_user, read.raw_password, read.raw_fragment) == (None, None, "")
    assert read.raw_path_qs == url.target
    assert parse_url(str(url)) == url


@given(st.text(), st.sampled_from(["http://a.example/", "https://[2001:db8::1]:8443/x?y"]))
def test_any_location_is_followed_or_refused(location: str, base: str) -> None:
    try:
        url = follow(parse_url(base), location)
    except UrlRefused:
        return
    assert url.scheme in ("http", "https")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("example.com/page", "https://example.com/page"),
        ("ftp://example.com/", "https:// or http://"),
        ("http://me:secret@example.com/", "user name"),
        ("http://example.com:99999/", "1 to 65535"),
        ("http://127.1/", "four decimal numbers"),
        ("http://[fe80::1%25eth0]/", "network interface"),
        ("http://[abc]/", "IPv6"),
        ("http://a b/", "not a valid host name"),
        ("http://%61/", "percent"),
        ("http://a/\n", "line break"),
        ("http://\ufffe.example/", "no name can have"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_repeats_no_secret(url: str, says: str) -> None:
    with pytest.raises(UrlRefused, match=says) as error:
        checked_url(url)
    assert "secret" not in error.value.message
