"""Whose address a request comes from: only trusted proxies are believed, and from the right."""

from ipaddress import ip_network
from typing import Any

import pytest
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from answerdesk.core.environment import load_settings
from answerdesk.core.errors import InvalidInput
from answerdesk.core.web.client_address import (
    TrustedProxies,
    client_address,
    exact_client_address,
)

_TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


async def seen(peer: str | None, *forwarded: str, **headers: str) -> tuple[str, str, str]:
    """Return the address that limits count, the exact one, and the scheme."""
    found: list[HTTPConnection] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(HTTPConnection(scope))

    given = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    given += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {
        "type": "http",
        "scheme": "http",
        "headers": given,
        "client": None if peer is None else (peer, 4711),
    }
    await TrustedProxies(app, _TRUSTED)(scope, None, None)  # type: ignore[arg-type]
    (one,) = found
    return client_address(one), exact_client_address(one), one.scope["scheme"]


async def test_strangers_say_nothing_about_themselves() -> None:
    said = await seen("203.0.113.9", "198.51.100.1", x_forwarded_proto="https")
    assert said == ("203.0.113.9", "203.0.113.9", "http")


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        # What is left of the last honest proxy may be invented.
        (["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        (["198.51.100.1", "203.0.113.9, 10.2.0.1"], "203.0.113.9"),
        (["198.51.100.1, nonsense, 10.2.0.1"], "10.2.0.1"),
        (["198.51.100.1, , 10.2.0.1"], "10.2.0.1"),
        (["203.0.113.9:51000"], "203.0.113.9"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["10.3.0.1, 10.2.0.1"], "10.3.0.1"),
        ([""], "10.1.0.1"),
        ([], "10.1.0.1"),
        ([",".join(["203.0.113.9"] * 5000)], "203.0.113.9"),
    ],
)
async def test_the_nearest_that_is_no_trusted_proxy_is_the_client(
    forwarded: list[str], client: str
) -> None:
    assert (await seen("10.1.0.1", *forwarded))[1] == client


async def test_ipv6_clients_are_counted_by_their_network() -> None:
    counted, exact, _ = await seen("fd00::1", "[2001:db8:1:2:3:4:5:6]:443")
    assert (counted, exact) == ("2001:db8:1:2::/64", "2001:db8:1:2:3:4:5:6")


async def test_a_client_without_an_address_is_unknown() -> None:
    assert (await seen(None))[:2] == ("unknown", "unknown")


@pytest.mark.parametrize(("told", "scheme"), [("https", "https"), ("ftp", "http"), ("", "http")])
async def test_a_trusted_proxy_tells_the_scheme(told: str, scheme: str) -> None:
    assert (await seen("10.1.0.1", x_forwarded_proto=told))[2] == scheme


@pytest.mark.parametrize("value", ["10.0.0.0/33", "proxy", "10.0.0.1/8"])
def test_a_setting_that_is_no_network_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("ANSWERDESK_TRUSTED_PROXIES", value)
    with pytest.raises(InvalidInput, match="ANSWERDESK_TRUSTED_PROXIES"):
        load_settings()


def test_the_setting_takes_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWERDESK_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    assert load_settings().trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
