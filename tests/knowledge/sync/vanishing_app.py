"""The application in a world whose names a test gives and takes away, in a file."""

import json
import os
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from fastapi import FastAPI

from answerdesk.core.outbound import HostUnknown, Outbound, OutboundPolicy, Unreachable
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.asgi import create_app

NAMES = "VANISHING_NAMES"
"""The file: the address of each host by its name, null where no name server answers."""


def create_vanishing_app() -> FastAPI:
    """Return the whole application, as uvicorn's factory."""
    return create_app(make_outbound=_make_outbound)


def _make_outbound(settings: Settings) -> Outbound:
    return Outbound(OutboundPolicy.of(settings), resolver=_FileResolver())


def _names() -> dict[str, str | None]:
    names: dict[str, str | None] = json.loads(Path(os.environ[NAMES]).read_text(encoding="utf-8"))
    return names


class _FileResolver:
    async def resolve(self, host: str) -> Sequence[IPv4Address | IPv6Address]:
        names = _names()
        if host not in names:
            raise HostUnknown(host)
        address = names[host]
        if address is None:
            raise Unreachable(f"{host}: its address could not be looked up")
        return [ip_address(address)]

    async def close(self) -> None:
        """Hold nothing."""
