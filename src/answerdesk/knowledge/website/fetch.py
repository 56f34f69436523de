"""Fetches one page through the outbound guard and returns its outcome."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from answerdesk.core.errors import DomainError, InvalidInput
from answerdesk.core.outbound import (
    AddressRefused,
    Cookies,
    Outbound,
    OutboundError,
    OutboundRequest,
    OutboundResponse,
)
from answerdesk.core.outbound.urls import parse_url
from answerdesk.core.settings import Settings
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.media_types import HTML
from answerdesk.knowledge.website.host_turns import OwnTurns, Turns
from answerdesk.knowledge.website.outcomes import (
    PageFailed,
    PageFetched,
    PageMissing,
    PageMoved,
    PageOutcome,
    PageSkipped,
    ReasonCode,
    sentence,
)
from answerdesk.knowledge.website.reader import PageMemory, PageReader
from answerdesk.knowledge.website.responses import (
    REDIRECTS,
    TRY_AGAIN,
    as_utf8,
    leads_to_log_in,
    moved,
    names_page,
    outcome_of_error,
    outcome_of_status,
    readable_type,
    validators,
)
from answerdesk.knowledge.website.scope import Scope
from answerdesk.knowledge.website.signals import robots_of_header
from answerdesk.knowledge.website.sitemaps import MOST_BYTES, Sitemap
from answerdesk.knowledge.website.urls import absolute
from answerdesk.providers.page_renderer import PageRenderer, RenderedPage

_PAGE_SECONDS: Final = 30.0
_SITEMAP_SECONDS: Final = 60.0
_REDIRECTS: Final = 5
_SENT_ON_TEXT: Final = 1_000
"""Characters; a page with a refresh and at least this much text is a page of its own."""

_LOOP: Final = sentence("http_error", "The page redirects too often or in a loop.")
_TAKEN: Final = ("text/html", "application/xhtml+xml", "text/*", "application/*")


class SiteRules(Protocol):
    """What a website asks of robots (`Robots`)."""

    @property
    def delay(self) -> float:
        """Seconds to wait between two requests."""
        ...

    def allowed(self, url: str) -> bool:
        """Say whether the page may be fetched."""
        ...


@dataclass(frozen=True, slots=True)
class _Trip:
    """One fetch of a page, with the requests that a redirect adds."""

    url: str
    conditions: Mapping[str, str]
    robots: SiteRules | None
    patient: bool
    cookies: Cookies

    def may_come_back(self, answer: OutboundResponse, *, round_trip: bool) -> bool:
        """Tell whether a redirect is to be followed, since it may lead back to this page."""
        if answer.status not in REDIRECTS:
            return False
        to = absolute(self.url, answer.headers.get("Location", ""))
        return to is not None and (
            round_trip or bool(answer.headers.get("Set-Cookie")) or names_page(to, self.url)
        )

    def sent_to(self, url: str) -> str | None:
        return self.cookies.sent_to(parse_url(url))

    def allows(self, url: str) -> bool:
        """Tell whether robots.txt allows a page; that of another site isn't known here."""
        if parse_url(url).origin != parse_url(self.url).origin:
            return True
        return self.robots is not None and self.robots.allowed(url)


