"""What a page says about itself and its site. Runs in the limited child process."""

from dataclasses import dataclass

from answerdesk.knowledge.crawl.sketch import Sketch


@dataclass(frozen=True, slots=True)
class PageSignals:
    """What is read from one page besides its content; plain data, to cross a process border.

    `links` are absolute and normalised, in the order of the page, each once, without those that it
    asks not to follow. `canonical` is the address that the page gives as its own, wherever that
    leads. `refresh` is where it sends its reader on at once. `text_hash` (32 bytes) covers what
    ends in the index: title, headings, anchors and text; furniture and markup are not part of it.
    `text_length` counts the characters of its text, without the title; `sketch` is of the same
    text, for `sketch.similarity`, without the page's own address where it is shown.
    """

    links: tuple[str, ...]
    canonical: str | None
    refresh: str | None
    title: str | None
    noindex: bool
    nofollow: bool
    needs_javascript: bool
    asks_login: bool
    text_hash: bytes
    text_length: int
    sketch: Sketch


def read_signals(content: bytes, media_type: str, url: str) -> PageSignals:
    """Read a page or a document that was fetched from `url` (after redirects).

    A page without any text is no error here: its `text_length` is 0. Raises UnreadableDocument
    saying what is wrong with the content.
    """
    raise NotImplementedError
