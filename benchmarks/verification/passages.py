"""The passages that sentences are verified against, and the true sentences written after them.

A passage is a paragraph of an evaluation set, or what the product makes a chunk of a help page. The
true sentences in `paraphrases` were written by hand, as a model would answer from the passage,
before there was a verifier.
"""

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from answerdesk.kit.sentences import sentences
from answerdesk.knowledge.ingestion.parse import media_type_of
from answerdesk.knowledge.ingestion.prepare import prepare
from benchmarks import data
from benchmarks.data import DataMissing, passage_set
from benchmarks.help_centre import packages
from benchmarks.help_centre.sites import Site
from benchmarks.help_centre.sites import sites as help_sites
from benchmarks.split import is_held_out

FOLDER: Final = Path(__file__).parent
LANGUAGES: Final = ("en", "de", "fr", "es")
_SETS: Final = {"xquad:en": "xquad_en", "xquad:de": "xquad_de"}
_SITES: Final = ("gimp", "ocrmypdf")
"""Sites of `help_centre` whose pages are read here as well: those that are tuned on there."""

_BESIDE: Final = 3
"""Other passages that an answer is given beside the right one."""

_ORDER: Final = 7


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage; `document` is the article or page that it is of, and what the split goes by."""

    id: str
    document: str
    language: str
    text: str

    @property
    def held_out(self) -> bool:
        return is_held_out(self.document)


@dataclass(frozen=True, slots=True)
class True_:  # noqa: N801  # `True` is taken.
    """A sentence that is true by its passage; `verbatim` if it is the passage's own."""

    text: str
    passage: Passage
    verbatim: bool = False


def require() -> None:
    """Raise DataMissing unless all sets and packages are there."""
    data.require()
    for site in _sites():
        packages.pages(site)


@cache
def all_passages() -> dict[str, Passage]:
    """Return all passages by id, in order."""
    found: dict[str, Passage] = {}
    for name in _SETS.values():
        read = passage_set(name)
        for one in read.paragraphs:
            found[one.id] = Passage(one.id, one.title, read.language, one.text)
    for site in _sites():
        language = site.name.partition("-")[2] or "en"
        for page in packages.pages(site):
            document = prepare(page.content, media_type_of(page.path), page.path)
            for draft in document.drafts:
                name = f"{site.name}/{page.path}#{draft.ordinal}"
                found[name] = Passage(name, Path(page.path).name, language, draft.text)
    return found


def _sites() -> tuple[Site, ...]:
    shared = [site for site in help_sites() if site.name in _SITES]
    return (*shared, *help_sites(FOLDER / "sites.toml"))


@cache
def paraphrases() -> tuple[True_, ...]:
    """Return the sentences written by hand; raises DataMissing if their passages have changed."""
    return tuple(one for language in LANGUAGES for one in _read(language))


def _read(language: str) -> Iterator[True_]:
    passage: Passage | None = None
    path = FOLDER / "paraphrases" / f"{language}.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            name, digest = line.split()[1:3]
            passage = all_passages().get(name)
            if passage is None or digest_of(passage) != digest:
                raise DataMissing(f"{name} is not what its sentences were written after.")
        elif passage is not None:
            yield True_(line, passage)


def digest_of(passage: Passage) -> str:
    return hashlib.sha256(passage.text.encode()).hexdigest()[:8]


@cache
def verbatim() -> tuple[True_, ...]:
    """Return up to two sentences of each passage that paraphrases were written after."""
    return tuple(
        True_(text, passage, verbatim=True)
        for passage in dict.fromkeys(one.passage for one in paraphrases())
        for text in _chosen(passage)
    )


_SENTENCE: Final = re.compile(r"[^\W\d_].{38,238}[.!]", re.DOTALL)


def _chosen(passage: Passage) -> Sequence[str]:
    found = [span.of(passage.text) for span in sentences(passage.text, passage.language)]
    whole = [one for one in found if _SENTENCE.fullmatch(one) and "\n" not in one]
    return random.Random(f"{_ORDER}{passage.id}").sample(whole, min(2, len(whole)))


def given_with(passage: Passage) -> tuple[tuple[str, ...], int]:
    """Return the passages that an answer from this one is given, and its own place among them.

    The others are of the same document, or, if it has too few, of the next.
    """
    names = list(all_passages())
    place = names.index(passage.id)
    near = [names[(place + step) % len(names)] for step in (1, -1, 2, -2, 3, -3)]
    every = [all_passages()[name] for name in near]
    same = [one for one in every if one.document == passage.document]
    alike = [one for one in every if one.language == passage.language and one not in same]
    chosen = [passage, *(*same, *alike)[:_BESIDE]]
    random.Random(f"{_ORDER}{passage.id}").shuffle(chosen)
    return tuple(one.text for one in chosen), chosen.index(passage)
