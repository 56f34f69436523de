"""A stream that a test follows in a thread of its own."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx

from tests.accounts.people import NOTHING_KEPT_OPEN
from tests.conftest import Server
from tests.inbox.live.model import View, parsed
from tests.waiting import PATIENCE

_OPEN: list["Following"] = []

Frame = tuple[str | None, str, dict[str, Any]]


class Following:
    """One open stream, and all that has come on it."""

    def __init__(
        self,
        server: Server,
        path: str,
        headers: dict[str, str],
        view: View | None = None,
        **params: Any,
    ) -> None:
        self.view = view
        self.frames: list[Frame] = []
        self.ended = False
        self.status = 0
        self._news = threading.Condition()
        self._client = httpx.Client(base_url=server.url, timeout=PATIENCE, limits=NOTHING_KEPT_OPEN)
        self._request = ("GET", path, headers, params)
        self._response: httpx.Response | None = None
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        _OPEN.append(self)

    @classmethod
    def of(cls, server: Server, client: httpx.Client, view: View | None = None) -> "Following":
        """Follow the inbox as `client`, from where the view is."""
        params = {} if view is None else {"cursor": view.cursor}
        headers = {"Authorization": client.headers["Authorization"]}
        return cls(server, "/v1/inbox/stream", headers, view, **params).begun()

    def _read(self) -> None:
        method, path, headers, params = self._request
        try:
            with self._client.stream(method, path, headers=headers, params=params) as response:
                self._response = response
                self.status = response.status_code
                waiting = ""
                for text in response.iter_text():
                    waiting += text
                    *blocks, waiting = waiting.split("\n\n")
                    for block in blocks:
                        self._take(block)
        except (httpx.HTTPError, RuntimeError):
            pass
        with self._news:
            self.ended = True
            self._news.notify_all()

    def _take(self, block: str) -> None:
        found = parsed(block)
        if found is None:
            return
        with self._news:
            self.frames.append(found)
            if self.view is not None:
                self.view.apply(found[1], found[2], found[0])
            self._news.notify_all()

    def begun(self) -> "Following":
        """Wait until the first frame has come, or the end."""
        self.until(lambda: bool(self.frames) or self.ended)
        return self

    def until(self, holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something holds of what has come."""
        ends = time.monotonic() + seconds
        with self._news:
            while not holds():
                left = ends - time.monotonic()
                assert left > 0, f"not within {seconds} s: {self.frames[-5:]}"
                self._news.wait(min(left, 0.5))

    def first(self, event: str, **fields: Any) -> dict[str, Any]:
        """Wait for a frame with these data, and return it."""
        self.until(lambda: bool(self.all(event, **fields)))
        return self.all(event, **fields)[0]

    def all(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        """Return the data of all frames of a kind with these data that have come."""
        return [
            data
            for _, name, data in self.frames
            if name == event and all(data.get(key) == value for key, value in fields.items())
        ]

    @property
    def cursor(self) -> str | None:
        """The last id that has come."""
        return next((id_ for id_, _, _ in reversed(self.frames) if id_), None)

    def close(self) -> None:
        """Hang up."""
        if self._response is not None:
            stream: Any = self._response.extensions["network_stream"]
            sock = stream.get_extra_info("socket")
            if sock is not None:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=PATIENCE)


def all_closed() -> None:
    """Hang up whatever a test has left open."""
    while _OPEN:
        _OPEN.pop().close()
