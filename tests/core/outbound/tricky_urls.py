"""Addresses that have led a fetcher where it must not go, each with an id that says how.

`{port}` is the port that a listener on loopback has; it must never see a connection. Names are
looked up in `NAMES`, one list of addresses for each look-up in turn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Outcome = Literal["url_refused", "address_refused", "host_unknown", "unreachable"]
"""The error's code. `unreachable`: it went to a public address, where the test has nobody."""

PUBLIC: Final = "93.184.215.14"
PUBLIC_6: Final = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


@dataclass(frozen=True, slots=True)
class Tricky:
    """One address and what becomes of it, in the last of several `fetches`."""

    id: str
    url: str
    outcome: Outcome
    fetches: int = 1


def _each(group: str, outcome: Outcome, urls: Iterable[str]) -> list[Tricky]:
    return [Tricky(f"{group}-{number:02}", url, outcome) for number, url in enumerate(urls, 1)]


def _hosts(group: str, outcome: Outcome, hosts: Iterable[str]) -> list[Tricky]:
    return _each(group, outcome, (f"http://{host}:{{port}}/" for host in hosts))


_ADDRESSES: Final = _hosts(
    "ipv4",
    "address_refused",
    [
        *("127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.254", "0.1.2.3"),
        "0.0.0.0",  # noqa: S104  # An address to be refused.
        *("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1"),
        *("192.168.255.255", "169.254.169.254", "169.254.170.2", "169.254.0.1", "100.64.0.1"),
        *("100.127.255.254", "100.100.100.200", "192.0.0.192", "192.0.0.8", "192.0.2.1"),
        *("198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1"),
        *("239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1"),
        *("192.31.196.1", "192.52.193.1", "192.175.48.1"),
    ],
)

