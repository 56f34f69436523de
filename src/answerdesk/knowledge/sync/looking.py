"""Looks at one page: what the site answers now, compared with what the ledger knows."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Final

from answerdesk.core.database import Database
from answerdesk.knowledge.crawl.fetch import PageFetcher
from answerdesk.knowledge.crawl.outage import ALIKE, judge_page
from answerdesk.knowledge.crawl.outcomes import (
    NotModified,
    PageFailed,
    PageFetched,
    PageMissing,
    PageMoved,
    PageOutcome,
    PageSkipped,
)
from answerdesk.knowledge.crawl.reader import PageMemory
from answerdesk.knowledge.crawl.reasons import ReasonCode, sentence
from answerdesk.knowledge.crawl.scope import Scope
from answerdesk.knowledge.crawl.sketch import similarity
from answerdesk.knowledge.sync.repository.pages import SyncPages
from answerdesk.knowledge.sync.types import (
    KnownText,
    Looked,
    QueuedPage,
    RunningSync,
    Site,
    Verdict,
)

BY_OWNER: Final = ("excluded", "not_included")
"""Reasons for which a page goes because the owner's own patterns leave it out."""

_NO_ANSWER: Final = ("unreachable", "timed_out")
_MOST_KEPT: Final = 10
"""Pages of up to some megabytes that wait for another one without being asked for again."""


class LookLater(Exception):
    """The page can be judged only once another one, `first`, has been looked at."""

    def __init__(self, first: str) -> None:
        super().__init__(first)
        self.first = first


@dataclass(frozen=True, slots=True)
class Looker:
    """Looks at the pages of one sync. Writes nothing.

    `answers` has outcomes of this step that need not be asked for again; each is used once, and one
    of a page that has to wait for another is put there. `memory` has what was read before.
    """

    database: Database
    fetcher: PageFetcher
    sync: RunningSync
    scope: Scope
    site: Site
    answers: MutableMapping[str, PageOutcome]
    memory: PageMemory

    async def look(self, page: QueuedPage, *, is_full: bool) -> Looked:
        """Return what has come of the page. `is_full`: no new page may be taken in.

        Raises LookLater, NotYet, and ParsingUnavailable.
        """
        unasked = self._unasked(page, is_full=is_full)
        if unasked is not None:
            return unasked
        outcome = self.answers.pop(page.url, None)
        if outcome is None:
            outcome = await self._ask(page)
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

    async def _ask(self, page: QueuedPage) -> PageOutcome:
        is_known = page.state == "good" and page.has_document
        etag, last_modified = (page.etag, page.last_modified) if is_known else (None, None)
        # A long pause is not waited for here: others have work to be done meanwhile.
        delay = self.site.robots.delay
        return await self.fetcher.fetch(
            page.url, etag, last_modified, delay=delay, patient=False, memory=self.memory
        )

    def _unasked(self, page: QueuedPage, *, is_full: bool) -> Looked | None:
        """Return what is known of a page without asking for it."""
        # The start is looked at for its links whatever the patterns say.
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
            reason = sentence(code, f"The page leads to {moved.to}.")
            return Looked(page, "failed", code, reason, moved.status, site_failed=False)
        if self._refusal(to) is not None:
            reason = f"The page leads to {to}, which is not part of this source."
            return Looked(page, "skipped", "moved", reason, moved.status, site_failed=False)
        how = "moved" if moved.permanent else "moved_temporarily"
        reason = f"The page leads to {to}, which is taken in instead."
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
            f"The page says the same as {same.url}, which is taken in instead.",
            fetched.status,
            moved_to=same.url,
            links=links,
            site_failed=False,
        )

    async def _elsewhere(self, page: QueuedPage, fetched: PageFetched) -> KnownText | None:
        """Return the page that has this one's content: its canonical address, or one found before.

        A canonical address is believed only where the same can be read: many sites name their home
        page on every page. Raises LookLater where it is not known yet what is read there.
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
            # Two pages that begin to say the same at once look like an outage, which is asked about
            # elsewhere; one that has become the double of a page that stays is its double.
            return next((one for one in others if _is_there(one) and not one.changed_now), None)
        return next((one for one in others if _is_there(one)), None)


def _is_there(page: KnownText) -> bool:
    return page.state == "good" and page.has_document and not page.is_going


def _missing(page: QueuedPage, code: str, reason: str, status: int | None) -> Looked:
    """Return what is noted of a page that the site does not have."""
    if page.has_document or page.state == "gone":
        return Looked(page, "missing", code, reason, status, site_failed=False)
    return Looked(page, "failed", code, reason, status, site_failed=False)
