"""A renderer without a browser: it knows in advance what its pages' scripts would build."""

import asyncio
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network

from answerdesk.core.errors import DomainError
from answerdesk.core.outbound import AddressRefused
from answerdesk.core.outbound.addresses import refusal
from answerdesk.core.outbound.urls import parse_url
from answerdesk.providers.page_renderer import RenderedPage, RendererUnavailable


class FakePageRenderer:
    """Deterministic stand-in for tests: returns the page or raises the error set for an address.

    A string is a page's HTML; an address without an entry is a page with status 404. Hosts are
    refused as by the outbound guard, except for those in `networks`; names are not resolved.
    `rendered` lists the requested addresses in order. Each call sleeps `latency` seconds.
    """

    def __init__(
        self,
        pages: Mapping[str, str | RenderedPage | DomainError],
        *,
        networks: Iterable[IPv4Network | IPv6Network] = (),
        latency: float = 0.0,
    ) -> None:
        self.rendered: list[str] = []
        self._pages = dict(pages)
        self._networks = tuple(networks)
        self._latency = latency
        self._closed = False

    async def render(self, url: str) -> RenderedPage:
        literal = parse_url(url).literal
        if literal is not None and refusal(literal, self._networks) is not None:
            raise AddressRefused(f"{url} is in a network that Answerdesk doesn't fetch from")
        if self._closed:
            raise RendererUnavailable("The server is shutting down.")
        self.rendered.append(url)
        await asyncio.sleep(self._latency)
        page = self._pages.get(url, RenderedPage("<h1>Not found</h1>", url, 404))
        if isinstance(page, DomainError):
            raise page
        return page if isinstance(page, RenderedPage) else RenderedPage(page, url)

    async def close(self) -> None:
        """Refuse further calls; idempotent."""
        self._closed = True
