"""Which addresses one purpose connects to: asked of each name's answers and of each socket."""

import errno
import socket
from collections.abc import Iterable
from contextvars import ContextVar
from ipaddress import ip_address

import structlog

from answerdesk.core.outbound.addresses import Address, is_allowed, refusal
from answerdesk.core.outbound.errors import AddressRefused, OutboundError, UrlRefused
from answerdesk.core.outbound.policy import SETTINGS, OutboundPolicy
from answerdesk.core.outbound.types import Purpose

_log = structlog.get_logger(__name__)

refused_sockets: ContextVar[list[OutboundError] | None] = ContextVar("refused", default=None)
"""Where the socket's guard leaves its reason during a fetch.

The library that opens connections knows only `OSError`, and joins several into one.
"""


class Guard:
    """Judges addresses for one purpose, as the operator's policy has it."""

    def __init__(self, policy: OutboundPolicy, purpose: Purpose) -> None:
        self._networks = policy.networks.get(purpose, ())
        self._ports = policy.ports
        self._purpose = purpose

    def permitted(self, host: str, addresses: Iterable[Address], port: int) -> list[Address]:
        """Return those of a host's addresses that may be connected to at this port.

        An answer with good and bad addresses loses the bad ones: some networks add translated ones
        of their own (DNS64) to every name. Raises AddressRefused or UrlRefused when none is left.
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
        """Return the error for connecting to this address at this port, if it is one."""
        reason = refusal(address, self._networks)
        if reason is not None:
            # People learn the kind only: a name's private address is the operator's business.
            _log.info(
                "address_refused", purpose=self._purpose, host=host, address=str(address), port=port
            )
            return AddressRefused(
                f"Nothing is fetched from {host}: its address belongs to {reason}. The operator of "
                f"this installation can allow it with {SETTINGS[self._purpose]}"
            )
        if port not in self._ports and not is_allowed(address, self._networks):
            ports = ", ".join(str(number) for number in sorted(self._ports))
            return UrlRefused(
                f"Nothing is fetched from port {port} of {host}; public hosts are reached at "
                f"{ports}. The operator of this installation can allow it with "
                f"{SETTINGS[self._purpose]}"
            )
        return None

    def require_socket(self, info: tuple[object, ...]) -> None:
        """Raise OSError unless a socket may be opened to this, as `getaddrinfo` describes it.

        The last look, at the very address that is connected to: it also sees what was never looked
        up, and an answer that changed meanwhile.
        """
        family, *_, where = info
        fault: OutboundError | None
        if family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(where, tuple):
            fault = AddressRefused("Hosts are reached by TCP over IPv4 or IPv6 only")
        else:
            text = str(where[0])
            fault = self.fault(text, ip_address(text), int(where[1]))
        if fault is not None:
            reasons = refused_sockets.get()
            if reasons is not None:
                reasons.append(fault)
            raise PermissionError(errno.EACCES, fault.message)
