"""Fetches one page and compares the response with what is known of the page.

A site that is down for maintenance, or sends everybody to one page, responds to every address with
the same text and status 200. Each page alone then looks changed; all together give the outage away.
So the changed text of a known page is believed only if the site as a whole still responds sensibly.
"""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from answerdesk.core.database import Database
from answerdesk.knowledge.sync.repository.pages import SyncPages
from answerdesk.knowledge.sync.types import (
    KnownText,
    Looked,
    QueuedPage,
    RunningSync,
    Site,
    Verdict,
)
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outage import ALIKE, Probe, judge_page, probe
from answerdesk.knowledge.website.outcomes import (
    NotModified,
    PageFailed,
    PageFetched,
    PageMissing,
    PageMoved,
    PageOutcome,
    PageSkipped,
    ReasonCode,
    sentence,
)
from answerdesk.knowledge.website.reader import PageMemory
from answerdesk.knowledge.website.scope import Scope
from answerdesk.knowledge.website.signals import Sketch, similarity

BY_OWNER: Final = ("excluded", "not_included")
"""Reasons for removing a page because the owner's own patterns leave it out."""

_NO_ANSWER: Final = ("unreachable", "timed_out")
_MOST_KEPT: Final = 10
"""Responses kept while their page waits for another; each may have some megabytes."""
_MOST_FOLLOWED_AWAY: Final = 20
"""Pages in a step whose redirects to other sites are followed, in case they lead back."""


class LookLater(Exception):
    """The page can be judged only after another page, `first`, has been fetched."""

    def __init__(self, first: str) -> None:
        super().__init__(first)
        self.first = first