class PageFetcher:
    """Fetches pages, pausing between two requests to the same host. One per process.

    `reader` is the limited child process; without a `renderer`, a page that needs a script fails
    as `needs_javascript`. Pass `turns` to share hosts with other processes; by default each fetcher
    keeps its own.
    """

    def __init__(
        self,
        outbound: Outbound,
        reader: PageReader,
        renderer: PageRenderer | None,
        settings: Settings,
        turns: Turns | None = None,
    ) -> None:
        self._outbound = outbound
        self._reader = reader
        self._renderer = renderer
        self._max_bytes = settings.max_page_bytes
        self._least_pause = settings.crawl_delay
        self._turns = turns or OwnTurns()

    async def fetch(
        self,
        url: str,
        etag: str | None = None,
        last_modified: str | None = None,
        *,
        robots: SiteRules | None = None,
        patient: bool = True,
        memory: PageMemory | None = None,
        cookies: Cookies | None = None,
        round_trip: bool = False,
    ) -> PageOutcome:
        """Fetch a normalised address; the caller has checked that `robots` allow it.

        Without `robots` there is no pause, and no other address of the site is asked on the way.

        A redirect is returned as an outcome and not followed, except where it may lead back to this
        very page: if the response sets a cookie, if the new address names the page, or with
        `round_trip`. The page is then what comes back, or a failure if the redirects go in a circle
        all the same. `cookies` are those that earlier requests of the same fetch were given. Bytes
        that `memory` knows are not read again.
        Never raises for what a website does. Raises ParsingUnavailable if no child process is
        available (try again), and NotYet if not `patient` (`Turns.turn`).
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: value for name, value in headers.items() if value}
        trip = _Trip(url, conditions, robots, patient, Cookies() if cookies is None else cookies)
        sent = trip.sent_to(url)
        try:
            answer = await self._asked(trip, url)
            if trip.may_come_back(answer, round_trip=round_trip):
                came_back = await self._come_back(trip, answer, {(url, sent)})
                if came_back is None:
                    return PageFailed(url, "http_error", _LOOP, False, answer.status)
                answer = came_back
        except OutboundError as error:
            return outcome_of_error(url, error)
        known = outcome_of_status(url, answer, asked_if=bool(conditions))
        return known if known is not None else await self._read(url, answer, memory)

    async def follow(
        self, url: str, scope: Scope, robots: SiteRules, *, memory: PageMemory | None = None
    ) -> PageOutcome:
        """Fetch a page, following up to five redirects within the site of `scope`.

        The outcome's `url` is the last page fetched. The outcome is never PageMoved: a redirect to
        another site is PageFailed with `redirected_away`, a loop PageFailed with `http_error`, and
        a redirect to a page that `robots` forbid PageSkipped with `robots_disallowed`.
        """
        seen, cookies = [url], Cookies()
        outcome = await self.fetch(url, robots=robots, memory=memory, cookies=cookies)
        while isinstance(outcome, PageMoved):
            to = outcome.to
            if scope.address(to) is None:
                return await self._away(outcome, robots)
            # With a cookie, a page that was seen before may be another one.
            if seen.count(to) > bool(cookies) or len(seen) > _REDIRECTS:
                return PageFailed(outcome.url, "http_error", _LOOP, retriable=False)
            if not robots.allowed(to):
                reason = sentence("robots_disallowed", f"The page redirects to {to}.")
                return PageSkipped(outcome.url, "robots_disallowed", reason, outcome.status)
            seen.append(to)
            outcome = await self.fetch(to, robots=robots, memory=memory, cookies=cookies)
        return outcome

    async def _away(self, moved: PageMoved, robots: SiteRules) -> PageOutcome:
        """Return the outcome of a start that redirects to another site, unless that sends back."""
        outcome = await self.fetch(moved.url, robots=robots, round_trip=True)
        if not isinstance(outcome, PageMoved):
            return outcome
        reason = sentence("redirected_away", f"The page redirects to {moved.to}.")
        return PageFailed(moved.url, "redirected_away", reason, retriable=False)

    async def _asked(self, trip: "_Trip", url: str) -> OutboundResponse:
        request = OutboundRequest(
            url=url,
            headers=trip.conditions if url == trip.url else {},
            max_bytes=self._max_bytes,
            timeout=_PAGE_SECONDS,
            max_redirects=0,
            accept=_TAKEN,
            cookies=trip.cookies,
        )
        delay = 0.0 if trip.robots is None else trip.robots.delay
        return await self._send(request, delay, patient=trip.patient)

    async def _come_back(
        self, trip: "_Trip", first: OutboundResponse, passed: set[tuple[str, str | None]]
    ) -> OutboundResponse | None:
        """Follow a page's redirect until it leads back to the page, with the cookies on the way.

        With a cookie, the page is asked once more where the redirects end.

        `passed` are the addresses asked so far, with the cookies sent. Returns the page's response,
        the `first` one if the redirects lead elsewhere, and None if they go in a circle.
        """
        at, answer = trip.url, first
        for _ in range(_REDIRECTS):
            to = absolute(at, answer.headers.get("Location", ""))
            if to is None or leads_to_log_in(to):
                return first
            if (to, trip.sent_to(to)) in passed:
                return None
            if to != trip.url and not trip.allows(to):
                return first
            passed.add((to, trip.sent_to(to)))
            try:
                at, answer = to, await self._asked(trip, to)
                if answer.status not in REDIRECTS and (trip.url, trip.sent_to(trip.url)) in passed:
                    return answer if at == trip.url else first
                if answer.status not in REDIRECTS:
                    # Many sites send whoever has no cookie to their start first.
                    answer = await self._asked(trip, trip.url)
                    return first if answer.status in REDIRECTS else answer
            except OutboundError:
                return first
        return None

    async def fetch_sitemap(self, url: str, *, delay: float = 0.0) -> Sitemap | None:
        """Fetch and read a sitemap, following redirects; None if there is none (4xx).

        Raises OutboundError, UnreadableSitemap and the reader's errors. Raises InvalidInput with
        code `http_error` for other responses, including the 4xx that ask to try again, such as 429.
        """
        answer = await self.get(
            url,
            max_bytes=MOST_BYTES,
            max_redirects=_REDIRECTS,
            seconds=_SITEMAP_SECONDS,
            delay=delay,
        )
        if 400 <= answer.status < 500 and answer.status not in TRY_AGAIN:
            return None
        if answer.status != 200:
            raise InvalidInput(
                f"The website responds with status {answer.status}.", code="http_error"
            )
        return await self._reader.read_sitemap(answer.body, answer.url)

    async def get(
        self,
        url: str,
        *,
        max_bytes: int,
        max_redirects: int = 0,
        seconds: float = _PAGE_SECONDS,
        delay: float = 0.0,
    ) -> OutboundResponse:
        """Request an address when it is its host's turn; raise OutboundError."""
        request = OutboundRequest(
            url=url,
            max_bytes=max_bytes,
            timeout=seconds,
            max_redirects=max_redirects,
            cookies=Cookies(),
        )
        return await self._send(request, delay)

    async def _send(
        self, request: OutboundRequest, delay: float, *, patient: bool = True
    ) -> OutboundResponse:
        pause = max(self._least_pause, delay)
        async with self._turns.turn(request.url, pause, patient=patient):
            return await self._outbound.fetch("pages", request)

    async def _read(
        self, url: str, answer: OutboundResponse, memory: PageMemory | None
    ) -> PageOutcome:
        """Read the content of a page that exists."""
        media_type = readable_type(url, answer)
        if media_type is None:
            what = answer.media_type or "an unknown type"
            reason = sentence("unsupported_type", f"The website sends {what}.")
            return PageSkipped(url, "unsupported_type", reason, answer.status)
        try:
            content = as_utf8(answer, media_type)
        except UnreadableDocument as error:
            return PageFailed(url, error.code, error.message, False, answer.status)
        etag, last_modified = validators(answer)
        page = await self._understood(url, content, media_type, memory)
        if isinstance(page, PageFailed):
            return replace(page, status=answer.status)
        noindex, nofollow = robots_of_header(answer.headers.getall("X-Robots-Tag", ()))
        page = replace(
            page,
            status=answer.status,
            etag=etag,
            last_modified=last_modified,
            signals=page.signals.restricted(noindex=noindex, nofollow=nofollow),
        )
        if page.signals.needs_javascript and not page.signals.asks_login:
            return await self._rendered(page)
        return judged(page)

    async def _understood(
        self, url: str, content: bytes, media_type: str, memory: PageMemory | None
    ) -> PageFetched | PageFailed:
        digest = hashlib.sha256(content).digest()
        known = None if memory is None else await memory.recall(url, digest, media_type)
        if known is not None:
            return PageFetched(url, 200, media_type, content, digest, None, None, known)
        try:
            read = await self._reader.read_page(content, media_type, url)
        except InvalidInput as error:
            # The document is at fault: it is unreadable, or reading it exceeds the limits.
            return PageFailed(url, error.code, error.message, retriable=False)
        page = PageFetched(url, 200, media_type, content, digest, None, None, read.signals)
        return replace(page, reading=read)

    async def _rendered(self, shell: PageFetched) -> PageOutcome:
        """Return the page as a browser shows it, if there is a renderer."""
        url, status = shell.url, shell.status
        if shell.signals.noindex:
            return judged(shell)
        if self._renderer is None:
            return _unfit(shell, "needs_javascript")
        try:
            rendered = await self._renderer.render(url)
        except AddressRefused as error:
            return outcome_of_error(url, error)
        except DomainError as error:
            reason = sentence("needs_javascript", f"{error.message}.")
            return PageFailed(url, "needs_javascript", reason, error.retriable, status)
        return await self._built(shell, rendered)

    async def _built(self, shell: PageFetched, rendered: RenderedPage) -> PageOutcome:
        """Return the outcome for the rendered page that replaces the shell."""
        url, status = shell.url, shell.status
        to = absolute(url, rendered.final_url)
        if to is not None and to != url:
            return moved(url, status, to)
        if rendered.status in (404, 410):
            reason = f"The rendered page says that it does not exist ({rendered.status})."
            return PageMissing(url, rendered.status, reason)
        content = rendered.html.encode("utf-8", "replace")
        if len(content) > self._max_bytes:
            return _unfit(shell, "too_large")
        page = await self._understood(url, content, HTML, None)
        if isinstance(page, PageFailed):
            return replace(page, status=status)
        signals = page.signals.restricted(noindex=False, nofollow=shell.signals.nofollow)
        # The shell's validators say nothing about the content that a script adds.
        return judged(replace(page, status=status, signals=signals, rendered=True))


def judged(page: PageFetched) -> PageOutcome:
    """Return the page, or another outcome if its signals say that it is not a page to ingest."""
    signals = page.signals
    # First: log-in walls often ask not to be indexed, which must not look like the owner's wish.
    if signals.asks_login:
        return _unfit(page, "login_required")
    if signals.refresh is not None and signals.text_length < _SENT_ON_TEXT:
        return moved(page.url, page.status, signals.refresh)
    if signals.noindex:
        reason = sentence("noindex")
        return PageSkipped(page.url, "noindex", reason, page.status, signals.links)
    if signals.text_length > 0:
        return page
    if signals.links and not signals.needs_javascript:
        reason = sentence("only_links")
        return PageSkipped(page.url, "only_links", reason, page.status, signals.links)
    return _unfit(page, "needs_javascript" if signals.needs_javascript else "empty_page")


def _unfit(page: PageFetched, code: ReasonCode) -> PageFailed:
    links = page.signals.links if code == "needs_javascript" else ()
    reason = sentence(code)
    return PageFailed(page.url, code, reason, retriable=False, status=page.status, links=links)
