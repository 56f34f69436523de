"""A language model without a model: a process on loopback that speaks OpenAI's wire at a set pace.

    python -m benchmarks.speed.stub_model

It prints its port. Each answer is what the first passages say, 60 tokens of it, with the numbers of
the passages. It shares the cores with the server that is measured, so it costs as little as it can:
one timer and one write a token, no parser of HTTP, connections that stay open.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, cast

import psutil
import uvloop

from answerdesk.kit.sentences import sentences

FIRST_TOKEN_SECONDS: Final = 0.05
TOKEN_SECONDS: Final = 0.01
TOKENS: Final = 60
OPENING: Final = "Indeed,"
"""The first token of each answer, by which clients tell it from one without a model."""

_TOKEN: Final = re.compile(r"\s*(?:\[\d\]|\S{1,6})")
_PASSAGE: Final = re.compile(r"^\[\d\] .*\n(.+?)\n</passage>", re.MULTILINE | re.DOTALL)
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END_OF_HEAD: Final = b"\r\n\r\n"
_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class StubModel:
    """A running model: its base address, and its process."""

    url: str
    process: psutil.Process


@contextmanager
def stub_model() -> Iterator[StubModel]:
    """Run the model in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.speed.stub_model"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            port = int(child.stdout.readline())
            yield StubModel(f"http://127.0.0.1:{port}/v1", psutil.Process(child.pid))
        finally:
            child.terminate()


def tokens_of(asked: bytes) -> list[str]:
    """Return the answer to a request: what its passages say, each sentence with its number."""
    turns = json.loads(asked)["messages"]
    said = [OPENING]
    for number, passage in enumerate(_PASSAGE.findall(turns[0]["content"]), 1):
        for one in sentences(passage, "en"):
            said += _TOKEN.findall(f" {passage[one.start : one.end].strip()} [{number}]")
    return said[:TOKENS]


class _Connection(asyncio.Protocol):
    """Answers one request after the other."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._transport: asyncio.WriteTransport | None = None
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of it.
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = bytes(self._received).partition(_END_OF_HEAD)
        length = _LENGTH.search(head)
        if not found or length is None or len(body) < int(length[1]):
            return
        self._received.clear()
        pieces = [_event({"choices": [_choice(token)]}) for token in tokens_of(body)]
        began = self._loop.time()
        self._loop.call_at(began + FIRST_TOKEN_SECONDS, self._say, pieces, 0, began)

    def _say(self, pieces: list[bytes], place: int, began: float) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        last = place + 1 == len(pieces)
        piece = pieces[place] if place else _HEAD + pieces[place]
        transport.write(piece + _ending(len(pieces)) if last else piece)
        if not last:
            due = began + FIRST_TOKEN_SECONDS + (place + 1) * TOKEN_SECONDS
            self._loop.call_at(due, self._say, pieces, place + 1, began)


def _choice(token: str | None) -> dict[str, object]:
    delta = {} if token is None else {"content": token}
    return {"index": 0, "delta": delta, "finish_reason": "stop" if token is None else None}


def _event(fields: dict[str, object]) -> bytes:
    body = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "stub", **fields}
    return _chunked(b"data: " + json.dumps(body, separators=(",", ":")).encode() + b"\n\n")


def _chunked(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _ending(written: int) -> bytes:
    usage = {"prompt_tokens": 1000, "completion_tokens": written, "total_tokens": 1000 + written}
    return b"".join(
        [
            _event({"choices": [_choice(None)]}),
            _event({"choices": [], "usage": usage}),
            _chunked(b"data: [DONE]\n\n"),
            b"0\r\n\r\n",
        ]
    )


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve())
