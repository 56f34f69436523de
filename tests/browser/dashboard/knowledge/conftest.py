"""A server that may read websites on this machine, and a website for it."""

from collections.abc import Iterator

import pytest

from tests.conftest import Server, serving
from tests.websites import Manual, Website, manual


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """A server of this folder's own, which may read websites on this machine."""
    with serving(
        ANSWERDESK_PAGE_NETWORKS="127.0.0.0/8",
        ANSWERDESK_CRAWL_DELAY="0",
        ANSWERDESK_MAX_FILE_BYTES="100000",
    ) as running:
        yield running


@pytest.fixture
def book() -> Manual:
    """A small manual."""
    return manual(12)


@pytest.fixture
def site(book: Manual) -> Iterator[Website]:
    """The manual as a website, with a page that cannot be read and one with a hostile title."""
    with Website() as made:
        made.put({path: book.html(path) for path in book.pages})
        made.set("/secret.html", "no", status=403)
        made.set(
            "/hostile.html",
            "<html><head><title>&lt;img src=x onerror=\"document.title='owned'\"&gt;"
            "&lt;script&gt;alert(1)&lt;/script&gt;</title></head>"
            "<body><main><p>The wanted posters hang in the town hall.</p></main></body></html>",
        )
        links = '<a href="/secret.html">s</a><a href="/hostile.html">h</a></body>'
        made.set("/", book.html("/").replace("</body>", links))
        yield made
