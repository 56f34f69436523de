"""The application in a world of tricky names, which notes whom it would connect to."""

import os
import socket
import sys
from ipaddress import ip_address, ip_network

from aiohttp import AddrInfoType
from fastapi import FastAPI

from answerdesk.core.outbound import FixedResolver, Outbound, OutboundPolicy
from answerdesk.core.outbound.addresses import refusal
from answerdesk.core.outbound.guard import DEFAULT_PORTS
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.asgi import create_app
from tests.core.outbound.tricky_names import NAMES

SITE = "127.0.0.3"
OPEN_PORTS = "TRICKY_OPEN_PORTS"
REACHED = "would connect to a private address:"


def create_tricky_app() -> FastAPI:
    """Return the whole application, as uvicorn's factory."""
    return create_app(make_outbound=_make_outbound)


def _make_outbound(_settings: Settings) -> Outbound:
    ports = {int(port) for port in os.environ[OPEN_PORTS].split(",")}
    policy = OutboundPolicy(
        networks={"pages": (ip_network(SITE),)}, ports=DEFAULT_PORTS | ports, connect_seconds=2
    )
    return Outbound(policy, resolver=FixedResolver(NAMES), open_socket=_open_socket)


def _open_socket(info: AddrInfoType) -> socket.socket:
    """Connect within this machine; say so where that should not have come about."""
    family, kind, protocol, _, where = info
    address = ip_address(str(where[0]))
    if str(address) != SITE and refusal(address) is not None:
        sys.stderr.write(f"{REACHED} {where}\n")
    if not address.is_loopback:
        raise ConnectionRefusedError("Nobody answers there in a test")
    return socket.socket(family, kind, protocol)