_NUMBERS: Final = [
    *_hosts(
        "number",
        "url_refused",
        [
            *("2130706433", "0x7f000001", "0X7F000001", "017700000001", "127.1", "127.0.1"),
            *("0x7f.1", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "0177.0.0.01", "127.0.0.01"),
            *("127.0.0x0.1", "127.000.000.001", "0", "0x0", "0x", "00000000000", "4294967295"),
            *("3232235521", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518"),
            *("0xa9.0xfe.0xa9.0xfe", "10.1", "127.0.0.1..", "127..0.1", "127.0.0.1.1", "256.0.0.1"),
            *("18446744071545454593", "0x100000000000000007f000001", "7f000001.0x1", "1.example.0"),
        ],
    ),
    *_hosts(
        "digits",
        "address_refused",
        [
            "127.0.0.1.",  # The dot of a full name.
            "１２７.０.０.１",
            "①②⑦.⓪.⓪.①",
            "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
            "127。0。0。1",
            "127．0．0．1",
            "127｡0｡0｡1",
            "127.0\u200b.0.1",  # Zero-width space.
            "127.0.0\u00ad.1",  # Soft hyphen.
            "127.0.0.1\u3002",
            "¹²⁷.0.0.1",
        ],
    ),
    *_hosts(
        "encoded",
        "url_refused",
        [
            *("%31%32%37.0.0.1", "127%2e0%2e0%2e1", "127.0.0.1%00.example.com", "%6c%6fcalhost"),
            *("127.0.0.1%2f.example.com", "127.0.0.1%23.example.com", "%5b::1%5d", "%EF%BC%91"),
        ],
    ),
    *_hosts("foreign-digits", "host_unknown", ["١٢٧.٠.٠.١", "१२७.०.०.१"]),
]

_IPV6: Final = [
    *_hosts(
        "ipv6",
        "address_refused",
        [
            *("[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]"),
            *("[::0001]", "[0::1]", "[::]", "[0:0:0:0:0:0:0:0]", "[::2]"),
            *("[fe80::1]", "[fe80::5efe:7f00:1]", "[febf::1]", "[fc00::1]", "[fd12:3456::1]"),
            *("[fd00:ec2::254]", "[FD00:EC2::254]", "[fd20:ce::254]", "[fd00:42::42]"),
            *("[fec0::1]", "[ff02::1]", "[ff0e::1]", "[ff05::1:3]", "[100::1]", "[100:0:0:1::1]"),
            *("[2001:db8::1]", "[3fff::1]", "[2001:2::1]", "[2001:10::1]", "[2001:20::1]"),
            *("[2001:5::1]", "[3ffe::1]", "[5f00::1]", "[4000::1]", "[e000::1]", "[1::1]"),
            "[2620:4f:8000::1]",
        ],
    ),
    *_hosts(
        "mapped",
        "address_refused",
        [
            *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:7F00:0001]"),
            *("[0:0:0:0:0:ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::ffff:169.254.169.254]"),
            *("[::ffff:a9fe:a9fe]", "[::ffff:10.0.0.1]", "[::ffff:0.0.0.0]", "[::ffff:0:0]"),
            f"[::ffff:{PUBLIC}]",
            *("[::127.0.0.1]", "[::7f00:1]", "[::10.0.0.1]", f"[::{PUBLIC}]"),
        ],
    ),
    *_hosts(
        "translated",
        "address_refused",
        [
            *("[::ffff:0:127.0.0.1]", "[::ffff:0:7f00:1]", f"[::ffff:0:{PUBLIC}]"),
            *("[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]"),
            *("[64:ff9b::10.0.0.1]", f"[64:ff9b::{PUBLIC}]", "[64:ff9b:1::7f00:1]"),
            *("[64:ff9b:1:7f00:0:100::]", "[64:ff9b:1:ffff::1]"),
            *("[2002:7f00:1::]", "[2002:7f00:0001::1]", "[2002:a9fe:a9fe::]"),
            *("[2002:c0a8:101::1]", "[2002:5db8:d70e::1]"),
            # The client's address is behind a mask: 127.0.0.1, 10.0.0.1, a public one.
            *("[2001:0:5ef5:79fd:0:0:80ff:fffe]", "[2001::5ef5:79fd:0:59c0:f5ff:fffe]"),
            "[2001:0:4136:e378:8000:63bf:a247:28f1]",
            *("[2606:4700::5efe:7f00:1]", "[2606:4700::200:5efe:a00:1]"),
        ],
    ),
    *_hosts(
        "brackets",
        "url_refused",
        [
            *("[fe80::1%25eth0]", "[fe80::1%eth0]", "[fe80::1%251]", "[::1%25lo]", "[::1%lo]"),
            *("::1", "[::1", "::1]", "[[::1]]", "[::1]x", "[::1].", "x[::1]", "[]", "[:]"),
            *("[v1.fe80::a]", "[127.0.0.1]", "[::ffff:0x7f.1]", "[::ffff:127.1]", "[localhost]"),
            *("[::1]example.com", "[::ffff:127.0.0.1.]", "[0:0:0:0:0:0:0:0:1]", "[::1 ]"),
        ],
    ),
]

