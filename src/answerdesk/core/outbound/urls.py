"""Addresses as people, pages and redirects write them, normalised or refused.

We use our own strict parser, because an address that two programs read differently is a way around
a guard: the checked parts are assembled again, and only the result is sent.
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final
from urllib.parse import quote, urljoin

import idna

from answerdesk.core.outbound.errors import UrlRefused
from answerdesk.kit.edit_distance import nearest

LONGEST_URL: Final = 8192
_LONGEST_HOST: Final = 253
_LONGEST_SHOWN: Final = 500
_USUAL_PORTS: Final = {"https": 443, "http": 80}

_URL: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)(?:#.*)?",
    re.DOTALL,
)
_AUTHORITY: Final = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,5}))?")
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# A public host, which ends in letters, with anything that may follow it.
_BARE: Final = re.compile(
    r"[^/?#@:\\\s]+\.(xn--[a-z0-9-]+|[^\W\d_]{2,})\.?(:[0-9]{1,5})?([/?#]\S*)?", re.IGNORECASE
)
# What a browser would parse as a number, and so as an IP address: `127.1`, `0x7f.1`, `2130706433`.
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_SENT_AS_THEY_ARE: Final = "%/?:@!$&'()*+,;=-._~[]"


@dataclass(frozen=True, slots=True)
class Url:
    """A checked address: only what is sent or connected to.

    `host` is a name in ASCII, lower case, without a trailing dot, or an IP address without
    brackets. `target` is path and query, at least `/`.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def literal(self) -> IPv4Address | IPv6Address | None:
        """The host as an IP address, if it is written as one."""
        if ":" in self.host:
            return IPv6Address(self.host)
        return IPv4Address(self.host) if _ends_in_number(self.host) else None

    @property
    def origin(self) -> str:
        """Scheme, host and port; the port only if it is not the default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _USUAL_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    def __str__(self) -> str:
        return self.origin + self.target


def checked_url(text: str) -> str:
    """Return the address in the one form that is fetched, without its fragment.

    Scheme and host are in lower case, international names in ASCII (UTS #46), the default port is
    removed, the path is at least `/`, and blanks and non-ASCII characters in path and query are
    percent-encoded. This is cheap and uses no network: an address that passes may still be refused
    once its host is looked up.

    Raises UrlRefused saying what is wrong.
    """
    return str(parse_url(text))


def parse_url(text: str) -> Url:
    """Return the parts of an address; raises UrlRefused saying what is wrong."""
    text = text.strip(" ")
    if len(text) > LONGEST_URL:
        raise UrlRefused(f"The address is longer than {LONGEST_URL} characters")
    if any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 for sign in text):
        raise UrlRefused("The address contains a control character, such as a line break")
    match = _URL.fullmatch(text)
    if match is None:
        raise _incomplete(text)
    scheme = match["scheme"].lower()
    if scheme not in _USUAL_PORTS:
        meant = nearest(scheme, _USUAL_PORTS)
        whole = None if meant is None else f"{meant}{text[len(scheme) :]}"
        raise _meant("The address has to begin with https:// or http://", whole)
    host, port = _authority(match["authority"])
    return Url(scheme, host, port or _USUAL_PORTS[scheme], _target(match["rest"]))


def _incomplete(text: str) -> UrlRefused:
    whole = completed(text)
    if whole is not None:
        return _meant("The address does not begin with https://", whole)
    return UrlRefused("The address has to begin like https://example.com/page")


def _meant(fault: str, whole: str | None) -> UrlRefused:
    if whole is None or len(whole) > _LONGEST_SHOWN:
        return UrlRefused(fault)
    return UrlRefused(f"{fault}; did you mean {whole}?", suggestion=whole)


def completed(text: str) -> str | None:
    """Return what was probably meant by an address without its scheme, such as `example.com`.

    None if the text names no host of the public web, with or without a path.
    """
    text = text.strip()
    if _BARE.fullmatch(text) is None:
        return None
    try:
        url = parse_url(f"https://{text}")
    except UrlRefused:
        return None
    # A bare name stays as people write it, without the slash.
    return url.origin if url.target == "/" else str(url)


def follow(base: Url, location: str) -> Url:
    """Return where a redirect of `base` leads; raises UrlRefused as `parse_url` does."""
    # Bytes of a header that are not UTF-8 arrive as lone surrogates (PEP 383), one each.
    location = re.sub(r"[\udc80-\udcff]", lambda sign: f"%{ord(sign[0]) & 0xFF:02X}", location)
    location = location.strip(" ")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", location):
        return parse_url(location)
    if location.startswith(("//", "\\", "/\\")):
        # `//host` names another host; with backslashes, only some programs think so.
        return parse_url(f"{base.scheme}:{location}")
    try:
        return parse_url(urljoin(str(base), location))
    except ValueError as error:
        raise UrlRefused("The address redirects to something that is not an address") from error


def _authority(text: str) -> tuple[str, int | None]:
    if "@" in text:
        raise UrlRefused("The address contains a user name or password; leave them out")
    match = _AUTHORITY.fullmatch(text)
    if match is None or not match["host"]:
        raise UrlRefused("The address needs a host, and at most one port, as in example.com:8080")
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 1 <= port <= 65535:
        raise UrlRefused("The port of the address has to be a number from 1 to 65535")
    host = match["host"]
    return (_ipv6(host[1:-1]) if host.startswith("[") else _name(host)), port


def _ipv6(text: str) -> str:
    if "%" in text:
        raise UrlRefused("The address names a network interface (%); such hosts are not fetched")
    try:
        return IPv6Address(text).compressed
    except AddressValueError as error:
        raise UrlRefused("The part in brackets is not an IPv6 address") from error


def _name(text: str) -> str:
    if "%" in text or "\\" in text:
        raise UrlRefused("The host contains a percent sign or a backslash; write it without them")
    host = _ascii(text).removesuffix(".")
    if _ends_in_number(host):
        return _ipv4(host)
    labels = host.split(".")
    if len(host) > _LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise UrlRefused("The host of the address is not a valid host name")
    return host


def _ends_in_number(host: str) -> bool:
    return _NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def _ipv4(host: str) -> str:
    try:
        return str(IPv4Address(host))
    except AddressValueError as error:
        raise UrlRefused(
            "The host is a number; write the address as four decimal numbers, as in 192.0.2.1"
        ) from error


def _ascii(text: str) -> str:
    """Return the name as it is looked up.

    As in browsers: the table of UTS #46, without the stricter rules of IDNA 2008, which exclude
    symbols although names with symbols exist.
    """
    if len(text) > 4 * _LONGEST_HOST:
        raise UrlRefused("The host of the address is longer than a host name can be")
    try:
        mapped = idna.uts46_remap(text, std3_rules=False)
        return ".".join(
            label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"
            for label in mapped.split(".")
        )
    except (idna.IDNAError, UnicodeError) as error:
        raise UrlRefused("The host of the address has characters that no name can have") from error


def _target(rest: str) -> str:
    if not rest.startswith("/"):
        rest = f"/{rest}"
    rest = rest.removesuffix("?") if rest.count("?") == 1 else rest  # Drop an empty query.
    try:
        return quote(rest, safe=_SENT_AS_THEY_ARE)
    except UnicodeEncodeError as error:
        raise UrlRefused("The address contains characters that are not text") from error
