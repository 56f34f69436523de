"""Web origins (RFC 6454): their normal form, and whether one is among the allowed ones.

An origin is a scheme, a host and a port, as browsers send it in the header `Origin`.
"""

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final
from urllib.parse import SplitResult, urlsplit

import idna

SCHEMES: Final = ("https", "http", "capacitor", "ionic", "chrome-extension", "moz-extension")
"""Websites, apps built with web technology, and browser extensions."""

_USUAL_PORTS: Final = {"https": 443, "http": 80}
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_BARE: Final = re.compile(r"(\*\.)?[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}(:[0-9]{1,5})?/?")
_LONGEST_HOST: Final = 253
_WILDCARD: Final = "*."


def normalise_origin(text: str) -> str:
    """Return the origin as browsers write it: lower case, punycode, no default port.

    The left-most label may be `*`, which stands for any subdomain, however deep, but not for the
    domain itself. Raises ValueError saying what is wrong and what to write instead.
    """
    text = text.strip()
    scheme, host, port = _parts(text)
    wildcard = host.startswith(_WILDCARD)
    host = _host(host.removeprefix(_WILDCARD), text)
    if wildcard:
        if "." not in host or host.startswith("[") or _is_ipv4(host):
            message = (
                f"{text}: the wildcard must be followed by a domain, as in https://*.example.com"
            )
            raise ValueError(message)
        host = _WILDCARD + host
    return f"{scheme}://{host}" + ("" if port in (None, _USUAL_PORTS.get(scheme)) else f":{port}")


def origin_allowed(origin: str, allowed: Iterable[str]) -> bool:
    """Tell whether a request's `Origin` is in `allowed`, written by `normalise_origin`.

    `null`, like anything else that isn't an origin, is never allowed.
    """
    try:
        given = normalise_origin(origin)
    except ValueError:
        return False
    return _WILDCARD not in given and any(_matches(given, one) for one in allowed)


def _matches(origin: str, allowed: str) -> bool:
    scheme, _, domain = allowed.partition(f"://{_WILDCARD}")
    if not domain:
        return origin == allowed
    return origin.startswith(f"{scheme}://") and origin.endswith(f".{domain}")


def _parts(text: str) -> tuple[str, str, int | None]:
    if "://" not in text:
        raise _incomplete(text)
    if any(ord(sign) <= 0x20 or sign in "\\%" for sign in text):
        raise ValueError(
            f"{text!r} is not an origin: it has a space, a backslash or a percent sign"
        )
    try:
        split = urlsplit(text)
        port = split.port
    except ValueError as error:
        raise ValueError(f"{text!r} is not an origin: its host or port is invalid") from error
    if split.scheme not in SCHEMES:
        raise ValueError(f"{text}: the scheme must be one of {', '.join(SCHEMES)}")
    _require_bare(text, split)
    if port == 0:
        raise ValueError(f"{text}: the port must be a number from 1 to 65535")
    # `hostname` lacks the brackets of an IPv6 address.
    host = split.hostname or ""
    return split.scheme, f"[{host}]" if "[" in split.netloc else host, port


def _incomplete(text: str) -> ValueError:
    meant = "write its scheme and host, as in https://example.com"
    if _BARE.fullmatch(text):
        meant = f"did you mean https://{text.rstrip('/')}?"
    return ValueError(f"{text!r} is not an origin; {meant}")


def _require_bare(text: str, split: SplitResult) -> None:
    """Raise ValueError if the address has parts that an origin doesn't have."""
    if "@" in split.netloc:
        raise ValueError("An origin has no user name or password")
    if split.path not in ("", "/") or "?" in text or "#" in text:
        bare = f"{split.scheme}://{split.netloc}"
        raise ValueError(f"{text}: an origin has no path; write {bare}")
    if not split.hostname or split.netloc.endswith(":"):
        raise _incomplete(text)


def _host(host: str, text: str) -> str:
    if "*" in host:
        message = f"{text}: a wildcard must be the whole first label, as in https://*.example.com"
        raise ValueError(message)
    if host.startswith("["):
        try:
            return f"[{IPv6Address(host[1:-1]).compressed}]"
        except AddressValueError as error:
            raise ValueError(f"{text}: {host} is not an IPv6 address") from error
    if re.fullmatch(r"[0-9.]+", host) and not _is_ipv4(host):
        raise ValueError(f"{text}: {host} is not an IPv4 address")
    labels = _ascii(host, text).split(".")
    name = ".".join(labels)
    if len(name) > _LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"{text}: {host} is not a host name")
    return name


def _ascii(host: str, text: str) -> str:
    if host.isascii() and "xn--" not in host:
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"{text}: {host} is not a host name") from error


def _is_ipv4(host: str) -> bool:
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True
