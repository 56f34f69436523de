"""What stands around a page's content where its author has not marked it: bars of links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborNode

_SKIPPED: Final = frozenset(
    {"script", "style", "template", "noscript", "head", "title", "select", "svg"}
)
_LEAST_TEXT: Final = 300
"""Characters outside links from which a page is more than an index, whose links are its content."""
_MOST_OF_TEXT: Final = 0.8
_DEEPEST: Final = 40
_SENTENCE: Final = 120
"""A block with a paragraph of more characters outside links tells something."""
_FEW_WORDS: Final = 60
_IMPRINT: Final = 400
_STEPS = re.compile(
    r"\b(?:prev|previous|next|up|home|top|index|contents|back|search|menu|languages?|zurück|weiter"
    r"|nächste[rs]?|vorherige[rs]?|inhalt|précédent|suivant|sommaire|anterior|siguiente)\b|[«»←→<>]",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"©|\(c\) \d{4}|\bcopyright\b|all rights reserved|last (?:updated|modified)|powered by"
    r"|^\s*(?:this page was |page |documentation )?generated (?:by|on)|impressum"
    r"|alle rechte vorbehalten",
    re.IGNORECASE,
)
_HEADINGS: Final = "h1, h2, h3, h4"
_LINKS: Final = 'a[href]:not([href^="mailto:"], [href^="tel:"])'
"""What leads elsewhere; an address to write or to call is what the page has to say."""
_CONTENT: Final = frozenset(
    {"table", "tbody", "tr", "ul", "ol", "dl", "pre", "p", "blockquote", "address", "figure"}
)
"""What is itself content, so that what stands beside it is content as well."""
_BARS: Final = frozenset({"div", "table", "ul", "ol", "p", "header", "footer", "center", "dl"})


@dataclass(frozen=True, slots=True)
class _Weight:
    """How much text an element has, and how much of it is links."""

    text: int
    linked: int

    @property
    def plain(self) -> int:
        return self.text - self.linked


def margins_of(body: LexborNode) -> frozenset[int]:
    """Return the elements (their `mem_id`) around the content that only lead elsewhere.

    The content is looked for where most text outside links is. Beside the way there a block goes
    that is mostly links, or that only says whose page it is; at the edges of the content itself
    one that leads to the pages before and after it.
    """
    if _weight(body).plain < _LEAST_TEXT:
        return frozenset()
    gone: set[int] = set()
    node = body
    for _ in range(_DEEPEST):
        children = list(_elements(node))
        weights = [_weight(one) for one in children]
        total = sum(weight.plain for weight in weights)
        main = next(
            (at for at, one in enumerate(weights) if total and one.plain >= _MOST_OF_TEXT * total),
            None,
        )
        gone.update(_edges(children, weights))
        if main is None or children[main].tag in _CONTENT:
            break
        for at, (child, weight) in enumerate(zip(children, weights, strict=True)):
            if at != main and _is_bar(child, weight):
                gone.add(child.mem_id)
        node = children[main]
    return frozenset(gone)


def is_mostly_links(node: LexborNode) -> bool:
    """Say whether more of an element's text is in links than outside."""
    weight = _weight(node)
    return weight.linked > weight.plain


def _elements(node: LexborNode) -> Iterator[LexborNode]:
    return (one for one in node.iter() if one.is_element_node and one.tag not in _SKIPPED)


def _weight(node: LexborNode) -> _Weight:
    skipped = sum(_length(one) for one in node.css("script, style, template, noscript"))
    linked = sum(_length(one) for one in node.css(_LINKS))
    if node.tag == "a":
        linked = _length(node)
    return _Weight(max(_length(node) - skipped, 0), linked)


def _length(node: LexborNode) -> int:
    return len("".join(node.text(deep=True).split()))


def _is_bar(node: LexborNode, weight: _Weight) -> bool:
    """Say whether a block beside the content only leads elsewhere, or says whose page it is."""
    if node.tag not in _BARS or node.css_first(_HEADINGS) is not None or _tells(node):
        return False
    if weight.linked:
        return weight.linked >= weight.plain or weight.plain <= _FEW_WORDS
    return weight.text <= _IMPRINT and bool(_RIGHTS.search(node.text(deep=True)))


def _edges(children: list[LexborNode], weights: list[_Weight]) -> Iterator[int]:
    """Yield the first and the last ones of the elements while they lead to other pages."""
    pairs = list(zip(children, weights, strict=True))
    for run in (pairs, pairs[::-1]):
        for node, weight in run:
            if not weight.text:
                continue
            if not _leads_on(node, weight):
                break
            yield node.mem_id


def _leads_on(node: LexborNode, weight: _Weight) -> bool:
    if node.tag not in _BARS or node.css_first(_HEADINGS) is not None or _tells(node):
        return False
    text = node.text(deep=True)
    if weight.linked and weight.plain <= max(_FEW_WORDS, weight.linked):
        return bool(_STEPS.search(text))
    return weight.text <= _IMPRINT and bool(_RIGHTS.search(text))


def _tells(node: LexborNode) -> bool:
    """Say whether an element has a paragraph of its own."""
    paragraphs = [node] if node.tag == "p" else node.css("p, li, dd, td")
    return any(
        _length(one) - sum(_length(link) for link in one.css(_LINKS)) > _SENTENCE
        and one.css_first("p, li, td") is None
        and not _RIGHTS.search(one.text(deep=True))
        for one in paragraphs
    )