@dataclass(frozen=True, slots=True)
class Looker:
    """Fetches and judges the pages of one sync. Writes nothing.

    `answers` holds outcomes of this step that need not be fetched again: each is used once, and the
    outcome of a page that has to wait for another is put there. `memory` recalls earlier signals.
    `followed_away` are the pages whose redirects to other sites were followed.
    """

    database: Database
    fetcher: PageFetcher
    sync: RunningSync
    scope: Scope
    site: Site
    answers: MutableMapping[str, PageOutcome]
    memory: PageMemory
    followed_away: set[str] = field(default_factory=set)

    async def look(self, page: QueuedPage, *, is_full: bool) -> Looked:
        """Return the result for a page. `is_full`: no new page may be ingested.

        Raises LookLater, NotYet, and ParsingUnavailable.
        """
        unasked = self._unasked(page, is_full=is_full)
        if unasked is not None:
            return unasked
        outcome = self.answers.pop(page.url, None)
        if outcome is None:
            outcome = await self._ask(page)
        if isinstance(outcome, PageMoved) and await self._may_lead_back(page, outcome):
            outcome = await self._ask(page, round_trip=True)
        fault = judge_page(outcome, self.site.probe, self.site.state)
        if fault == "same_answer_everywhere":
            return Looked(page, "failed", fault, sentence(fault), site_failed=False)
        if fault == "soft_404":
            return _missing(page, fault, sentence(fault), None)
        try:
            return await self._judged(page, outcome)
        except LookLater:
            if len(self.answers) < _MOST_KEPT:
                self.answers[page.url] = outcome
            raise

    async def _ask(self, page: QueuedPage, *, round_trip: bool = False) -> PageOutcome:
        is_known = page.state == "good" and page.has_document
        etag, last_modified = (page.etag, page.last_modified) if is_known else (None, None)
        # Not `patient`: other sources have work to do during a long pause.
        return await self.fetcher.fetch(
            page.url,
            etag,
            last_modified,
            robots=self.site.robots,
            patient=False,
            memory=self.memory,
            round_trip=round_trip,
        )

    async def _may_lead_back(self, page: QueuedPage, moved: PageMoved) -> bool:
        """Tell whether the page's redirects have to be followed, since they may form a circle."""
        to = self.scope.address(moved.to)
        if to is None:
            if len(self.followed_away) >= _MOST_FOLLOWED_AWAY:
                return False
            self.followed_away.add(page.url)
            return True
        if to == self.scope.start:
            # Where many sites send whoever has no cookie yet.
            return True
        async with self.database.transaction(self.sync.account_id) as session:
            pages = SyncPages(session, self.sync.source_id, self.sync.sync_id)
            return await pages.leads_back(to, page.url)

    def _unasked(self, page: QueuedPage, *, is_full: bool) -> Looked | None:
        """Return the result if it is clear without fetching the page, otherwise None."""
        # The start page is fetched for its links whatever the patterns say.
        code = None if self._is_start(page) else self._refusal(page.url)
        if code in BY_OWNER and page.has_document:
            return Looked(page, "missing", code, sentence(code))
        if code is None and not self.site.robots.allowed(page.url):
            code = "robots_disallowed"
        if code is None and is_full and not page.has_document:
            code = "limit_reached"
        return None if code is None else Looked(page, "skipped", code, sentence(code))

    def _is_start(self, page: QueuedPage) -> bool:
        return page.url == self.scope.start

    def _refusal(self, url: str) -> ReasonCode | None:
        if self.sync.kind == "page":
            return None if self.scope.address(url) is not None else "outside"
        return self.scope.refusal(url)

    async def _judged(self, page: QueuedPage, outcome: PageOutcome) -> Looked:
        match outcome:
            case NotModified():
                return Looked(page, "unchanged", unmodified=outcome, site_failed=False)
            case PageMissing(reason=reason, status=status):
                return _missing(page, "http_error", reason, status)
            case PageMoved():
                return self._moved(page, outcome)
            case PageFailed(code=code):
                return Looked(
                    page,
                    "failed",
                    code,
                    outcome.reason,
                    outcome.status,
                    site_failed=code in _NO_ANSWER or (code == "http_error" and outcome.retriable),
                    retriable=outcome.retriable,
                    retry_after=outcome.retry_after,
                )
            case PageSkipped(code=code, reason=reason, status=status, links=links):
                return Looked(page, "skipped", code, reason, status, links=links, site_failed=False)
            case PageFetched():
                return await self._fetched(page, outcome)

    def _moved(self, page: QueuedPage, moved: PageMoved) -> Looked:
        to = self.scope.address(moved.to)
        if to is None or to == page.url:
            code: ReasonCode = "redirected_away" if to is None else "http_error"
            reason = sentence(code, f"The page redirects to {moved.to}.")
            return Looked(page, "failed", code, reason, moved.status, site_failed=False)
        if self._refusal(to) is not None:
            reason = f"The page redirects to {to}, which is not part of this source."
            return Looked(page, "skipped", "moved", reason, moved.status, site_failed=False)
        how = "moved" if moved.permanent else "moved_temporarily"
        reason = f"The page redirects to {to}, which is ingested instead."
        verdict: Verdict = "missing" if page.has_document else "skipped"
        return Looked(page, verdict, how, reason, moved.status, moved_to=to, site_failed=False)

    async def _fetched(self, page: QueuedPage, fetched: PageFetched) -> Looked:
        links = fetched.signals.links
        if self.sync.kind == "page":
            return Looked(page, "good", fetched=fetched, site_failed=False)
        code = self.scope.refusal(page.url)
        if code is not None:
            verdict: Verdict = "missing" if page.has_document else "skipped"
            return Looked(
                page, verdict, code, sentence(code), fetched.status, links=links, site_failed=False
            )
        same = await self._elsewhere(page, fetched)
        if same is None:
            return Looked(page, "good", fetched=fetched, links=links, site_failed=False)
        return Looked(
            page,
            "missing" if page.has_document else "skipped",
            "duplicate",
            f"The page has the same content as {same.url}, which is ingested instead.",
            fetched.status,
            moved_to=same.url,
            links=links,
            site_failed=False,
        )

    async def _elsewhere(self, page: QueuedPage, fetched: PageFetched) -> KnownText | None:
        """Return another page with the same content: its canonical page, or one found earlier.

        A canonical address is believed only if that page has the same content: many sites name
        their home page on every page. Raises LookLater if that page has not been fetched yet.
        """
        signals = fetched.signals
        named = None if signals.canonical is None else self.scope.address(signals.canonical)
        async with self.database.transaction(self.sync.account_id) as session:
            pages = SyncPages(session, self.sync.source_id, self.sync.sync_id)
            others = await pages.with_text(signals.text_hash, page.id)
            other = None
            if named is not None and named != page.url and self.scope.contains(named):
                other = await pages.at(named)
                if (other is None or not other.seen_now) and page.attempts == 0:
                    raise LookLater(named)
        if other is not None and _is_there(other):
            alike = similarity(other.sketch, signals.sketch) >= ALIKE
            if alike or other.text_hash == signals.text_hash:
                return other
        if page.has_document:
            if page.text_hash == signals.text_hash:
                return None
            # Two pages whose texts become equal in one sync look like an outage, which `Judge`
            # handles; a page that now equals an unchanged page is its duplicate.
            return next((one for one in others if _is_there(one) and not one.changed_now), None)
        return next((one for one in others if _is_there(one)), None)


