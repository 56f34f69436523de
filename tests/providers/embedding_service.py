"""A service on loopback that speaks OpenAI's embeddings wire, and misbehaves as it is told to."""

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import pytest

from answerdesk.core.errors import Unavailable
from answerdesk.core.outbound import Outbound, OutboundPolicy
from answerdesk.providers.embedder import Passage
from answerdesk.providers.fake_embedder import FakeEmbedder
from answerdesk.providers.openai_embedder import OpenAiEmbedder

KEY = "sk-of-a-test"  # The service asks for it; it opens nothing.
MODEL = "words-in-a-bag"

Answer = dict[str, Any]


@dataclass
class Told:
    """An answer to give instead of vectors."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"error": {"message": "as told"}}'


class EmbeddingsServer:
    """Gives the fake embedder's vectors over HTTP.

    `asked` has the texts of each request that was let through. What is in `told` is answered first,
    one a request; `spoil` changes a good answer before it is sent. Texts of more than
    `longest` characters are refused as real services do it.
    """

    def __init__(self, *, dimensions: int = 96) -> None:
        self.asked: list[list[str]] = []
        self.requests = 0
        self.told: list[Told] = []
        self.always: Told | None = None
        self.spoil: Callable[[Answer], Any] | None = None
        self.longest = 100_000
        self.dimensions = dimensions
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                service._answer(self)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
                del format, arguments

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """End the server; connections are refused from then on."""
        self._server.shutdown()
        self._server.server_close()

    def reset(self) -> None:
        """Behave well again, and forget what was asked."""
        self.asked.clear()
        self.told.clear()
        self.requests = 0
        self.always = self.spoil = None
        self.longest = 100_000

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.requests += 1
        told = self.told.pop(0) if self.told else self.always
        if told is None:
            told = self._vectors(handler.path, handler.headers.get("Authorization"), body)
        handler.send_response(told.status)
        for name, value in {"Content-Type": "application/json", **told.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(told.body)))
        handler.end_headers()
        handler.wfile.write(told.body)

    def _vectors(self, path: str, authorization: str | None, body: bytes) -> Told:
        asked = json.loads(body)
        if path != "/v1/embeddings" or asked["model"] != MODEL:
            return Told(404)
        if authorization != f"Bearer {KEY}":
            return Told(401)
        texts = asked["input"]
        if not 0 < len(texts) <= 2048 or not all(
            isinstance(text, str) and 0 < len(text) <= self.longest for text in texts
        ):
            return Told(400)
        self.asked.append(texts)
        fake = FakeEmbedder(dimensions=asked.get("dimensions", self.dimensions))
        questions = asyncio.run(fake.embed_questions(texts))
        data = [
            # Not of unit length: not every service's are.
            {"object": "embedding", "index": index, "embedding": (one.vector * 3).tolist()}
            for index, one in enumerate(questions)
        ]
        answer: Any = {"object": "list", "data": data, "model": MODEL}
        if self.spoil is not None:
            answer = self.spoil(answer)
        return Told(200, body=json.dumps(answer).encode())


def loopback_outbound() -> Outbound:
    """Return a guarded client whose operator has allowed services on this machine."""
    return Outbound(OutboundPolicy(networks={"providers": (ip_network("127.0.0.0/8"),)}))


async def expect_refusal(embedder: OpenAiEmbedder, code: str) -> str:
    """Hold that passages are refused with this code; returns the message."""
    with pytest.raises(Unavailable) as raised:
        await embedder.embed_passages([Passage("Parcels leave on weekdays.", ())])
    assert raised.value.code == code
    return raised.value.message
