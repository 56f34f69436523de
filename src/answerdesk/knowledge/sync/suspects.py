"""Known pages that say something else now: believed only when the site as a whole still answers.

A site that is down for maintenance, or sends everybody to one page, answers every address with the
same text and the status 200. Each page by itself then looks changed; together they do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from answerdesk.core.database import Database
from answerdesk.knowledge.crawl.fetch import PageFetcher
from answerdesk.knowledge.crawl.outage import ALIKE, Probe, probe
from answerdesk.knowledge.crawl.outcomes import PageFailed, PageFetched
from answerdesk.knowledge.crawl.reader import PageMemory
from answerdesk.knowledge.crawl.reasons import sentence
from answerdesk.knowledge.crawl.scope import Scope
from answerdesk.knowledge.crawl.sketch import Sketch, similarity
from answerdesk.knowledge.sync.repository.pages import SyncPages
from answerdesk.knowledge.sync.types import Looked, RunningSync, Site


def is_suspect(looked: Looked) -> bool:
    """Say whether a page that is in the answers says something else than before."""
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
    """What a page said before and says now."""

    before: Sketch
    now: Sketch
    text_hash: bytes


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the suspects of one sync by asking the site for what it says elsewhere."""

    database: Database
    fetcher: PageFetcher
    sync: RunningSync
    scope: Scope
    site: Site
    memory: PageMemory

    async def judge(self, suspects: Sequence[Looked], *, answered_since: bool) -> list[Looked]:
        """Return the suspects as they are to be recorded: believed, or failed with the reason.

        `answered_since` says that another page has answered properly after the last of them;
        without that one is asked, besides the address that cannot exist.
        """
        if not suspects:
            return []
        seen = await probe(self.fetcher, self.scope, self.site.robots)
        others = [_said(one) for one in suspects]
        witness = () if answered_since else await self._witness(suspects)
        # Some sites always answer with an error for what they do not have: then a page tells.
        if seen.kind == "away" and (self.site.probe.kind != "away" or witness is None):
            # The site has gone away meanwhile, so what it said just before may be a part of that.
            reason = sentence("unreachable", "The website stopped answering.")
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
        """Say whether another page has come to say the very same in this sync."""
        if suspect.fetched is None:
            return False
        async with self.database.transaction(self.sync.account_id) as session:
            pages = SyncPages(session, self.sync.source_id, self.sync.sync_id)
            same = await pages.with_text(suspect.fetched.signals.text_hash, suspect.page.id)
        return any(one.changed_now for one in same)

    async def _witness(self, suspects: Sequence[Looked]) -> Sequence[_Said] | None:
        """Ask for one more page that is known; what it says, None where it cannot be had."""
        async with self.database.transaction(self.sync.account_id) as session:
            pages = SyncPages(session, self.sync.source_id, self.sync.sync_id)
            page = await pages.another([one.page.id for one in suspects])
        if page is None or not self.site.robots.allowed(page.url):
            return ()
        delay = self.site.robots.delay
        outcome = await self.fetcher.fetch(page.url, delay=delay, memory=self.memory)
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
    """Say whether another page says the same now, and did not before."""
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