def _is_there(page: KnownText) -> bool:
    return page.state == "good" and page.has_document and not page.is_going


def _missing(page: QueuedPage, code: str, reason: str, status: int | None) -> Looked:
    """Return the result for a page that the site does not have."""
    if page.has_document or page.state == "gone":
        return Looked(page, "missing", code, reason, status, site_failed=False)
    return Looked(page, "failed", code, reason, status, site_failed=False)


def is_suspect(looked: Looked) -> bool:
    """Say whether a page that is in the answers has another text than before."""
    fetched = looked.fetched
    return (
        looked.verdict == "good"
        and fetched is not None
        and looked.page.has_document
        and looked.page.text_hash is not None
        and looked.page.text_hash != fetched.signals.text_hash
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """The texts of a page before and now."""

    before: Sketch
    now: Sketch
    text_hash: bytes


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the suspects of one sync by what the site sends for other addresses."""

    database: Database
    fetcher: PageFetcher
    sync: RunningSync
    scope: Scope
    site: Site
    memory: PageMemory

    async def judge(self, suspects: Sequence[Looked], *, answered_since: bool) -> list[Looked]:
        """Return the suspects as they are to be recorded: believed, or failed with the reason.

        `answered_since` says that another page was fetched properly after the last of them.
        Otherwise a known page is fetched, in addition to an address that cannot exist.
        """
        if not suspects:
            return []
        seen = await probe(self.fetcher, self.scope, self.site.robots)
        others = [_said(one) for one in suspects]
        witness = () if answered_since else await self._witness(suspects)
        # Some sites always send an error for missing pages: then the witness decides.
        if seen.kind == "away" and (self.site.probe.kind != "away" or witness is None):
            # The site has gone down meanwhile; its last responses may be part of that.
            reason = sentence("unreachable", "The website stopped responding.")
            return [_doubted(one, "unreachable", reason, site_failed=True) for one in suspects]
        others += witness or ()
        return [await self._judged(one, seen, others) for one in suspects]

    async def _judged(self, suspect: Looked, seen: Probe, others: Sequence[_Said]) -> Looked:
        reason = sentence("same_answer_everywhere")
        doubted = _doubted(suspect, "same_answer_everywhere", reason, site_failed=False)
        if suspect.fetched is not None and seen.is_same_answer(suspect.fetched):
            return doubted
        if await self._has_double(suspect) or _became_alike(_said(suspect), others):
            return doubted
        return suspect

    async def _has_double(self, suspect: Looked) -> bool:
        """Say whether another page changed to exactly the same text in this sync."""
        if suspect.fetched is None:
            return False
        async with self.database.transaction(self.sync.account_id) as session:
            pages = SyncPages(session, self.sync.source_id, self.sync.sync_id)
            same = await pages.with_text(suspect.fetched.signals.text_hash, suspect.page.id)
        return any(one.changed_now for one in same)

    async def _witness(self, suspects: Sequence[Looked]) -> Sequence[_Said] | None:
        """Fetch another known page; return what it says, or None if it could not be fetched."""
        async with self.database.transaction(self.sync.account_id) as session:
            pages = SyncPages(session, self.sync.source_id, self.sync.sync_id)
            page = await pages.another([one.page.id for one in suspects])
        if page is None or not self.site.robots.allowed(page.url):
            return ()
        robots = self.site.robots
        outcome = await self.fetcher.fetch(page.url, robots=robots, memory=self.memory)
        if isinstance(outcome, PageFailed):
            return None
        if not isinstance(outcome, PageFetched):
            return ()
        return [_Said(page.sketch, outcome.signals.sketch, outcome.signals.text_hash)]


def _said(looked: Looked) -> _Said:
    signals = looked.fetched.signals if looked.fetched is not None else None
    if signals is None:
        return _Said(looked.page.sketch, (), b"")
    return _Said(looked.page.sketch, signals.sketch, signals.text_hash)


def _became_alike(one: _Said, others: Sequence[_Said]) -> bool:
    """Say whether another page has the same text now, but did not before."""
    return any(
        other is not one
        and other != one
        and (other.text_hash == one.text_hash or similarity(other.now, one.now) >= ALIKE)
        and similarity(other.before, one.before) < ALIKE
        for other in others
    )


def _doubted(suspect: Looked, code: str, reason: str, *, site_failed: bool) -> Looked:
    return replace(
        suspect,
        verdict="failed",
        code=code,
        reason=reason,
        fetched=None,
        links=(),
        site_failed=site_failed,
        retriable=site_failed,
    )