NAMES: Final[dict[str, list[list[str]]]] = {
    "example.com": [[PUBLIC, PUBLIC_6]],
    "www.example.com": [[PUBLIC]],
    "localhost": [["127.0.0.1", "::1"]],
    "foo.localhost": [["127.0.0.1"]],
    "localhost.localdomain": [["127.0.0.1"]],
    "ip6-localhost": [["::1"]],
    "loopback.example": [["127.0.0.1"]],
    "six.example": [["::1"]],
    "zero.example": [["0.0.0.0"]],  # noqa: S104  # An address to be refused.
    "unspecified.example": [["::"]],
    "ten.example": [["10.0.0.1"]],
    "docker.internal": [["172.17.0.1"]],
    "kubernetes.default.svc": [["10.96.0.1"]],
    "router.example": [["192.168.1.1"]],
    "metadata.google.internal": [["169.254.169.254"]],
    "metadata.example": [["fd00:ec2::254"]],
    "shared.example": [["100.64.0.1"]],
    "mapped.example": [["::ffff:127.0.0.1"]],
    "compatible.example": [["::127.0.0.1"]],
    "nat64.example": [["64:ff9b::7f00:1"]],
    "sixtofour.example": [["2002:7f00:1::1"]],
    "teredo.example": [["2001:0:5ef5:79fd:0:0:80ff:fffe"]],
    "link.example": [["fe80::1"]],
    "group.example": [["224.0.0.251", "ff02::fb"]],
    "several.example": [["127.0.0.1", "10.0.0.1", "::1"]],
    "127.0.0.1.nip.example": [["127.0.0.1"]],
    "xn--bcher-kva.example": [["127.0.0.1"]],
    "xn--80ak6aa92e.example": [["127.0.0.1"]],
    "very_private.example": [["192.168.7.7"]],
    # Public first, and then not; and the other way round.
    "rebinds.example": [[PUBLIC], ["127.0.0.1"]],
    "rebinds-six.example": [[PUBLIC_6], ["::1"]],
    "rebinds-mapped.example": [[PUBLIC], ["::ffff:127.0.0.1"]],
    "rebinds-metadata.example": [[PUBLIC], ["169.254.169.254"]],
    "rebinds-late.example": [[PUBLIC], [PUBLIC], [PUBLIC], ["127.0.0.1"]],
    "rebinds-mixed.example": [[PUBLIC], ["10.0.0.1", "127.0.0.1"]],
    "rebinds-back.example": [["127.0.0.1"], [PUBLIC]],
    # Both at once: only the public one may be tried.
    "both.example": [[PUBLIC, "127.0.0.1"]],
    "both-first.example": [["127.0.0.1", PUBLIC]],
    "both-six.example": [["::1", PUBLIC_6]],
    "both-families.example": [["::1", PUBLIC]],
    "both-many.example": [["127.0.0.1", "::1", "10.0.0.1", PUBLIC, "0.0.0.0"]],  # noqa: S104
    "dns64.example": [["64:ff9b::5db8:d70e", PUBLIC]],
}

_DNS: Final = [
    *_hosts(
        "name",
        "address_refused",
        [
            *("localhost", "LOCALHOST", "LocalHost.", "foo.localhost", "localhost.localdomain"),
            *(
                "ip6-localhost",
                "ｌｏｃａｌｈｏｓｔ",
                "loc\u00adalhost",
                "local\u200bhost",
                "ⓛocalhost",
            ),
            *("loopback.example", "LOOPBACK.example.", "six.example", "zero.example"),
            *("unspecified.example", "ten.example", "docker.internal", "kubernetes.default.svc"),
            *("router.example", "metadata.google.internal", "metadata.google.internal."),
            *("metadata.example", "shared.example", "mapped.example", "compatible.example"),
            *("nat64.example", "sixtofour.example", "teredo.example", "link.example"),
            *("group.example", "several.example", "127.0.0.1.nip.example", "bücher.example"),
            *("BÜCHER.example", "bücher。example", "аррӏе.example", "very_private.example"),
        ],
    ),
    *(
        Tricky(f"rebinding-{number:02}", f"http://{host}:{{port}}/", "address_refused", fetches)
        for number, (host, fetches) in enumerate(
            [
                *(
                    ("rebinds.example", 2),
                    ("rebinds-six.example", 2),
                    ("rebinds-mapped.example", 2),
                ),
                *(("rebinds-metadata.example", 2), ("rebinds-late.example", 4)),
                *(("rebinds-mixed.example", 2), ("rebinds-back.example", 1)),
            ],
            1,
        )
    ),
    *_hosts(
        "mixed",
        "unreachable",
        [
            *("both.example", "both-first.example", "both-six.example", "both-families.example"),
            *("both-many.example", "dns64.example"),
        ],
    ),
]

