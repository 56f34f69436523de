"""Titles of passages: their document's and their section's, so that they can be told apart."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from answerdesk.answering.types import Citation

LONGEST_TITLE: Final = 80
_BETWEEN: Final = " › "
_LEAST_OF_DOCUMENT: Final = 20
"""Characters of a document's title that stay if its section's title is long."""


@lru_cache(maxsize=4096)
def section_title(title: str, headings: tuple[str, ...]) -> str:
    """Return a document's title and a section's: "Shipping › Norway".

    Titles that repeat the one before them are left out. What is too long loses its middle. Recent
    results are cached: each answer's trace has those of its candidates.
    """
    parts = [" ".join(title.split())]
    for heading in headings:
        said = " ".join(heading.split())
        if said and said.casefold() != parts[-1].casefold():
            parts.append(said)
    document, section = parts[0], _BETWEEN.join(parts[1:])
    if not section:
        return _shortened(document, LONGEST_TITLE)
    room = max(LONGEST_TITLE - len(_BETWEEN) - len(section), _LEAST_OF_DOCUMENT)
    if len(document) > room:
        document = document[: room - 1].rstrip() + "…"
    return _shortened(f"{document}{_BETWEEN}{section}", LONGEST_TITLE)


def citation_titles(citations: Sequence[Citation]) -> list[str]:
    """Return a title for each citation.

    Citations of different sections that would read the same get the nearest heading above them in
    which they differ, or else the path of their document.
    """
    titles = [section_title(one.title, one.heading_path[-1:]) for one in citations]
    for distinct in (_with_heading, _with_path):
        for alike in _alike(citations, titles):
            same = {place: citations[place] for place in alike}
            titles = [
                distinct(one, same) if place in same else titles[place]
                for place, one in enumerate(citations)
            ]
    return titles


def _alike(citations: Sequence[Citation], titles: Sequence[str]) -> list[list[int]]:
    """Return the places of citations that read the same without being of the same section."""
    by_title: dict[str, list[int]] = {}
    for place, title in enumerate(titles):
        by_title.setdefault(title.casefold(), []).append(place)
    return [
        places
        for places in by_title.values()
        if len({_section_of(citations[place]) for place in places}) > 1
    ]


def _section_of(citation: Citation) -> tuple[object, ...]:
    return citation.document_id, citation.heading_path


def _with_heading(citation: Citation, alike: Mapping[int, Citation]) -> str:
    above = citation.heading_path[-2::-1]
    others = [one.heading_path[-2::-1] for one in alike.values()]
    for depth, heading in enumerate(above):
        if any(heading not in other[depth : depth + 1] for other in others):
            return section_title(citation.title, (heading, citation.heading_path[-1]))
    return section_title(citation.title, citation.heading_path[-1:])


def _with_path(citation: Citation, _: Mapping[int, Citation]) -> str:
    address = urlsplit(citation.url or "")
    path = f"{address.path}?{address.query}".rstrip("?") or citation.document
    room = LONGEST_TITLE - 3 - _LEAST_OF_DOCUMENT
    told = path if len(path) <= room else f"…{path[1 - room :]}"
    title = section_title(citation.title, citation.heading_path[-1:])
    return f"{_shortened(title, LONGEST_TITLE - 3 - len(told))} ({told})"


def _shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    kept = limit - 1
    beginning = text[: kept // 2].rstrip()
    return f"{beginning}…{text[len(beginning) - kept :].lstrip()}"
