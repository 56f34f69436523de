"""Judges whether a site is there at all, and which of its answers only look like pages."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

from answerdesk.knowledge.crawl.outcomes import PageFetched, PageOutcome
from answerdesk.knowledge.crawl.reasons import ReasonCode
from answerdesk.knowledge.crawl.scope import Scope
from answerdesk.knowledge.crawl.sketch import Sketch

if TYPE_CHECKING:
    from answerdesk.knowledge.crawl.fetch import PageFetcher

ALIKE = 0.9
"""Two pages whose sketches are this similar give the same answer."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a site answers for an address that cannot exist.

    `kind`: `missing` (404 or 410, as it should), `page` (a page with `sketch`), `moved` (a redirect
    to `to`), `refused` (401, 403, robots), `away` (no usable answer).
    """

    kind: Literal["missing", "page", "moved", "refused", "away"]
    sketch: Sketch = ()
    to: str | None = None
    code: str | None = None

    def dump(self) -> dict[str, object]:
        """Return it as JSON, to keep between the steps of a sync."""
        raise NotImplementedError

    @classmethod
    def load(cls, data: dict[str, object]) -> Self:
        """Return what `dump` has written."""
        raise NotImplementedError

    def is_same_answer(self, outcome: PageOutcome) -> bool:
        """Say whether an outcome is what the site answers for pages that do not exist."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class SiteState:
    """Whether a site is there, by its start page and the probe.

    `present`: pages that answer like the probe are soft 404s. `away`: nothing that it answers now
    says anything about its pages; the sync fails with `code` and `reason` and changes nothing.
    `catch_all`: the start page says the same as an address that cannot exist. That may be an outage
    or how the site is built: an answer like the probe's then says nothing about the page asked for,
    the start page included, and no page may be taken for removed.
    """

    state: Literal["present", "away", "catch_all"]
    code: ReasonCode | str | None = None
    reason: str | None = None
    retriable: bool = False


async def probe(fetcher: "PageFetcher", scope: Scope, *, delay: float = 0.0) -> Probe:
    """Ask the site for an address below the start's folder that cannot exist."""
    raise NotImplementedError


def judge_site(start: PageOutcome, seen: Probe) -> SiteState:
    """Judge the site by what its start page (redirects followed) and the probe answered."""
    raise NotImplementedError


def judge_page(page: PageFetched, seen: Probe, state: SiteState) -> ReasonCode | None:
    """Return why what was fetched is no content (`soft_404`, `same_answer_everywhere`), else None."""
    raise NotImplementedError