_PORTS: Final = _each(
    "port",
    "url_refused",
    [
        *(f"http://example.com:{port}/" for port in (1, 22, 25, 53, 2375, 3306, 5432, 6379, 9200)),
        *(f"https://example.com:{port}/" for port in (11211, 27017, 65535)),
        f"http://{PUBLIC}:22/",
        f"http://[{PUBLIC_6}]:25/",
        *(f"http://example.com:{port}/" for port in ("0", "00", "65536", "99999999", "-1", "+80")),
        *(f"http://127.0.0.1:{port}/" for port in ("0x50", "８０", " 80", "80 ", "80:80", "8o")),
        *("http://127.0.0.1:80%2f/", "http://example.com:80@127.0.0.1:{port}/"),
    ],
)

_SCHEMES: Final = _each(
    "scheme",
    "url_refused",
    [
        *("file:///etc/passwd", "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1:{port}/"),
        *("gopher://127.0.0.1:{port}/_x", "dict://127.0.0.1:{port}/d", "ldap://127.0.0.1:{port}/"),
        *("ws://127.0.0.1:{port}/", "wss://127.0.0.1:{port}/", "tftp://127.0.0.1:{port}/x"),
        *("sftp://127.0.0.1:{port}/", "ssh://127.0.0.1:{port}/", "smb://127.0.0.1:{port}/"),
        *("redis://127.0.0.1:{port}/", "jar:http://127.0.0.1:{port}/!/", "data:text/html,x"),
        *("javascript:alert(1)", "about:blank", "view-source:http://127.0.0.1:{port}/"),
        *("blob:http://127.0.0.1:{port}/x", "http+unix://%2Fvar%2Frun%2Fdocker.sock/"),
        *("unix:/var/run/docker.sock", "mailto:a@127.0.0.1", "tel:1", "url:http://127.0.0.1"),
        *("http:127.0.0.1:{port}", "http:/127.0.0.1:{port}/", "http:///127.0.0.1:{port}/"),
        *("//127.0.0.1:{port}/", "127.0.0.1:{port}/", "://127.0.0.1:{port}/", "http://", "http:"),
        *("http//127.0.0.1:{port}/", "ht\ttp://127.0.0.1:{port}/", "\nhttp://127.0.0.1:{port}/"),
        *("http:\\\\127.0.0.1:{port}\\", "http:/\\127.0.0.1:{port}/", "http:\\/127.0.0.1:{port}/"),
        *("ｈｔｔｐ://127.0.0.1:{port}/", "\ufeffhttp://127.0.0.1:{port}/", "", " ", "#", "?"),
        *("http://?127.0.0.1:{port}", "http://#127.0.0.1:{port}", "http:\t//127.0.0.1:{port}/"),
    ],
)

_USER_INFO: Final = [
    *_each(
        "user",
        "url_refused",
        [
            *("http://user@127.0.0.1:{port}/", "http://user:password@127.0.0.1:{port}/"),
            *("http://example.com@127.0.0.1:{port}/", "http://127.0.0.1:{port}@example.com/"),
            *("http://@127.0.0.1:{port}/", "http://:@127.0.0.1:{port}/"),
            *("http://example.com%40127.0.0.1:{port}/", "http://a:b:c@127.0.0.1:{port}/"),
            *("http://example.com\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@example.com/"),
            *("http://example.com;@127.0.0.1:{port}/", "http://[::1]@example.com/"),
            *("http://example.com＠127.0.0.1:{port}/", "http://a@b@127.0.0.1:{port}/"),
            *("http://example.com:x@127.0.0.1:{port}/", "http://%40127.0.0.1:{port}/"),
        ],
    ),
    *_each(
        "user-behind",
        "address_refused",
        [
            *("http://127.0.0.1:{port}#@example.com/", "http://127.0.0.1:{port}?@example.com/"),
            *("http://127.0.0.1:{port}/@example.com/", "http://127.0.0.1:{port}/\\@example.com/"),
            *(
                "HTTP://127.0.0.1:{port}/#http://example.com",
                "http://[::1]:/:{port}@example.com:x/",
            ),
        ],
    ),
    *_each(
        "user-before",
        "unreachable",
        [
            *("http://example.com#@127.0.0.1:{port}/", "http://example.com?@127.0.0.1:{port}/"),
            *("http://example.com/@127.0.0.1:{port}/", "http://example.com/..//127.0.0.1:{port}/"),
            *("http://www.example.com/%0d%0aHost:%20127.0.0.1", "http://example.com/http://[::1]/"),
        ],
    ),
]

