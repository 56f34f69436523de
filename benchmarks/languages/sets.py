"""The pages and the questions, as sets of passages: a passage is what the product makes a chunk."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from answerdesk.knowledge.ingestion.parse import media_type_of
from answerdesk.knowledge.ingestion.prepare import prepare
from benchmarks.data import DataMissing, Paragraph, PassageSet, Question
from benchmarks.help_centre import packages
from benchmarks.help_centre.packages import Page
from benchmarks.help_centre.sites import Site, sites

_FOLDER: Final = Path(__file__).parent
_OWN_PAGES: Final = _FOLDER / "pages"
LANGUAGES: Final = ("zh", "ja", "th", "vi", "hi")
SHOP_IN: Final = ("en", "zh", "ja", "th", "vi")
"""The languages in which there are the same pages of a shop, and the same questions about them."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A question; `page` is empty if no page answers it.

    `heading` is the end of the heading under which the answer stands, `answers` are short strings
    of the page: a passage that has one of them is the right one.
    """

    q: str
    page: str = ""
    heading: str = ""
    answers: tuple[str, ...] = ()


def require() -> None:
    """Raise DataMissing unless every package is kept or can be fetched."""
    for site in package_sites():
        packages.pages(site)


def package_sites() -> tuple[Site, ...]:
    return sites(_FOLDER / "sites.toml")


def pages(language: str) -> tuple[Page, ...]:
    """Return the pages in a language: our own, and those of a package."""
    return (*_own_pages(language), *_package_pages(language))


def _own_pages(language: str) -> tuple[Page, ...]:
    own = sorted((_OWN_PAGES / language).glob("*.md"))
    return tuple(Page(path.name, path.read_bytes()) for path in own)


def _package_pages(language: str) -> tuple[Page, ...]:
    return tuple(
        page for site in package_sites() if site.name == language for page in packages.pages(site)
    )


@cache
def language_set(language: str) -> PassageSet:
    """Return the passages of all pages, and the questions; raises DataMissing if a page changed."""
    paragraphs = [one for page in pages(language) for one in _paragraphs(page)]
    rows = _rows(language)
    questions = [_question(language, number, row, paragraphs) for number, row in enumerate(rows)]
    return PassageSet(language, language, tuple(paragraphs), tuple(questions))


def across(language: str, pages_in: str) -> PassageSet:
    """Return the questions about the shop in a language, where its pages are in another.

    English pages stand beside those of the language's package. Where the shop's questions are not
    in the language, its own are asked, which nothing answers.
    """
    found = [*_own_pages(pages_in), *(_package_pages(language) if pages_in == "en" else ())]
    paragraphs = tuple(one for page in found for one in _paragraphs(page))
    if language in SHOP_IN:
        pairs = zip(_shop_questions(language), _shop_questions(pages_in), strict=True)
        asked = [replace(there, id=own.id, text=own.text) for own, there in pairs]
    else:
        asked = [
            replace(one, article=f"{language}/", relevant=frozenset(), impossible=True)
            for one in language_set(language).questions
        ]
    return PassageSet(f"{language} on {pages_in}", language, paragraphs, tuple(asked))


def _shop_questions(language: str) -> list[Question]:
    """Return the questions about the shop, in the same order in each language."""
    own = {page.path for page in _own_pages(language)}
    asked = language_set(language).questions
    return [one for one in asked if one.impossible or one.article.partition("/")[2] in own]


def half_of(whole: PassageSet, half: int) -> PassageSet:
    """Return a set with all questions, but only the passages of half of the pages."""
    kept = tuple(one for one in whole.paragraphs if half_of_page(page_of(one.id)) == half)
    return replace(whole, name=f"{whole.name}, half {half + 1}", paragraphs=kept)


def half_of_page(page: str) -> int:
    digest = hashlib.md5(f"half:{page}".encode(), usedforsecurity=False).digest()
    return digest[0] % 2


def page_of(paragraph: str) -> str:
    return paragraph.rpartition("#")[0]


def _paragraphs(page: Page) -> Iterator[Paragraph]:
    document = prepare(page.content, media_type_of(page.path), page.path)
    for draft in document.drafts:
        title = " > ".join(dict.fromkeys((document.title, *draft.heading_path)))
        yield Paragraph(f"{page.path}#{draft.ordinal}", title, draft.text)


def _question(language: str, number: int, row: _Row, paragraphs: list[Paragraph]) -> Question:
    relevant = frozenset(
        one.id
        for one in paragraphs
        if page_of(one.id) == row.page
        and row.heading in f"{one.title}\n{one.text}"
        and any(answer in f"{one.title}\n{one.text}" for answer in row.answers)
    )
    if row.page and not relevant:
        raise DataMissing(f"{language}: no passage answers {row.q!r}. Have the pages changed?")
    article = f"{language}/{row.page}"
    return Question(f"{language}-{number}", row.q, article, relevant, row.answers, not row.page)


def _rows(language: str) -> list[_Row]:
    lines = (_FOLDER / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    return [_Row(**{**one, "answers": tuple(one.get("answers", ()))}) for one in read]
