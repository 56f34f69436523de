"""The evaluation sets, read from the folder that ANSWERDESK_EVAL_DATA names."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.split import is_held_out

VARIABLE: Final = "ANSWERDESK_EVAL_DATA"

_PASSAGE_SETS: Final = ("squad2", "xquad_en", "xquad_de")
_FILES: Final = (
    *(f"{name}/{file}.jsonl" for name in _PASSAGE_SETS for file in ("kb", "queries")),
    "hint3_sofmattress/train.jsonl",
    "hint3_sofmattress/test.jsonl",
    "bitext/intents.jsonl",
)


class DataMissing(Exception):
    """The evaluation data are not there; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the paragraphs that it was written for, and its gold strings.

    An impossible question's paragraph is on its subject, but does not answer it.
    """

    id: str
    text: str
    article: str
    relevant: frozenset[str]
    answers: tuple[str, ...]
    impossible: bool

    @property
    def held_out(self) -> bool:
        return is_held_out(self.article)


@dataclass(frozen=True, slots=True)
class PassageSet:
    """Paragraphs and questions about them, all in one language."""

    name: str
    language: str
    paragraphs: tuple[Paragraph, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote, and its intent."""

    text: str
    label: str


def passage_set(name: str) -> PassageSet:
    """Read `squad2`, `xquad_en`, `xquad_de`, `union`, or a set across languages.

    `union` is the first two without duplicates; it has the answerable questions only: to show what
    more paragraphs do to the ranking. `xquad_de on xquad_en` has every second German question, and
    the English paragraphs.
    """
    asked, across, read = name.partition(" on ")
    if across:
        return _across(passage_set(asked), passage_set(read))
    if name == "union":
        return _union(passage_set("squad2"), passage_set("xquad_en"))
    paragraphs = tuple(
        Paragraph(row["id"], row["title"], row["text"]) for row in _rows(f"{name}/kb.jsonl")
    )
    titles = {paragraph.id: paragraph.title for paragraph in paragraphs}
    questions = tuple(
        Question(
            id=row["id"],
            text=row["q"],
            article=titles[row["rel"][0]],
            relevant=frozenset(row["rel"]),
            answers=tuple(row["answers"]),
            impossible=row["impossible"],
        )
        for row in _rows(f"{name}/queries.jsonl")
    )
    return PassageSet(name, "de" if name.endswith("_de") else "en", paragraphs, questions)


def _across(asked: PassageSet, read: PassageSet) -> PassageSet:
    """Return the paragraphs of one set with every second question of its translation."""
    own = {one.id: one for one in read.questions}
    questions = tuple(replace(own[one.id], text=one.text) for one in asked.questions[::2])
    return replace(read, name=f"{asked.name} on {read.name}", questions=questions)


def messages(path: str) -> list[Message]:
    """Read a file of labelled messages, such as `bitext/intents.jsonl`."""
    return [Message(row["q"], row["label"]) for row in _rows(path)]


def _union(*sets: PassageSet) -> PassageSet:
    first: dict[str, Paragraph] = {}
    kept: dict[str, str] = {}
    for paragraph in (one for each in sets for one in each.paragraphs):
        kept[paragraph.id] = first.setdefault(paragraph.text, paragraph).id
    questions: dict[tuple[str, frozenset[str]], Question] = {}
    for question in (one for each in sets for one in each.questions):
        relevant = frozenset(kept[one] for one in question.relevant)
        questions.setdefault((question.text, relevant), replace(question, relevant=relevant))
    answerable = tuple(one for one in questions.values() if not one.impossible)
    return PassageSet("union", "en", tuple(first.values()), answerable)


def require() -> None:
    """Raise DataMissing unless every file is there, before minutes are spent on some of them."""
    for name in _FILES:
        _path(name)


def _path(name: str) -> Path:
    folder = os.environ.get(VARIABLE)
    if not folder:
        msg = (
            f"Set {VARIABLE} to the folder that holds the evaluation sets; "
            "benchmarks/README.md says which, and where they come from."
        )
        raise DataMissing(msg)
    path = Path(folder) / name
    if not path.is_file():
        msg = f"{VARIABLE} is {folder}, but there is no file {name} in it."
        raise DataMissing(msg)
    return path


def _rows(name: str) -> Iterator[dict[str, Any]]:
    path = _path(name)
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
