"""Whether the confidence tells questions that the knowledge answers from those it does not."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from answerdesk.answering.types import Answer
from benchmarks.data import passage_set
from benchmarks.metrics import separation, share
from benchmarks.product import Asked, Product
from benchmarks.report import Report, Table

Case = tuple[Asked, bool]
"""A question as asked, and whether the knowledge has its answer."""

_SIGNALS: Final = ("signal", "AUROC", "false answers where 95 % are answered")
_THRESHOLD: Final = ("questions", "n", "answered")


async def run(product: Product, report: Report) -> None:
    asked = await product.ask(passage_set("squad2"))
    cases = [(one, not one.question.impossible) for one in asked]
    _add(report, "squad2: the passage is on the subject, the fact is absent", cases)
    _add(report, "xquad_en: the subject is absent", await _subject_absent(product))


async def _subject_absent(product: Product) -> list[Case]:
    """Ask all questions of two projects that hold half of the articles each.

    So each question is asked once where its article is there, and once where it is not.
    """
    passages = passage_set("xquad_en")
    cases = []
    for half in (0, 1):
        kept = tuple(one for one in passages.paragraphs if _half(one.title) == half)
        part = replace(passages, name=f"{passages.name}, half {half + 1}", paragraphs=kept)
        cases += [(one, _half(one.question.article) == half) for one in await product.ask(part)]
    return cases


def _half(title: str) -> int:
    digest = hashlib.md5(f"half:{title}".encode(), usedforsecurity=False).digest()
    return digest[0] % 2


def _add(report: Report, title: str, cases: Sequence[Case]) -> None:
    for label, held_out in (("held out", True), ("tuning", False)):
        part = [case for case in cases if case[0].question.held_out is held_out]
        report.add(_signals(f"{title} ({label})", part))
    report.add(_threshold(title, cases))


def _signals(title: str, cases: Sequence[Case]) -> Table:
    answerable = [has_answer for _, has_answer in cases]
    signals = {
        "**confidence**": [one.answer.confidence if one.answer else 0.0 for one, _ in cases],
        "search score": [one.score for one, _ in cases],
        "best BM25": [one.candidates.bm25.max(initial=0.0) for one, _ in cases],
        "best chunk cosine": [one.candidates.chunk.max(initial=-1.0) for one, _ in cases],
    }
    rows = tuple((name, *separation(scores, answerable)) for name, scores in signals.items())
    counts = f"{sum(answerable)} answerable, {len(cases) - sum(answerable)} not"
    return Table(f"{title}: {counts}", _SIGNALS, rows)


def _threshold(title: str, cases: Sequence[Case]) -> Table:
    rows = []
    for label, held_out in (("held out", True), ("tuning", False)):
        for kind, wanted in (("answerable", True), ("not answerable", False)):
            answered = [
                isinstance(one.answer, Answer)
                for one, has_answer in cases
                if one.question.held_out is held_out and has_answer is wanted
            ]
            rows.append((f"{label}, {kind}", len(answered), share(answered)))
    return Table(f"{title}: at the product's own threshold", _THRESHOLD, tuple(rows))
