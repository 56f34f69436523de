"""Listeners on loopback that count who connects, and sockets that tell where they would."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address

from aiohttp import AddrInfoType

_HOSTS = ("127.0.0.1", "127.0.0.2", "::1")
_PORTS = 3


class Listener:
    """Takes connections on loopback at several ports, says nothing, and counts them.

    The system takes a connection before anybody accepts it, so a look afterwards misses none.
    """

    def __init__(self, sockets: list[socket.socket]) -> None:
        self._sockets = sockets
        self.ports: list[int] = sorted({taken.getsockname()[1] for taken in sockets})
        self._seen = 0

    @property
    def port(self) -> int:
        """One of its ports."""
        return self.ports[0]

    @property
    def connections(self) -> int:
        """How many connections have been made so far."""
        for taken in self._sockets:
            while True:
                try:
                    connection, _ = taken.accept()
                except BlockingIOError:
                    break
                connection.close()
                self._seen += 1
        return self._seen


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen at the same ports of several loopback addresses."""
    with ExitStack() as stack:
        sockets: list[socket.socket] = []
        for _ in range(_PORTS):
            sockets += [stack.enter_context(taken) for taken in _at_one_port()]
        yield Listener(sockets)


def _at_one_port() -> list[socket.socket]:
    for _ in range(50):
        sockets: list[socket.socket] = []
        port = 0
        try:
            for host in _HOSTS:
                taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
                sockets.append(taken)
                taken.bind((host, port))
                taken.listen(64)
                taken.setblocking(False)
                port = taken.getsockname()[1]
        except OSError:
            for taken in sockets:
                taken.close()
        else:
            return sockets
    raise AssertionError("Found no port that is free at every loopback address")


class RecordingSockets:
    """Makes sockets to loopback, and notes every address that somebody wanted one for.

    Anything beyond is refused as if nobody answered, so that no test leaves this machine.
    """

    def __init__(self) -> None:
        self.wanted: list[tuple[str, int]] = []

    def __call__(self, info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, where = info
        host, port = str(where[0]), int(where[1])
        self.wanted.append((host, port))
        if not ip_address(host).is_loopback:
            raise ConnectionRefusedError(f"Nobody answers at {host} in this test")
        return socket.socket(family, kind, protocol)
