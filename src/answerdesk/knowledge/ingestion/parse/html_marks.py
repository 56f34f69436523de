"""What of a page's elements is known before it is walked: panels, code, captions, tables."""

from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborNode

from answerdesk.knowledge.ingestion.parse.html_code import code_in
from answerdesk.knowledge.ingestion.parse.html_opened import Opened, opened_in
from answerdesk.knowledge.ingestion.parse.html_tables import is_layout
from answerdesk.knowledge.ingestion.parse.html_tabs import tabs_in

_GRIDS: Final = '[role="table"], [role="grid"], [role="treegrid"]'
_CAPTIONS: Final = (
    "figcaption, .wp-caption-text, .thumbcaption, .gallerytext, .image-caption, .img-caption,"
    " .photo-caption, .figure-caption, .caption-text, .figure .caption, .mediaobject .caption,"
    " .imageblock > .title, .image-captioned"
)
_PICTURES: Final = "img, svg, picture, video, canvas, iframe, object, embed"
_TELLS: Final = "table, pre, blockquote, ul, ol"
_FIGURES: Final = frozenset({"figure", "div", "td", "li"})
_MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class Marks:
    """What is known of elements, by their `mem_id`.

    `panels` have the label under which each is read, and `labels` only hold such a label. `opened`
    are hidden and read nevertheless; with `ends`, the heading before them ends. `code` is code
    without <pre>, `captions` are those of pictures, `grids` are tables of other elements.
    """

    panels: dict[int, str] = field(default_factory=dict)
    labels: frozenset[int] = frozenset()
    opened: frozenset[int] = frozenset()
    ends: frozenset[int] = frozenset()
    code: frozenset[int] = frozenset()
    captions: frozenset[int] = frozenset()
    grids: frozenset[int] = frozenset()


def marks_of(root: LexborNode, *, is_page: bool) -> Marks:
    """Return the marks of a page, or of a fragment, which hides nothing."""
    tabs = tabs_in(root)
    opened = opened_in(root) if is_page else Opened()
    return Marks(
        panels={**opened.panels, **tabs.panels},
        labels=tabs.labels | opened.labels | _captions_of_tables(root),
        opened=frozenset(opened.elements),
        ends=frozenset(opened.ends),
        code=code_in(root),
        captions=_captions(root),
        grids=frozenset(one.mem_id for one in root.css(_GRIDS)[:_MOST]),
    )


def _captions(root: LexborNode) -> frozenset[int]:
    known: dict[int, bool | None] = {}
    found = root.css(_CAPTIONS)[:_MOST]
    return frozenset(one.mem_id for one in found if _is_of_picture(one, known))


def _captions_of_tables(root: LexborNode) -> frozenset[int]:
    """Return the captions that are read with their table, as <caption> is."""
    figures: set[int] = set()
    found: set[int] = set()
    for table in root.css("figure > table")[:_MOST]:
        figure = table.parent
        if figure is None or figure.mem_id in figures or is_layout(table):
            continue
        figures.add(figure.mem_id)
        caption = figure.css_first("figcaption")
        if caption is not None:
            found.add(caption.mem_id)
    return frozenset(found)


def _is_of_picture(caption: LexborNode, known: dict[int, bool | None]) -> bool:
    """Say whether a caption is that of a picture, and not of a table, a listing or a quotation."""
    figure = caption.parent
    for _ in range(3):
        if figure is None or figure.tag not in _FIGURES:
            return False
        if figure.mem_id not in known:
            known[figure.mem_id] = _shows_picture(figure)
        if (shows := known[figure.mem_id]) is not None:
            return shows
        figure = figure.parent
    return False


def _shows_picture(figure: LexborNode) -> bool | None:
    """Say whether a figure is a picture; None if it shows nothing."""
    if figure.css_first(_TELLS) is not None:
        return False
    return True if figure.css_first(_PICTURES) is not None else None
