"""How responses are read from a connection: a fault behind the headers is the body's alone."""

import asyncio
import re
from functools import partial
from typing import Any, Final

from aiohttp import ClientPayloadError, StreamReader, TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage

_END_OF_HEAD: Final = re.compile(rb"\n\r?\n")
_NO_CONTENT: Final = 204


class HeadFirstConnector(TCPConnector):
    """A connector that hands a response on as soon as its headers have arrived.

    The library parses at once what arrives at once. A fault in the body, such as one of a response
    that has none (204), would else lose the headers, depending on how the network cuts it.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # The library's options.
        super().__init__(**options)
        make: type[ResponseHandler] = _HeadFirst
        self._factory = partial(make, loop=self._loop)


class _HeadFirst(ResponseHandler):
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._has_head = False
        self._before = b""

    def set_response_params(self, **options: Any) -> None:  # noqa: ANN401  # As above.
        """Begin to read a response."""
        self._has_head, self._before = False, b""
        super().set_response_params(**options)

    def data_received(self, data: bytes) -> None:
        """Parse the headers and what follows them one after the other."""
        end = 0 if self._has_head else self._end_of_head(data)
        if 0 < end < len(data):
            super().data_received(data[:end])
            if self.exception() is not None:
                return
            data = data[end:]
        super().data_received(data)
        fault, body = self.exception(), self._payload
        if fault is not None and body is not None and not body.is_eof():
            # Its reader would wait for the rest until the time is over.
            body.set_exception(ClientPayloadError("The body is not HTTP"), fault)

    def _end_of_head(self, data: bytes) -> int:
        """Return where a blank line ends in `data`, perhaps one that has begun before; else 0."""
        found = _END_OF_HEAD.search(self._before + data)
        end = 0 if found is None else found.end() - len(self._before)
        self._before = (self._before + data)[-2:]
        return end

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """Hand a response on."""
        message, _ = data
        self._has_head = message.code >= 200
        length = message.headers.get("Content-Length", "0")
        if message.code == _NO_CONTENT and (length != "0" or message.chunked):
            # The body that it announces would be taken for the next response.
            self.force_close()
        super().feed_data(data, size)
