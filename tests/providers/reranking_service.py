"""A service on loopback that speaks both `/rerank` APIs, and misbehaves as it is told to."""

import asyncio
import json
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from answerdesk.providers.fake_reranker import FakeReranker

KEY = "rk-of-a-test"  # The service asks for it; it opens nothing.
MODEL = "words-in-common"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet about a client that gave up waiting, as some of the tests let it."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@dataclass
class RerankServer:
    """Gives the fake reranker's scores over HTTP; `told` (status, body) is answered instead.

    `asked` has the body of each request.
    """

    told: tuple[int, bytes] | None = None
    seconds: float = 0.0
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = service._answer(self.path, self.headers.get("Authorization"), body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
                del format, arguments

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """End the server; connections are refused from then on."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, path: str, authorization: str | None, body: bytes) -> tuple[int, bytes]:
        asked = json.loads(body)
        self.asked.append(asked)
        self.keys.append(authorization)
        time.sleep(self.seconds)
        if self.told is not None:
            return self.told
        if path == "/v1/rerank" and authorization != f"Bearer {KEY}":
            return 401, b'{"message": "no such key"}'
        texts = asked["documents"] if path == "/v1/rerank" else asked["texts"]
        if path not in ("/v1/rerank", "/rerank") or not all(texts):
            return 422, b"{}"
        scores = asyncio.run(FakeReranker().rerank(asked["query"], texts))
        ordered = sorted(enumerate(scores), key=lambda pair: -pair[1])
        answer: Any = [{"index": index, "score": score} for index, score in ordered]
        if path == "/v1/rerank":
            results = [{"index": index, "relevance_score": score} for index, score in ordered]
            answer = {"id": "r1", "results": results[: asked["top_n"]]}
        return 200, json.dumps(answer).encode()