_SIGNS: Final = [
    *_each(
        "sign",
        "url_refused",
        [
            *(
                "http://127.0.0.1:{port}\t/",
                "http://127.0.0.1\n:{port}/",
                "http://127.0.0.1:{port}\r",
            ),
            *("http://127.0.0.1:{port}/\r\nHost: x", "http://127.0.0.1\x00.example.com/"),
            *("http://127.0.0.1:{port}/\x00", "http://127.0.0.1:{port}/\x7f", "\x1fhttp://[::1]/"),
            *("http://127.0.0.1 .example.com/", "http://exa mple.com/", "http://127.0.0.1\u2028/"),
            *(
                "http://127.0.0.1\u0085/",
                "http://example.com\u202e/",
                "http://127.0.0.1\\.example/",
            ),
            *(
                "http://127.0.0.1／.example.com/",
                "http://127.0.0.1＃.example.com/",
                "http://℀.com/",
            ),
            *("http://127.0.0.1？.example.com/", "http://127.0.0.1：80/", "http://127.0.0.1％00/"),
            *("http://127.0.0.1，/", "http://\ud800.example/", "http://example.com/\ud800"),
            *("http://a..b/", "http://./", "http://../", "http://.../", "http://.example.com/"),
            *("http://-/", "http://-a.example/", "http://a-.example/", "http://*.example.com/"),
            *("http://a,b/", "http://a|b/", "http://{host}/", "http://$(host)/", "http://`x`/"),
            *("http://'127.0.0.1'/", 'http://"127.0.0.1"/', "http://<127.0.0.1>/", "http://a^b/"),
            f"http://{'a' * 64}.example/",
            f"http://{'a.' * 130}example/",
            f"http://{'a' * 20_000}/",
            f"http://{'ä' * 2_000}/",
            f"http://example.com/{'a' * 9_000}",
            f"http://127.0.0.1/{'ä' * 9_000}",
        ],
    ),
    *_each(
        "blank",
        "address_refused",
        [
            *(
                " http://127.0.0.1:{port}/",
                "http://127.0.0.1:{port}/ ",
                "http://127.0.0.1:{port}/a b",
            ),
            *("hTTp://127.0.0.1:{port}/", "http://LOOPBACK.EXAMPLE:080/", "http://[::1]"),
            *(
                "https://127.0.0.1:{port}/",
                "https://[::1]:{port}",
                "https://127.0.0.1",
                "http://[::1]:",
            ),
        ],
    ),
]

TRICKY: Final[tuple[Tricky, ...]] = (
    *_ADDRESSES,
    *_NUMBERS,
    *_IPV6,
    *_DNS,
    *_PORTS,
    *_SCHEMES,
    *_USER_INFO,
    *_SIGNS,
)

LOCATIONS: Final = (
    *(
        "//127.0.0.1:{port}/",
        "///127.0.0.1:{port}/",
        "\\\\127.0.0.1:{port}\\",
        "/\\127.0.0.1:{port}/",
    ),
    *(
        "//[::1]:{port}/",
        "//localhost:{port}/",
        "//user@127.0.0.1:{port}/",
        "http:127.0.0.1:{port}",
    ),
    *("//127.1:{port}/", "//2130706433:{port}/", "//①②⑦.0.0.1:{port}/", "http:/127.0.0.1:{port}"),
    *("//rebinds-back.example:{port}/", "//[::ffff:7f00:1]:{port}/", "/.//127.0.0.1:{port}/x"),
    *("//127.0.0.1:{port}\\@example.com/", "\t//127.0.0.1:{port}/", "//127.0.0.1:x/", "//["),
)
"""What a redirect's `Location` can say besides a whole address."""
