"""A receiver of webhooks on a loopback address: keeps what it was sent, and answers as it is told.

Each path is a receiver of its own: `at` tells what it answers.
"""

import json
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.waiting import PATIENCE, attempts

Answer = Callable[["Request"], None]
"""Answers a request, or does something else to it."""


@dataclass(frozen=True)
class Received:
    """One request. `at` is by this machine's clock, which is the database's, too."""

    at: float
    path: str
    headers: Mapping[str, str]
    body: bytes
    port: int
    """The sender's, the same for all requests of a connection."""
    method: str = "POST"

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


def answer(status: int = 200, body: bytes = b"Thank you", **headers: str) -> Answer:
    """Answer with this; in the names of headers, `_` stands for a hyphen."""

    def tell(request: "Request") -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return tell


def late(seconds: float) -> Answer:
    """Answer after so many seconds."""

    def tell(request: "Request") -> None:
        request.receiver.closing.wait(seconds)
        answer()(request)

    return tell


def silence(request: "Request") -> None:
    """Say nothing until the other side gives up."""
    request.connection.settimeout(PATIENCE)
    with suppress(OSError):
        request.connection.recv(1)
    request.close_connection = True


def hang_up(request: "Request") -> None:
    """Close the connection at once."""
    request.close_connection = True


def drip(request: "Request") -> None:
    """Begin an answer that never ends, a byte at a time."""
    request.send_response(200)
    request.send_header("content-length", "1000000")
    request.end_headers()
    _write_on(request, b"." * 20, 0.05)


def drip_headers(request: "Request") -> None:
    """Send the headers of an answer without end, a few bytes at a time."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    _write_on(request, b"x-more: 1\r\n", 0.2)


def huge(request: "Request") -> None:
    """Answer with a gigabyte."""
    request.send_response(200)
    request.send_header("content-length", str(1 << 30))
    request.end_headers()
    _write_on(request, b"a" * 65536, 0.0)


def huge_without_content(request: "Request") -> None:
    """Answer that there is no body, and send one without end."""
    request.send_response(204)
    request.end_headers()
    _write_on(request, b"a" * 65536, 0.0)


def _write_on(request: "Request", piece: bytes, pause: float) -> None:
    ends = time.monotonic() + PATIENCE
    request.close_connection = True
    with suppress(OSError):
        while time.monotonic() < ends and not request.receiver.closing.wait(pause):
            request.wfile.write(piece)
            request.receiver.written += len(piece)


@dataclass
class Receiver:
    """A running receiver. `answers` are those of each path: the last one is repeated."""

    url: str
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    written: int = 0
    """Bytes of answers without end that were sent."""

    def at(self, path: str, *answers: Answer) -> str:
        """Have requests to a path answered so, one after another; return its address."""
        self.answers[path] = list(answers)
        return self.url + path

    def of(self, path: str) -> list[Received]:
        """Return what a path was sent so far, oldest first."""
        return [one for one in list(self.received) if one.path == path]

    def wait_for(self, path: str, count: int = 1, seconds: float = PATIENCE) -> list[Received]:
        """Wait until a path was sent so many requests; return all of them."""
        for _ in attempts(seconds):
            if len(self.of(path)) >= count:
                return self.of(path)
        raise AssertionError(f"{path} was sent {len(self.of(path))} of {count}")

    def by_id(self, path: str) -> Mapping[str, list[Received]]:
        """Return what a path was sent, by webhook-id."""
        found: defaultdict[str, list[Received]] = defaultdict(list)
        for one in self.of(path):
            found[one.id].append(one)
        return found

    def next_answer(self, path: str) -> Answer:
        wanted = self.answers.get(path) or [answer()]
        return wanted.pop(0) if len(wanted) > 1 else wanted[0]


class Request(BaseHTTPRequestHandler):
    """A request that a receiver answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"] or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.received.append(
            Received(time.time(), self.path, headers, body, self.client_address[1], self.command)
        )
        self.receiver.next_answer(self.path)(self)

    do_GET = do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815  # The library's names.

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Say nothing about clients that hang up."""


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Receive until the block ends."""
    receiver = Receiver("")
    handler = type("Request", (Request,), {"receiver": receiver})
    server = _Server(("127.0.0.1", 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield receiver
    finally:
        receiver.closing.set()
        server.shutdown()
        server.server_close()
