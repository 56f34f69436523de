"""Where in its page the piece that answers is, told by its first and last words.

The pages are under licences of their own, so a question has the place of its piece and not the
piece. A place is a list of parts, one after the other: a run of the page's words, or a few words
that the page does not have there, such as the number of a step.

Write the piece into a question's file as text, and have it replaced by its place:
`python -m benchmarks.help_centre.places SITE`.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from benchmarks.data import DataMissing
from benchmarks.help_centre.packages import Page, pages
from benchmarks.help_centre.scoring import Piece, spans_of_words, words
from benchmarks.help_centre.sites import FOLDER, HelpQuestion, Part, Place, sites

_FEWEST: Final = 3
_MOST: Final = 6
"""Words at either end of a run; more would begin to be a quotation."""

_SHORTEST_RUN: Final = 4
_MOST_OWN: Final = 3


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's text, and its words with where each begins and ends."""

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, page: Page) -> "PageText":
        """Read a page as it is; of HTML, the text between its tags."""
        text = page.content.decode("utf-8", "replace")
        if page.path.endswith(".html"):
            tree = LexborHTMLParser(text)
            tree.strip_tags(["script", "style"])
            text = "" if tree.body is None else tree.body.text(separator=" ")
        return cls(text, tuple(words(text)), tuple(spans_of_words(text)))

    def runs(self, part: Part) -> list[tuple[str, ...]]:
        """Return the different runs of words that a part can mean."""
        begins, ends = tuple(words(part.begins)), tuple(words(part.ends))
        found = {
            self.words[place : place + part.words]
            for place in range(len(self.words) - part.words + 1)
            if self.words[place : place + len(begins)] == begins
            and self.words[place + part.words - len(ends) : place + part.words] == ends
        }
        return sorted(found)

    def quote(self, run: Sequence[str]) -> str:
        """Return the page's text with these words, where they first are."""
        first = next(
            place
            for place in range(len(self.words))
            if self.words[place : place + len(run)] == tuple(run)
        )
        begin, end = self.spans[first][0], self.spans[first + len(run) - 1][1]
        return " ".join(self.text[begin:end].split())


def piece_at(place: Place, texts: Mapping[str, PageText], question: str) -> Piece:
    """Return the piece at a place; raises DataMissing if its page does not have it."""
    page = texts.get(place.document)
    quoted = []
    for part in place.parts:
        runs = [] if page is None or isinstance(part, str) else page.runs(part)
        if isinstance(part, str):
            quoted.append(part)
        elif page is None or len(runs) != 1:
            raise DataMissing(
                f"{question}: the piece that answers is {'not' if not runs else 'more than once'} "
                f"in {place.document}. Have the pages, or how they are read, changed?"
            )
        else:
            quoted.append(page.quote(runs[0]))
    return Piece(place.document, " ".join(quoted))


def with_pieces(question: HelpQuestion, texts: Mapping[str, PageText]) -> HelpQuestion:
    """Return a question with its pieces; raises DataMissing if one is not in its page."""
    found = tuple(piece_at(place, texts, question.id) for place in question.places)
    return replace(question, pieces=found)


def texts_of(all_pages: Sequence[Page]) -> dict[str, PageText]:
    """Return the text of each page by its path."""
    return {page.path: PageText.of(page) for page in all_pages}


def locate(piece: str, page: PageText) -> list[str | dict[str, Any]]:
    """Return the parts of a piece's place, as they are written; raises ValueError for none."""
    sought = words(piece)
    parts: list[str | dict[str, Any]] = []
    own: list[str] = []
    place = 0
    while place < len(sought):
        size = _longest_run(sought[place:], page.words)
        if size < min(_SHORTEST_RUN, len(sought)):
            own.append(sought[place])
            place += 1
            if len(own) > _MOST_OWN:
                msg = "The page does not have these words."
                raise ValueError(msg)
            continue
        if own:
            parts.append(" ".join(own))
            own = []
        parts.append(_part(sought[place : place + size], page))
        place += size
    return [*parts, " ".join(own)] if own else parts


def _longest_run(sought: Sequence[str], page: Sequence[str]) -> int:
    longest = 0
    for place, word in enumerate(page):
        if word == sought[0]:
            size = 0
            for ours, theirs in zip(sought, page[place:], strict=False):
                if ours != theirs:
                    break
                size += 1
            longest = max(longest, size)
    return longest


def _part(run: Sequence[str], page: PageText) -> dict[str, Any]:
    for count in range(_FEWEST, _MOST + 1):
        ends = run[max(count, len(run) - count) :]
        part = Part(" ".join(run[:count]), " ".join(ends), len(run))
        if page.runs(part) == [tuple(run)]:
            return {"begins": part.begins, "ends": part.ends, "words": part.words}
    msg = f"{_MOST} words at either end do not tell this piece from others."
    raise ValueError(msg)


def _replace_pieces(name: str) -> int:
    """Replace each piece in a site's file that is text; return how many were."""
    [site] = [one for one in sites() if one.name == name]
    texts = texts_of(pages(site))
    path = FOLDER / f"{name}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    replaced = 0
    for row in rows:
        for one in (row, *row.get("also", ())) if "piece" in row else ():
            if isinstance(one["piece"], str):
                before = words(one["piece"])
                one["piece"] = locate(one["piece"], texts[one["document"]])
                found = piece_at(Place.read(one), texts, row["id"])
                assert words(found.text) == before, row["id"]
                replaced += 1
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    Path(path).write_text(lines, encoding="utf-8")
    return replaced


if __name__ == "__main__":
    print(f"{_replace_pieces(sys.argv[1])} pieces replaced by their places.")
