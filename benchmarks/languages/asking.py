"""Whether questions in these languages find the passage that answers, and how sure answers are."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from answerdesk.answering.types import Answer
from benchmarks.data import PassageSet
from benchmarks.languages.outside import rankers
from benchmarks.languages.sets import LANGUAGES, half_of, half_of_page, language_set
from benchmarks.metrics import expected_calibration_error, mean, ndcg, share
from benchmarks.product import Asked, Product
from benchmarks.quality.answers import right
from benchmarks.quality.rankers import DEPTH, Ranking, order
from benchmarks.report import Cell, Report, Table

_FOUND: Final = ("order by", "recall@1", "recall@5", "recall@10", "nDCG@10")
_ANSWERED: Final = (
    "language",
    "n",
    "answered right",
    "of answers, right",
    "without an answer: n",
    "answered",
    "ECE",
    "mean confidence",
    "share right",
)


async def run(product: Product, report: Report) -> None:
    rows = []
    for language in LANGUAGES:
        passages = language_set(language)
        asked = await product.ask(passages)
        report.add(_found(passages, [one for one in asked if not one.question.impossible]))
        absent = await _absent(product, passages)
        rows.append((language, *_answered(asked, absent)))
    report.add(Table("Answers, and how sure they are", _ANSWERED, tuple(rows)))


async def _absent(product: Product, passages: PassageSet) -> list[Asked]:
    """Ask each question where half of the pages are, and its own is not."""
    found = []
    for half in (0, 1):
        asked = await product.ask(half_of(passages, half))
        found += [
            one
            for one in asked
            if not one.question.impossible
            and half_of_page(one.question.article.partition("/")[2]) != half
        ]
    return found


def _answered(asked: Sequence[Asked], absent: Sequence[Asked]) -> tuple[Cell, ...]:
    known = [one for one in asked if not one.question.impossible]
    unknown = [*(one for one in asked if one.question.impossible), *absent]
    hits = [right(one) for one in known]
    answered = [right(one) for one in known if isinstance(one.answer, Answer)]
    wrongly = [isinstance(one.answer, Answer) for one in unknown]
    sure = np.array([one.answer.confidence if one.answer else 0.0 for one in (*known, *unknown)])
    ok = np.array([*hits, *(False for _ in unknown)], float)
    return (
        len(known),
        share(hits),
        share(answered),
        len(unknown),
        share(wrongly),
        expected_calibration_error(sure, ok),
        float(sure.mean()),
        float(ok.mean()),
    )


def _found(passages: PassageSet, asked: Sequence[Asked]) -> Table:
    texts = [one.question.text for one in asked]
    rows = [one.candidates for one in asked]
    rankings = {
        **{name: [ranker(text) for text in texts] for name, ranker in rankers(passages).items()},
        "BM25 (ours)": [order(one.documents, one.bm25) for one in rows],
        "best sentence's vector": [order(one.documents, one.sentence) for one in rows],
        "**Answerdesk**": [[document.document for document in one.found] for one in asked],
    }
    table = tuple((name, *_measures(asked, ranked)) for name, ranked in rankings.items())
    title = f"{passages.name}: {len(passages.paragraphs)} passages, {len(asked)} questions"
    return Table(title, _FOUND, table)


def _measures(asked: Sequence[Asked], ranked: Sequence[Ranking]) -> tuple[Cell, ...]:
    pairs = [(ranking, one.question.relevant) for one, ranking in zip(asked, ranked, strict=True)]
    first, five, ten = (
        [any(one in relevant for one in ranking[:k]) for ranking, relevant in pairs]
        for k in (1, 5, 10)
    )
    gains = [ndcg(ranking, relevant, DEPTH) for ranking, relevant in pairs]
    return share(first), share(five).value, share(ten).value, mean(gains)
