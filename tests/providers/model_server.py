"""A server on loopback that speaks OpenAI's chat wire as llama.cpp's does, right or wrong."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from answerdesk.core.outbound import Outbound, OutboundPolicy

KEY = "sk-of-a-test"  # The server asks for it; it opens nothing.
MODEL = "words-in-a-row"
CHAT = "/v1/chat/completions"
WORDS = ("The ", "small ", "plan ", "costs ", "nothing.")

Write = Callable[[bytes], Awaitable[None]]
Behaviour = Callable[[dict[str, Any], Write], Awaitable[None]]


def head(status: int = 200, kind: str = "text/event-stream", *more: str) -> bytes:
    """Return the head of a response that ends when the connection does."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Type: {kind}", "Connection: close", *more]
    return "\r\n".join([*lines, "", ""]).encode()


def chunk(delta: dict[str, Any] | None = None, **fields: Any) -> bytes:
    """Return one event of a stream."""
    choice = {"index": 0, "delta": delta or {}, "finish_reason": fields.pop("reason", None)}
    body = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice], **fields}
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


def usage(asked: int, written: int) -> bytes:
    """Return the event that tells what an answer cost, which has no choices."""
    body = {"choices": [], "usage": {"prompt_tokens": asked, "completion_tokens": written}}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


def refusing(status: int, code: str = "as_told", *more: str) -> Behaviour:
    """Refuse with a status, as the service words it."""

    async def refuse(_: dict[str, Any], write: Write) -> None:
        error = {"error": {"message": f"no: {KEY}", "code": code}}
        await write(head(status, "application/json", *more) + json.dumps(error).encode())

    return refuse


def saying(*pieces: bytes, pause: float = 0.0) -> Behaviour:
    """Send exactly these bytes after a head."""

    async def say(_: dict[str, Any], write: Write) -> None:
        await write(head())
        for piece in pieces:
            await write(piece)
            await asyncio.sleep(pause)

    return say


async def well(asked: dict[str, Any], write: Write) -> None:
    """Answer in a few words, at most as many as asked for."""
    await write(head())
    words = WORDS[: asked.get("max_tokens", 100)]
    await write(chunk({"role": "assistant", "content": None}))
    for word in words:
        await write(chunk({"content": word}))
    await write(chunk(reason="stop" if len(words) == len(WORDS) else "length"))
    if asked.get("stream_options", {}).get("include_usage"):
        await write(usage(12, len(words)))
    await write(DONE)


@dataclass
class ModelServer:
    """A running server; `told` is how it answers the next requests, then it answers well."""

    port: int = 0
    models: set[str] = field(default_factory=lambda: {MODEL})
    told: list[Behaviour] = field(default_factory=list)
    always: Behaviour = well
    asked: list[dict[str, Any]] = field(default_factory=list)
    left: int = 0

    @property
    def url(self) -> str:
        """Its base address."""
        return f"http://127.0.0.1:{self.port}/v1"

    def tell(self, behaviours: Sequence[Behaviour]) -> None:
        """Answer the next requests like this."""
        self.told[:] = behaviours


@asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    """Serve until the block ends."""
    server = ModelServer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines[1:] if line)
            }
            body = json.loads(await reader.readexactly(int(headers["content-length"])))
            server.asked.append(body)
            if headers.get("authorization") != f"Bearer {KEY}":
                behaviour = refusing(401, "invalid_api_key")
            elif lines[0].split()[1] != CHAT or body["model"] not in server.models:
                behaviour = refusing(404, "model_not_found")
            else:
                behaviour = server.told.pop(0) if server.told else server.always
            await behaviour(body, write)
        except (ConnectionError, asyncio.IncompleteReadError):
            server.left += 1
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


def loopback_outbound() -> Outbound:
    """Return a guarded client whose operator has allowed models on this machine."""
    return Outbound(OutboundPolicy(networks={"providers": (ip_network("127.0.0.0/8"),)}))
