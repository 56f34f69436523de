"""Addresses that have led a fetcher where it must not go, each with an id that says how.

`{port}` is the port that a listener on loopback has; it must never see a connection. Names are
looked up in `NAMES`, one list of addresses for each look-up in turn.
"""

from typing import Final

from tests.core.outbound.tricky import PUBLIC, PUBLIC_6, Tricky, each
from tests.core.outbound.tricky_hosts import ADDRESSES, IPV6, NUMBERS
from tests.core.outbound.tricky_names import DNS

_PORTS: Final = each(
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

_SCHEMES: Final = each(
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
    *each(
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
    *each(
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
    *each(
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
    *each(
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
    *each(
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
    *ADDRESSES,
    *NUMBERS,
    *IPV6,
    *DNS,
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
