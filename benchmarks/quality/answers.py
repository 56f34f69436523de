"""Whether an answer contains what was asked for, and in how many sentences."""

from collections.abc import Sequence
from typing import Final

from answerdesk.answering.types import Answer
from benchmarks.data import passage_set
from benchmarks.metrics import share
from benchmarks.product import Asked, Product, sentences_shown
from benchmarks.report import Cell, Report, Table
from benchmarks.squad import contains, contains_words

SETS: Final = ("squad2", "xquad_en")
_COLUMNS: Final = (
    "questions",
    "n",
    "answered",
    "contains gold",
    "as whole words",
    "in ≤ 2 sentences",
    "of answers, 1 sentence",
    "2",
    "3 or more",
)


async def run(product: Product, report: Report) -> None:
    for name in SETS:
        report.add(await table(product, name))


async def table(product: Product, name: str) -> Table:
    """Answer every question that has an answer."""
    passages = passage_set(name)
    asked = [one for one in await product.ask(passages) if not one.question.impossible]
    rows = []
    for label, held_out in (("held out", True), ("tuning", False)):
        part = [one for one in asked if one.question.held_out is held_out]
        first = [one for one in part if one.first_is_relevant]
        rows.append((f"{label}, all", *_measure(part, passages.language)))
        rows.append((f"{label}, passage ranked first", *_measure(first, passages.language)))
    return Table(f"{name}: answers to answerable questions", _COLUMNS, tuple(rows))


def right(one: Asked) -> bool:
    """Tell whether a question was answered with a gold string; an abstention was not."""
    answer = one.answer
    return (
        isinstance(answer, Answer)
        and not one.question.impossible
        and contains(answer.text, one.question.answers)
    )


def _measure(asked: Sequence[Asked], language: str) -> tuple[Cell, ...]:
    answers = [one.answer for one in asked if one.answer is not None]
    shown = [sentences_shown(answer, language) for answer in answers]
    lengths = [
        count for count, answer in zip(shown, answers, strict=True) if isinstance(answer, Answer)
    ]
    strict = [
        right(one) and contains_words(answer.text, one.question.answers)
        for one, answer in zip(asked, answers, strict=True)
    ]
    short = [right(one) and count <= 2 for one, count in zip(asked, shown, strict=True)]
    return (
        len(asked),
        share([isinstance(answer, Answer) for answer in answers]).value,
        share([right(one) for one in asked]),
        share(strict).value,
        share(short),
        share([count <= 1 for count in lengths]).value,
        share([count == 2 for count in lengths]).value,
        share([count > 2 for count in lengths]).value,
    )
