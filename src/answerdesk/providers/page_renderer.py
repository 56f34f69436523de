"""The port that turns a page built by a script into HTML.

A renderer runs strangers' scripts and fetches what they request: a real one works behind the
outbound guard, in its own process.
"""

from dataclasses import dataclass
from typing import Protocol

from answerdesk.core.errors import DomainError, Unavailable


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page as a browser shows it: its HTML, final address and status."""

    html: str
    final_url: str
    status: int = 200


class RendererUnavailable(Unavailable):
    """No browser is available now; the same page may be rendered later."""

    code = "renderer_unavailable"


class PageNotRendered(DomainError):
    """The page could not be rendered, and retrying soon would not help."""

    code = "page_not_rendered"


class PageRenderer(Protocol):
    """Opens pages in a browser and returns what they show once their scripts have run."""

    async def render(self, url: str) -> RenderedPage:
        """Open an http or https address, wait until the page is built, and return it.

        Raises AddressRefused if the address may not be fetched, RendererUnavailable if no browser
        is available, PageNotRendered if the page never settles or is too large.
        """
        ...

    async def close(self) -> None:
        """End the renderer; further calls raise RendererUnavailable. Idempotent."""
        ...
