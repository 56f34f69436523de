"""The client itself: one request with its redirects, bounded in every respect."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientResponse, ClientSession
from yarl import URL

from answerdesk.core.outbound.connecting import (
    USUAL_CONNECTIONS,
    Connections,
    OpenSocket,
    Resolver,
    SystemResolver,
    guarded_session,
    open_socket,
)
from answerdesk.core.outbound.cookies import Cookies
from answerdesk.core.outbound.errors import (
    MediaTypeRefused,
    OutboundError,
    ResponseTooLarge,
    TooManyRedirects,
    Unreachable,
    UrlRefused,
)
from answerdesk.core.outbound.guard import Guard, OutboundPolicy, refused_sockets
from answerdesk.core.outbound.headers import SHARED, as_text, own_headers, require_sendable, takes
from answerdesk.core.outbound.streaming import OutboundStream, read_error
from answerdesk.core.outbound.translating import RAISED, timed_out, translated
from answerdesk.core.outbound.types import OutboundRequest, OutboundResponse, Purpose
from answerdesk.core.outbound.unpacking import ACCEPT_ENCODING, Unpacking, unpacking
from answerdesk.core.outbound.urls import Url, follow, parse_url

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Hop:
    """One request in a chain of redirects."""

    url: Url
    method: str
    headers: Mapping[str, str]
    body: bytes | None


def next_hop(purpose: Purpose, hop: Hop, status: int, location: str) -> Hop:
    """Return the next request; raises UrlRefused if the redirect is not followed.

    As in browsers (Fetch standard): 303, and 301 and 302 after a POST, continue with GET; 307 and
    308 repeat the request. Another origin gets nothing that could be secret: no body, and only
    headers that everybody may know. Redirects from https to http are followed only for pages, since
    some sites redirect there and straight back; page requests carry nothing secret.
    """
    url = follow(hop.url, location)
    if hop.url.scheme == "https" and url.scheme == "http" and purpose != "pages":
        raise UrlRefused(f"{hop.url.host} redirects from https to http, which is not followed")
    method, body, headers = hop.method, hop.body, dict(hop.headers)
    if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
        method, body = "GET", None
        headers = {
            name: value
            for name, value in headers.items()
            if not name.lower().startswith("content-")
        }
    if url.origin != hop.url.origin:
        if body is not None:
            raise UrlRefused(
                f"{hop.url.host} redirects to another host, to which the request is not repeated"
            )
        headers = {name: value for name, value in headers.items() if name.lower() in SHARED}
    return Hop(url, method, headers, body)


def cookie_header(cookies: Cookies | None, url: Url) -> Mapping[str, str]:
    """Return the header with the cookies for a request, if it has any."""
    sent = None if cookies is None else cookies.sent_to(url)
    return {} if sent is None else {"Cookie": sent}


# Deliveries are limited by endpoint. A limit by host as well would let a silent receiver hold up
# another at the same host, whose requests would time out while they wait for a connection. Actions
# are called while visitors wait: one account's silent server must not hold up another's.
_CONNECTIONS: Final[Mapping[Purpose, Connections]] = {
    "webhooks": Connections(0, 0),
    "actions": Connections(per_host=32, together=0),
    # One connection for each answer that a model is writing.
    "providers": Connections(per_host=256, together=0),
}


class Outbound:
    """Makes every fetch of this process; one per process, closed at its end.

    `resolver`, `open_socket` and `tls` are for tests, and for other certificate stores.
    """

    def __init__(
        self,
        policy: OutboundPolicy,
        *,
        resolver: Resolver | None = None,
        open_socket: OpenSocket = open_socket,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.policy = policy
        self._resolver = resolver or SystemResolver()
        self._open_socket = open_socket
        self._tls = tls
        self._sessions: dict[Purpose, ClientSession] = {}
        self._guards: dict[Purpose, Guard] = {}
        self._closed = False

    async def fetch(self, purpose: Purpose, request: OutboundRequest) -> OutboundResponse:
        """Fetch one address, following its redirects, and read the response completely.

        Any status is a response; raises OutboundError, saying why, if none came.
        """
        url = parse_url(request.url)
        require_sendable(request.headers)
        hop = Hop(url, request.method, request.headers, request.body)
        try:
            async with asyncio.timeout(request.timeout):
                return await self._follow(purpose, request, hop)
        except TimeoutError as error:
            raise timed_out(url.host) from error

    @asynccontextmanager
    async def stream(
        self, purpose: Purpose, request: OutboundRequest
    ) -> AsyncIterator[OutboundStream]:
        """Send one request and give its response, whose body the block reads as it arrives.

        A redirect is a response, too. Raises OutboundError if none came, and if its body breaks or
        exceeds a limit while the block reads it. Leaving the block early closes the connection.
        """
        url = parse_url(request.url)
        require_sendable(request.headers)
        hop = Hop(url, request.method, request.headers, request.body)
        ends_at = asyncio.get_running_loop().time() + request.timeout
        try:
            async with asyncio.timeout_at(ends_at):
                response = await self._open(purpose, request, hop, encoding=None)
        except TimeoutError as error:
            raise timed_out(url.host) from error
        async with response:
            yield OutboundStream(response, request, url.host, ends_at)

    async def require_host(self, address: str, purpose: Purpose | None = None) -> None:
        """Raise HostUnknown if the address names a host that certainly does not exist.

        With a purpose, raises AddressRefused or UrlRefused if it may not be connected to either.
        The host itself is not contacted. A name server that does not respond proves nothing. Raises
        UrlRefused if the text is not an address.
        """
        url = parse_url(address)
        with suppress(Unreachable):
            found = [url.literal] if url.literal else await self._resolver.resolve(url.host)
            if purpose is not None:
                Guard(self.policy, purpose).permitted(url.host, found, url.port)

    async def close(self) -> None:
        """Close every connection, for good."""
        self._closed = True
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()
        await self._resolver.close()

    async def _follow(
        self, purpose: Purpose, request: OutboundRequest, hop: Hop
    ) -> OutboundResponse:
        passed: list[str] = []
        while True:
            answer = await self._ask(purpose, request, hop, tuple(passed))
            if isinstance(answer, OutboundResponse):
                return answer
            if len(passed) == request.max_redirects:
                raise TooManyRedirects(
                    f"{request.url} redirects more than {request.max_redirects} times"
                )
            passed.append(str(hop.url))
            hop = answer

    async def _ask(
        self, purpose: Purpose, request: OutboundRequest, hop: Hop, passed: tuple[str, ...]
    ) -> OutboundResponse | Hop:
        """Return the response, or the next request if it is a redirect."""
        url = hop.url
        response = await self._open(purpose, request, hop, encoding=ACCEPT_ENCODING)
        try:
            async with response:
                if request.cookies is not None:
                    request.cookies.note(url, response.headers.getall("Set-Cookie", ()))
                location = response.headers.get("Location")
                if request.max_redirects and response.status in REDIRECTS and location is not None:
                    return next_hop(purpose, hop, response.status, location)
                body = await _read(response, request)
                return OutboundResponse(
                    response.status, str(url), as_text(response.headers), body, passed
                )
        except RAISED as error:
            raise translated(error, url.host) from error

    async def _open(
        self, purpose: Purpose, request: OutboundRequest, hop: Hop, *, encoding: str | None
    ) -> ClientResponse:
        """Send one request, and return its response once the headers have arrived."""
        url = hop.url
        refusals: list[OutboundError] = []
        token = refused_sockets.set(refusals)
        try:
            session = self._session(purpose)
            if url.literal is not None:
                self._guards[purpose].permitted(url.host, [url.literal], url.port)
            async with asyncio.timeout(request.header_seconds or self.policy.header_seconds):
                return await session.request(
                    hop.method,
                    # Sent exactly as checked: nothing is decoded or quoted again.
                    URL(str(url), encoded=True),
                    headers={
                        **hop.headers,
                        **own_headers(self.policy.user_agent, request.accept, encoding),
                        **cookie_header(request.cookies, url),
                    },
                    data=hop.body,
                    allow_redirects=False,
                )
        except RAISED as error:
            raise (refusals or [translated(error, url.host)])[0] from error
        finally:
            refused_sockets.reset(token)

    def _session(self, purpose: Purpose) -> ClientSession:
        # Created on first use: it belongs to the running loop, and loads the certificate store.
        if self._closed:
            raise Unreachable("Nothing can be fetched any more: this process is stopping")
        session = self._sessions.get(purpose)
        if session is None:
            if self._tls is None:
                self._tls = ssl.create_default_context()
            guard = self._guards[purpose] = Guard(self.policy, purpose)
            session = self._sessions[purpose] = guarded_session(
                guard,
                self._resolver,
                connect_seconds=self.policy.connect_seconds,
                tls=self._tls,
                connections=_CONNECTIONS.get(purpose, USUAL_CONNECTIONS),
                open_socket=self._open_socket,
            )
        return session


async def _read(response: ClientResponse, request: OutboundRequest) -> bytes:
    """Return the decompressed body; for an error response, as much as could be read."""
    media_type = response.headers.get("Content-Type", "").split(";", 1)[0].strip().lower()
    if 200 <= response.status < 300 and not takes(request.accept, media_type):
        raise MediaTypeRefused(f"The response's type {media_type} is not accepted here")
    limit = request.max_bytes
    length = response.content_length
    if response.status < 400 and not request.cut:
        if length is not None and length > limit and request.method != "HEAD":
            raise ResponseTooLarge(f"The response is larger than {limit} bytes")
        body = unpacking(response.headers.get("Content-Encoding", ""), limit)
        await _feed(response, body)
        return body.finish()
    return await read_error(response, request)


async def _feed(response: ClientResponse, body: Unpacking) -> None:
    async for piece in response.content.iter_any():
        body.feed(piece)
