"""A real HTTP server on loopback whose pages a test sets, changes and breaks."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from tests.websites.answers import Answer, Request, is_known, validators

HTML = "text/html; charset=utf-8"
_LOG_IN = """<!doctype html><html lang="en"><head><title>Log in</title></head><body><main>
<h1>Log in</h1><form method="post"><label>E-mail <input name="email"></label>
<label>Password <input type="password" name="password"></label><button>Log in</button></form>
</main></body></html>"""
_MAINTENANCE = """<!doctype html><html lang="en"><head><title>Down for maintenance</title></head>
<body><main><h1>We will be back soon</h1><p>The site is down for maintenance.</p></main></body>
</html>"""


class Website:
    """A website at `url`; a context manager.

    Pages have an ETag made of their content unless told otherwise, and are answered with 304 where
    the request names it. What is not set is a 404. A query that is not set as such gets the page
    without it, as with most servers. `requests` logs what was asked.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.answers: dict[str, Answer] = {}
        self.everywhere: Callable[[Request], Answer | None] | None = None
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self._open()

    @property
    def url(self) -> str:
        """The site's origin, without a slash at its end."""
        return f"http://{self.host}:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # What is where

    def set(
        self,
        path: str,
        body: str | bytes,
        *,
        status: int = 200,
        media_type: str = HTML,
        headers: Mapping[str, str] | None = None,
        etag: bool = True,
        last_modified: datetime | None = None,
        delay: float = 0.0,
    ) -> None:
        """Put a page at a path, in place of what was there."""
        content = body.encode() if isinstance(body, str) else body
        fields = {"Content-Type": media_type}
        if etag and status == 200:
            fields["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if last_modified is not None:
            fields["Last-Modified"] = format_datetime(last_modified, usegmt=True)
        self.answer(path, Answer(content, status, {**fields, **(headers or {})}, delay))

    def answer(self, path: str, answer: Answer) -> None:
        """Give exactly this answer at a path."""
        with self._lock:
            self.answers[path] = answer

    def remove(self, *paths: str) -> None:
        """Take pages away: they are 404 from now on."""
        with self._lock:
            for path in paths:
                del self.answers[path]

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Let a path lead elsewhere."""
        self.answer(path, Answer(b"", status, {"Location": to}))

    def put(self, pages: Mapping[str, str]) -> None:
        """Put many HTML pages at their paths."""
        for path, html in pages.items():
            self.set(path, html)

    # What the site says about itself

    def robots(self, text: str, *, status: int = 200) -> None:
        """Publish a robots.txt."""
        self.set("/robots.txt", text, status=status, media_type="text/plain; charset=utf-8")

    def sitemap(self, paths: Iterable[str], *, at: str = "/sitemap.xml") -> None:
        """Publish a sitemap of these paths."""
        rows = "\n".join(f"<url><loc>{self._address(p)}</loc></url>" for p in paths)
        self.set(at, _xml("urlset", rows), media_type="application/xml")

    def sitemap_index(self, paths: Iterable[str], *, at: str = "/sitemap.xml") -> None:
        """Publish an index of sitemaps at these paths."""
        rows = "\n".join(f"<sitemap><loc>{self._address(p)}</loc></sitemap>" for p in paths)
        self.set(at, _xml("sitemapindex", rows), media_type="application/xml")

    def _address(self, path: str) -> str:
        return escape(path if "://" in path else self.url + quote(path, safe="/?&=%+-._~"))

    # Modes of the whole site; each holds until `recover`

    def fail(self, status: int = 500, *, retry_after: int | None = None) -> None:
        """Answer every request with an error."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self.everywhere = lambda _: Answer(b"<h1>Internal error</h1>", status, headers)

    def say_everywhere(self, html: str, *, status: int = 200) -> None:
        """Give the same page for every address."""
        self.everywhere = lambda _: Answer(html.encode(), status, {"Content-Type": HTML})

    def wall_off(self, *, redirect: bool = False) -> None:
        """Ask everybody to log in, with a page or by a redirect to /login."""
        if not redirect:
            self.say_everywhere(_LOG_IN)
            return

        def guard(request: Request) -> Answer:
            path = urlsplit(request.path).path
            if path == "/login":
                return Answer(_LOG_IN.encode(), 200, {"Content-Type": HTML})
            return Answer(b"", 302, {"Location": f"/login?next={quote(request.path)}"})

        self.everywhere = guard

    def maintain(self) -> None:
        """Show a maintenance page with status 200 for every address."""
        self.say_everywhere(_MAINTENANCE)

    def soft_404(self, html: str) -> None:
        """Show this page, with status 200, for what is not set."""

        def show(request: Request) -> Answer | None:
            known = self._found(request.path) is not None or request.path == "/robots.txt"
            return None if known else Answer(html.encode(), 200, {"Content-Type": HTML})

        self.everywhere = show

    def recover(self) -> None:
        """End the mode; the pages are as they were."""
        self.everywhere = None
        if self._server is None:
            self._open()

    def disconnect(self) -> None:
        """Refuse connections from now on; `recover` listens on the same port again."""
        self.close()

    # What was asked

    def forget_requests(self) -> None:
        """Begin a new log."""
        with self._lock:
            self.requests.clear()

    def asked(self, method: str = "GET") -> list[str]:
        """Return the paths that were asked for, in order."""
        with self._lock:
            return [request.path for request in self.requests if request.method == method]

    # The server

    def _open(self) -> None:
        self._ending.clear()
        site = self

        class Handler(_Handler):
            website = site

        ThreadingHTTPServer.request_queue_size = 128
        self._server = ThreadingHTTPServer((self.host, self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """End the server; may be repeated."""
        self._ending.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def respond(self, request: Request) -> Answer:
        """Log a request and return its answer, after its delay."""
        with self._lock:
            self.requests.append(request)
        answer = (self.everywhere(request) if self.everywhere else None) or self._page(request)
        if answer.delay:
            self._ending.wait(answer.delay)
        return answer

    def _page(self, request: Request) -> Answer:
        answer = self._found(request.path)
        if answer is None:
            return Answer(b"<h1>Not found</h1>", 404, {"Content-Type": HTML})
        return Answer(b"", 304, validators(answer)) if is_known(answer, request) else answer

    def _found(self, path: str) -> Answer | None:
        with self._lock:
            return self.answers.get(path) or self.answers.get(path.partition("?")[0])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    website: Website

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, time.monotonic())
        answer = self.website.respond(request)
        try:
            self._send(answer)
        except OSError:
            self.close_connection = True  # The other side did not wait.

    do_HEAD = do_GET  # noqa: N815  # The base's name.

    def _send(self, answer: Answer) -> None:
        if answer.raw is not None:
            self.wfile.write(answer.raw)
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # The base's name.
        """Write nothing: `requests` has it."""


def _xml(root: str, rows: str) -> str:
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{namespace}">\n{rows}\n</{root}>'
    )
