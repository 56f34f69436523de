"""HTML pages: their title and the blocks of their content."""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from answerdesk.knowledge.ingestion.parse.html_inline import inline_text
from answerdesk.knowledge.ingestion.parse.html_marks import marks_of
from answerdesk.knowledge.ingestion.parse.html_relevance import content_root, margins_of
from answerdesk.knowledge.ingestion.parse.html_rewriting import rewrite
from answerdesk.knowledge.ingestion.parse.html_walk import Walk
from answerdesk.knowledge.ingestion.parse.outline import Outline, Slugs

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_CLOSED_BY_OTHERS: Final = frozenset(
    {"p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "br", "hr"}
    | {"img", "input", "link", "meta", "source", "wbr", "area", "base", "col", "embed", "track"}
    | {"script", "style", "body", "html", "head"}
)
_DEEPEST: Final = 1_000
"""Elements nested deeper than this are an attack: the parser takes quadratic time."""

_ANY_TAG = re.compile(r"<[^<>]*>")
_MOST_TITLES: Final = 10
"""Maximum <h1> that may be the page's title."""


def parse_html(text: str) -> Outline:
    """Return the outline of a page; its title is its own <h1>, else the <title>."""
    page = _page(text)
    root, is_content = content_root(page)
    if root is None:
        return Outline()
    margins = frozenset[int]() if is_content else margins_of(root)
    outline = Walk(
        in_content=is_content,
        drop_furniture=True,
        slugs=None,
        title=_own_heading(page),
        left_out=margins,
        marks=marks_of(root, is_page=True),
    ).run(root)
    if not outline.close():
        # Only furniture: still better than nothing.
        outline = Walk(in_content=True, drop_furniture=False, slugs=None).run(page.body or root)
    if outline.title is None and outline.blocks:
        outline.title = _name(page) or None
    return outline


def _name(page: LexborHTMLParser) -> str:
    """Return the text of the <title>."""
    head = page.css_first("head title") or page.css_first("title")
    return " ".join(head.text().split()) if head is not None else ""


def _own_heading(page: LexborHTMLParser) -> str | None:
    """Return the <h1> that the <title> repeats, if another one comes first: the site's name.

    None where the first <h1> is as good a title.
    """
    heads = [inline_text(one, keep_buttons=True) for one in page.css("h1")[:_MOST_TITLES]]
    name = _name(page).casefold()
    own = max((one for one in heads if one.casefold() in name), key=len, default="")
    return own if own and own != heads[0] else None


def parse_fragment(html: str, title: str | None) -> Outline:
    """Return the outline of HTML rendered from Markdown: all of it is content."""
    page = _page(html)
    root = page.body
    if root is None:
        return Outline(title)
    marks = marks_of(root, is_page=False)
    return Walk(in_content=True, drop_furniture=False, slugs=Slugs(), title=title, marks=marks).run(
        root
    )


def _page(html: str) -> LexborHTMLParser:
    html = shallow(html)
    page = LexborHTMLParser(html)
    rewrite(page, html)
    return page


def shallow(html: str) -> str:
    """Return the page; without its tags if they nest too deeply to be parsed quickly."""
    depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in _CLOSED_BY_OTHERS:
            continue
        depth += -1 if closing else 1
        if depth > _DEEPEST:
            words = _ANY_TAG.sub("\n", html).replace("<", "&lt;")
            return re.sub(r"\n\s*\n", "<p>", words)
    return html
