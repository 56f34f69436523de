"""The sockets that `serve` listens on, or a clear word why there are none."""

import errno
import socket
from typing import Final

from answerdesk.core.errors import InvalidInput, Unavailable

_LOWEST_FREE_PORT: Final = 1024


def open_sockets(host: str, port: int) -> list[socket.socket]:
    """Bind `port` (0: any free one, the same for all) on every address of `host`.

    Raises InvalidInput for a host that this machine has not, Unavailable for a port in use.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise InvalidInput(
            f"There is no host named {host!r}. Take an address of this machine, such as 127.0.0.1, "
            "or 0.0.0.0 for all of them",
            code="host_unknown",
        ) from error
    sockets: list[socket.socket] = []
    try:
        for family, address in dict.fromkeys((one[0], one[4]) for one in found):
            chosen = sockets[0].getsockname()[1] if sockets else port
            sockets.append(_bind(family, str(address[0]), chosen))
    except OSError as error:
        for one in sockets:
            one.close()
        raise explained(error, host, port) from error
    return sockets


def _bind(family: int, address: str, port: int) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind((address, port))
        bound.setblocking(False)
    except OSError:
        bound.close()
        raise
    return bound


def explained(error: OSError, host: str, port: int) -> InvalidInput | Unavailable:
    """Return the error that tells a person why `port` of `host` cannot be listened on."""
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return Unavailable(
            f"Port {port} of {host} is in use. Stop what listens there, or take another port: "
            f"answerdesk serve --port {other} (or PORT={other})",
            code="port_in_use",
        )
    if error.errno == errno.EACCES and port < _LOWEST_FREE_PORT:
        return Unavailable(
            f"Port {port} needs more rights than this user has; take one from 1024 on: "
            "answerdesk serve --port 8000",
            code="port_forbidden",
        )
    return InvalidInput(
        f"Port {port} of {host} cannot be listened on: {error.strerror}", code="host_unusable"
    )
