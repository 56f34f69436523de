"""Lists of networks, as an operator writes them."""

from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import PlainValidator
from pydantic_settings import NoDecode


def _networks(given: object) -> tuple[IPv4Network | IPv6Network, ...]:
    parts = given.split(",") if isinstance(given, str) else given
    if not isinstance(parts, Iterable):
        msg = "has to be a list of networks"
        raise ValueError(msg)  # noqa: TRY004  # Pydantic hands on this kind only.
    return tuple(_network(text) for part in parts if (text := str(part).strip()))


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        msg = f"{text!r} is neither an address nor a network, such as 192.0.2.7 or 10.0.0.0/8"
        with suppress(ValueError):
            whole = ip_network(text, strict=False)
            msg = f"{text!r} has more digits than its network; did you mean {whole}?"
        raise ValueError(msg) from error


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, PlainValidator(_networks)]
"""Addresses or networks (CIDR), separated by commas."""
