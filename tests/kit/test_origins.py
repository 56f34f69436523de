"""Origins: what is none is refused, and each has one way to be written."""

import pytest

from answerdesk.kit.origins import normalise_origin, origin_allowed


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "write its scheme and host"),
        ("example.com", "did you mean https://example.com?"),
        ("*.example.com/", "did you mean https://*.example.com?"),
        ("example.com:8443", "did you mean https://example.com:8443?"),
        ("//example.com", "write its scheme and host"),
        ("https:example.com", "write its scheme and host"),
        ("null", "write its scheme and host"),
        ("*", "write its scheme and host"),
        ("https://", "write its scheme and host"),
        ("https://:443", "write its scheme and host"),
        ("https://example.com:", "write its scheme and host"),
        ("ftp://example.com", "the scheme must be one of"),
        ("file:///etc/passwd", "the scheme must be one of"),
        ("javascript://example.com", "the scheme must be one of"),
        ("https://example.com/shop", "write https://example.com"),
        ("https://example.com?", "has no path"),
        ("https://example.com#", "has no path"),
        ("https://me:secret@example.com", "no user name"),
        ("https://@example.com", "no user name"),
        ("https://example.com:0", "from 1 to 65535"),
        ("https://example.com:65536", "is not an origin"),
        ("https://example.com:http", "is not an origin"),
        ("https://exa mple.com", "has a space"),
        ("https://example.com\\@evil.example", "a backslash"),
        ("https://ex%61mple.com", "a percent sign"),
        ("https://*", "the whole first label"),
        ("https://*.", "not a host name"),
        ("https://*.com", "followed by a domain"),
        ("https://*.127.0.0.1", "followed by a domain"),
        ("https://*.*.example.com", "the whole first label"),
        ("https://shop.*.example.com", "the whole first label"),
        ("https://shop*.example.com", "the whole first label"),
        ("https://example.*", "the whole first label"),
        ("https://example..com", "not a host name"),
        ("https://example.com.", "not a host name"),
        ("https://-example.com", "not a host name"),
        ("https://" + "a" * 64 + ".com", "not a host name"),
        ("https://" + "a." * 126 + "toolong", "not a host name"),
        ("https://xn--a.com", "not a host name"),
        ("https://256.1.1.1", "not an IPv4 address"),
        ("https://1.2.3", "not an IPv4 address"),
        ("https://[::1", "is not an origin"),
        ("https://[fe80::1%25eth0]", "a percent sign"),
        ("https://[::gggg]", "gggg"),
    ],
)
def test_what_is_no_origin_is_refused_with_what_to_write(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        normalise_origin(text)
    assert fault in str(refusal.value)


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="no user name") as refusal:
        normalise_origin("https://me:hunter2@example.com")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("https://example.com", "https://example.com"),
        (" HTTPS://Example.COM/ ", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("http://example.com:80", "http://example.com"),
        ("http://example.com:443", "http://example.com:443"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
        ("http://[0:0::1]:5173", "http://[::1]:5173"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://BÜCHER.example", "https://xn--bcher-kva.example"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://例え.jp", "https://xn--r8jz45g.jp"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://*.example.com", "https://*.example.com"),
        ("https://*.bücher.example:8443", "https://*.xn--bcher-kva.example:8443"),
        ("https://my_shop.example.com", "https://my_shop.example.com"),
        ("capacitor://localhost", "capacitor://localhost"),
        (
            "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
            "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
        ),
    ],
)
def test_an_origin_is_written_one_way(text: str, written: str) -> None:
    assert normalise_origin(text) == written
    assert normalise_origin(written) == written


@pytest.mark.parametrize(
    ("origin", "allowed", "fits"),
    [
        ("https://example.com", ["https://example.com"], True),
        ("https://example.com", [], False),
        ("http://example.com", ["https://example.com"], False),
        ("https://example.com:8443", ["https://example.com"], False),
        ("https://shop.example.com", ["https://example.com"], False),
        ("https://shop.example.com", ["https://*.example.com"], True),
        ("https://a.b.example.com", ["https://*.example.com"], True),
        ("https://example.com", ["https://*.example.com"], False),
        ("https://evilexample.com", ["https://*.example.com"], False),
        ("https://shop.example.com.evil.example", ["https://*.example.com"], False),
        ("https://shop.example.com:8443", ["https://*.example.com"], False),
        ("https://shop.example.com:8443", ["https://*.example.com:8443"], True),
        ("http://shop.example.com", ["https://*.example.com"], False),
        ("https://*.example.com", ["https://*.example.com"], False),
        ("null", ["https://example.com"], False),
        ("", ["https://example.com"], False),
        ("https://bücher.example", ["https://xn--bcher-kva.example"], True),
    ],
)
def test_an_origin_fits_what_is_allowed(origin: str, allowed: list[str], fits: bool) -> None:
    assert origin_allowed(origin, allowed) is fits
