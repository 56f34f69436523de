"""The port through which a page that a script builds becomes HTML.

Whatever renders pages runs strangers' scripts and fetches what they ask for: a real one works
behind the outbound guard, in a process of its own.
"""

from dataclasses import dataclass
from typing import Protocol

from answerdesk.core.errors import DomainError, Unavailable


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page as a browser shows it: its HTML, the address that it ended at, and its status."""

    html: str
    final_url: str
    status: int = 200


class RendererUnavailable(Unavailable):
    """No browser can be had now; the same page may be rendered later."""

    code = "renderer_unavailable"


class PageNotRendered(DomainError):
    """The page could not be rendered, and trying again soon would not help."""

    code = "page_not_rendered"


class PageRenderer(Protocol):
    """Opens pages in a browser and returns what they show once their scripts are done."""

    async def render(self, url: str) -> RenderedPage:
        """Open an http or https address, wait until it is built, and return it.

        Raises AddressRefused for an address that may not be fetched, RendererUnavailable where no
        browser can be had, PageNotRendered where the page never comes to rest or is too large.
        """
        ...

    async def close(self) -> None:
        """End what renders; further calls raise RendererUnavailable. May be repeated."""
        ...
