"""What an installation allows, and therefore to which addresses each purpose may connect."""

import errno
import socket
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from ipaddress import IPv4Network, IPv6Network, ip_address
from types import MappingProxyType
from typing import Final, Self

import structlog

from answerdesk.core.outbound.addresses import Address, is_allowed, refusal
from answerdesk.core.outbound.errors import AddressRefused, OutboundError, UrlRefused
from answerdesk.core.outbound.types import Purpose
from answerdesk.core.settings import Settings

USER_AGENT_TOKEN: Final = "Answerdesk"  # noqa: S105  # Our name in robots.txt.

DEFAULT_PORTS: Final = frozenset({80, 443, 8080, 8443})
"""The usual ports of websites. An allow-listed address may be reached at any port."""

SETTINGS: Final[Mapping[Purpose, str]] = MappingProxyType(
    {
        "pages": "ANSWERDESK_PAGE_NETWORKS",
        "webhooks": "ANSWERDESK_WEBHOOK_NETWORKS",
        "providers": "ANSWERDESK_PROVIDER_NETWORKS",
        "actions": "ANSWERDESK_ACTION_NETWORKS",
    }
)
"""The setting that allows a private network, by purpose."""

Networks = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class OutboundPolicy:
    """What is allowed beyond public addresses, and the time limit of each step in seconds."""

    networks: Mapping[Purpose, Networks] = field(default_factory=dict)
    ports: frozenset[int] = DEFAULT_PORTS
    connect_seconds: float = 10.0
    header_seconds: float = 20.0
    contact: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the policy that the operator's settings describe."""
        return cls(
            networks={
                "pages": settings.page_networks,
                "webhooks": settings.webhook_networks,
                "providers": settings.provider_networks,
                "actions": settings.action_networks,
            },
            contact=settings.public_url,
        )

    @property
    def user_agent(self) -> str:
        """Our name for the logs of the sites that we fetch from."""
        contact = f" (+{self.contact})" if self.contact and self.contact.isascii() else ""
        return f"{USER_AGENT_TOKEN}/{_version()}{contact}"


@cache
def _version() -> str:
    return version("answerdesk")  # Read from a file.


_log = structlog.get_logger(__name__)

refused_sockets: ContextVar[list[OutboundError] | None] = ContextVar("refused", default=None)
"""Where the socket guard leaves its reason during a fetch.

The library that opens connections knows only `OSError`, and merges several into one.
"""


class Guard:
    """Judges addresses for one purpose, following the operator's policy."""

    def __init__(self, policy: OutboundPolicy, purpose: Purpose) -> None:
        self._networks = policy.networks.get(purpose, ())
        self._ports = policy.ports
        self._purpose = purpose

    def permitted(self, host: str, addresses: Iterable[Address], port: int) -> list[Address]:
        """Return those of a host's addresses that may be connected to at this port.

        Bad addresses among good ones are dropped: some networks add translated addresses of their
        own (DNS64) to every name. Raises AddressRefused or UrlRefused if none is left.
        """
        good: list[Address] = []
        fault: OutboundError | None = None
        for address in addresses:
            wrong = self.fault(host, address, port)
            if wrong is None:
                good.append(address)
            else:
                fault = fault or wrong
        if not good and fault is not None:
            raise fault
        return good

    def fault(self, host: str, address: Address, port: int) -> OutboundError | None:
        """Return the error for connecting to this address at this port, if it is not permitted."""
        reason = refusal(address, self._networks)
        if reason is not None:
            # People only learn the kind: a name's private address is the operator's business.
            _log.info(
                "address_refused", purpose=self._purpose, host=host, address=str(address), port=port
            )
            return AddressRefused(
                f"No request is sent to {host}: its address belongs to {reason}. The operator of "
                f"this installation can allow it with {SETTINGS[self._purpose]}"
            )
        if port not in self._ports and not is_allowed(address, self._networks):
            ports = ", ".join(str(number) for number in sorted(self._ports))
            return UrlRefused(
                f"No request is sent to port {port} of {host}; public hosts are reached at "
                f"{ports}. The operator of this installation can allow it with "
                f"{SETTINGS[self._purpose]}"
            )
        return None

    def require_socket(self, info: tuple[object, ...]) -> None:
        """Raise OSError unless a socket may be opened to this, as `getaddrinfo` describes it.

        This last check sees the very address that is connected to, including literal addresses,
        which are never looked up, and look-ups whose result has changed.
        """
        family, *_, where = info
        fault: OutboundError | None
        if family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(where, tuple):
            fault = AddressRefused("Hosts can be reached only by TCP over IPv4 or IPv6")
        else:
            text = str(where[0])
            fault = self.fault(text, ip_address(text), int(where[1]))
        if fault is not None:
            reasons = refused_sockets.get()
            if reasons is not None:
                reasons.append(fault)
            raise PermissionError(errno.EACCES, fault.message)
