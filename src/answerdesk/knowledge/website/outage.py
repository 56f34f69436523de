"""Judges whether a site is up, and which of its responses only look like pages."""

import re
import secrets
from dataclasses import dataclass
from typing import Final, Literal, Self, cast
from urllib.parse import urljoin

from answerdesk.knowledge.website.fetch import PageFetcher
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
from answerdesk.knowledge.website.robots import Robots
from answerdesk.knowledge.website.scope import Scope
from answerdesk.knowledge.website.signals import Sketch, similarity

ALIKE: Final = 0.9
"""Two pages whose sketches are at least this similar count as the same response."""

ProbeKind = Literal["missing", "page", "moved", "refused", "away"]

_AWAY: Final = frozenset(
    {"unreachable", "timed_out", "http_error", "forbidden", "login_required", "address_refused"}
    | {"redirected_away"}
)
_NO_ANSWER: Final = frozenset({"unreachable", "timed_out", "http_error", "address_refused"})
_MAINTENANCE_TEXT: Final = 800
_MAINTENANCE: Final = re.compile(
    r"(?:down for|under|scheduled|undergoing|site|mode:?) maintenance|maintenance(?: mode| break)?$"
    r"|\bbe (?:right )?back (?:soon|shortly|later)|temporarily (?:unavailable|down|offline|closed)"
    r"|wartung(?:sarbeiten|smodus|spause)?\b|en maintenance|mantenimiento|manutenção|manutenzione"
    r"|メンテナンス|维护|site is (?:down|offline)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Probe:
    """A site's response for an address that cannot exist.

    `kind`: `missing` (404 or 410, as it should be), `page` (a page with `sketch`, or one that is
    not ingested because of `code`), `moved` (a redirect to `to`), `refused` (log-in, 403,
    robots.txt), `away` (no usable response); `code` gives the reason for the last two.
    """

    kind: ProbeKind
    sketch: Sketch = ()
    to: str | None = None
    code: str | None = None

    def dump(self) -> dict[str, object]:
        """Return the probe as JSON, to store between the steps of a sync."""
        return {"kind": self.kind, "sketch": list(self.sketch), "to": self.to, "code": self.code}

    @classmethod
    def load(cls, data: dict[str, object]) -> Self:
        """Read what `dump` has written."""
        return cls(
            kind=cast("ProbeKind", data["kind"]),
            sketch=tuple(cast("list[int]", data["sketch"])),
            to=cast("str | None", data["to"]),
            code=cast("str | None", data["code"]),
        )

    def is_same_answer(self, outcome: PageOutcome) -> bool:
        """Say whether an outcome matches the site's response for a page that does not exist."""
        match outcome:
            case PageMissing():
                return self.kind == "missing"
            case PageFetched():
                return self._is_alike(outcome)
            case PageMoved():
                return self.kind == "moved" and outcome.to == self.to
            case PageFailed() | PageSkipped():
                return self.code is not None and outcome.code == self.code
            case NotModified():
                return False

    def _is_alike(self, page: PageFetched) -> bool:
        if self.kind != "page" or self.code is not None:
            return False
        return similarity(self.sketch, page.signals.sketch) >= ALIKE


@dataclass(frozen=True, slots=True)
class SiteState:
    """Whether a site is up, judged by its start page and the probe.

    `present`: a page whose response matches the probe does not exist (`soft_404`). `away`: the
    site's responses say nothing about its pages at present; the sync fails with `code` and `reason`
    and changes nothing. `catch_all`: the start page matches an address that cannot exist. That may
    be an outage or how the site is built: a response that matches the probe then says nothing about
    the requested page, the start page included, and no page may count as removed.
    """

    state: Literal["present", "away", "catch_all"]
    code: ReasonCode | str | None = None
    reason: str | None = None
    retriable: bool = False


async def probe(fetcher: PageFetcher, scope: Scope, robots: Robots) -> Probe:
    """Fetch an address below the start's folder that cannot exist."""
    url = scope.address(_impossible(scope))
    if url is None or not robots.allowed(url):
        return Probe("refused", code="robots_disallowed")
    return probe_of(await fetcher.fetch(url, robots=robots))


def probe_of(outcome: PageOutcome) -> Probe:
    """Classify the outcome of fetching an address that cannot exist."""
    match outcome:
        case PageMissing():
            return Probe("missing")
        case PageFetched():
            return Probe("page", sketch=outcome.signals.sketch)
        case PageMoved():
            return Probe("moved", to=outcome.to)
        case PageFailed() if outcome.code in _NO_ANSWER:
            return Probe("away", code=outcome.code)
        case PageFailed() if outcome.code in ("login_required", "forbidden"):
            return Probe("refused", code=outcome.code)
        case PageFailed() | PageSkipped():
            return Probe("page", code=outcome.code)
        case NotModified():
            return Probe("away")


def judge_site(start: PageOutcome, seen: Probe) -> SiteState:
    """Judge the site by the outcome of its start page (`PageFetcher.follow`) and the probe."""
    match start:
        case PageFailed() if start.code in _AWAY:
            return SiteState("away", start.code, start.reason, start.retriable)
        case PageMissing():
            reason = (
                f"The start page {start.url} does not exist ({start.status}). Correct the source's"
                " address if it has moved."
            )
            return SiteState("away", "http_error", reason)
        case PageFetched() if _is_maintenance(start):
            return SiteState("away", "maintenance", sentence("maintenance"), retriable=True)
        case NotModified() | PageSkipped(code="robots_disallowed"):
            return SiteState("present")
        case PageFailed() if seen.is_same_answer(start):
            return SiteState("catch_all", start.code, start.reason, start.retriable)
        case _ if seen.is_same_answer(start):
            code: ReasonCode = "same_answer_everywhere"
            return SiteState("catch_all", code, sentence(code))
        case _:
            return SiteState("present")


def judge_page(page: PageOutcome, seen: Probe, state: SiteState) -> ReasonCode | None:
    """Return why an outcome that looks like a page is not one, or None if it is.

    `soft_404`: the site responds like this for missing pages; treat it as PageMissing.
    `same_answer_everywhere`: it can't be decided; treat it as PageFailed.
    """
    if not isinstance(page, PageFetched | PageMoved) or not seen.is_same_answer(page):
        return None
    return "same_answer_everywhere" if state.state == "catch_all" else "soft_404"


def _impossible(scope: Scope) -> str:
    return urljoin(scope.start, f"{scope.folder}answerdesk-check-{secrets.token_hex(8)}")


def _is_maintenance(page: PageFetched) -> bool:
    signals = page.signals
    if signals.text_length > _MAINTENANCE_TEXT:
        return False
    return _MAINTENANCE.search(signals.title or "") is not None
