"""Names that lead to private addresses, always or at the second look."""

from typing import Final

from tests.core.outbound.tricky import PUBLIC, PUBLIC_6, Tricky, hosts

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

DNS: Final = [
    *hosts(
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
    *hosts(
        "mixed",
        "unreachable",
        [
            *("both.example", "both-first.example", "both-six.example", "both-families.example"),
            *("both-many.example", "dns64.example"),
        ],
    ),
]
