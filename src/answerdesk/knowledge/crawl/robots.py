"""What a website's robots.txt asks of us (RFC 9309)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from answerdesk.core.errors import Unavailable

if TYPE_CHECKING:
    from answerdesk.knowledge.crawl.fetch import PageFetcher

PRODUCT_TOKEN: Final = "Answerdesk"  # noqa: S105  # The name by which robots.txt addresses us.
LONGEST_DELAY: Final = 30.0
"""Seconds; a website that asks for more gets this, and `note` says so."""


class SiteUnavailable(Unavailable):
    """The website as a whole cannot be read now; the message says why and what to do."""

    code = "site_unavailable"


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one website; `text` is all there is to keep (`Robots(text)` reads it again).

    `note` tells the owner what is unusual: no rules could be read, or a delay was cut.
    """

    text: str = ""
    note: str | None = None

    @classmethod
    async def of(cls, fetcher: "PageFetcher", url: str) -> "Robots":
        """Fetch the rules for the website of `url`.

        No robots.txt (any 4xx but 429) allows all. Raises SiteUnavailable where it cannot be had:
        5xx, 429, unreachable.
        """
        raise NotImplementedError

    def allowed(self, url: str) -> bool:
        """Say whether we may fetch a page."""
        raise NotImplementedError

    @property
    def delay(self) -> float:
        """Seconds to wait between two requests, at most LONGEST_DELAY; 0 where none is asked."""
        raise NotImplementedError

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Addresses of the sitemaps that it names, normalised; on whatever host."""
        raise NotImplementedError
