"""Fetches one page through the outbound guard and says what came of it."""

from typing import TYPE_CHECKING

from answerdesk.core.settings import Settings
from answerdesk.knowledge.crawl.outcomes import PageOutcome
from answerdesk.knowledge.crawl.reader import PageReader
from answerdesk.providers.page_renderer import PageRenderer

if TYPE_CHECKING:
    from answerdesk.core.outbound import Outbound


class PageFetcher:
    """Fetches pages; one per process. Keeps the pause between two requests to one website.

    `reader` is the limited child process; without a `renderer`, a page that needs a script fails
    as `needs_javascript`.
    """

    def __init__(
        self,
        outbound: "Outbound",
        reader: PageReader,
        renderer: PageRenderer | None,
        settings: Settings,
    ) -> None:
        raise NotImplementedError

    async def fetch(
        self,
        url: str,
        etag: str | None = None,
        last_modified: str | None = None,
        *,
        delay: float = 0.0,
    ) -> PageOutcome:
        """Fetch a normalised address; `delay` is what its robots.txt asks for, in seconds.

        No redirect is followed: it is an outcome. robots.txt is not asked here (`Robots.allowed`).
        Never raises for what a website does; raises ParsingUnavailable where no child process can
        be had (try again).
        """
        raise NotImplementedError
