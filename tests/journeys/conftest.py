"""The product as it ships, real model included, for whole stories; nothing in it is replaced."""

from collections.abc import Iterator

import pytest

from tests.conftest import Server, serving
from tests.websites import Website


@pytest.fixture
def product() -> Iterator[Server]:
    """A server of the story's own, which it may stop; it may read websites on this machine."""
    with serving(
        ANSWERDESK_EMBEDDER="minilm",
        ANSWERDESK_PAGE_NETWORKS="127.0.0.0/8",
        ANSWERDESK_CRAWL_DELAY="0",
    ) as running:
        yield running


@pytest.fixture
def shop_site() -> Iterator[Website]:
    """A shop's website with three help pages."""
    with Website() as site:
        links = '<a href="/shipping">Shipping</a> <a href="/returns">Returns</a>'
        site.set("/", page("Bicycle shop", f"<p>We sell and repair bicycles.</p><p>{links}</p>"))
        site.set("/shipping", page("Shipping", "<p>Shipping to Norway takes five days.</p>"))
        site.set(
            "/returns",
            page("Returns", "<p>You can return a bicycle within thirty days of delivery.</p>"),
        )
        yield site


def page(title: str, content: str) -> str:
    """Return a help page as a shop would write it."""
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1>{content}</main></body></html>"
    )
