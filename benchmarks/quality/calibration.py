"""Whether answers of confidence p are right in a share p of the cases."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from answerdesk.answering.types import Answer
from benchmarks.data import passage_set
from benchmarks.metrics import (
    Figure,
    bootstrap,
    calibration_bins,
    expected_calibration_error,
)
from benchmarks.product import Asked, Product
from benchmarks.quality.answers import right
from benchmarks.report import Report, Table

_GROUPS: Final = (("squad2", "xquad_en"), ("squad2",), ("xquad_en",), ("xquad_de",))
_ERRORS: Final = ("set", "n", "ECE, held out", "n, answered", "ECE, answered", "ECE, tuning")
_BINS: Final = ("confidence", "n", "mean confidence", "share right")


async def run(product: Product, report: Report) -> None:
    asked = {
        name: await product.ask(passage_set(name)) for name in ("squad2", "xquad_en", "xquad_de")
    }
    rows = []
    for group in _GROUPS:
        pooled = [one for name in group for one in asked[name]]
        rows.append((" and ".join(group), *_errors(pooled)))
    title = "Expected calibration error, unanswerable questions included"
    report.add(Table(title, _ERRORS, tuple(rows)))
    english = [one for name in _GROUPS[0] for one in asked[name] if one.question.held_out]
    report.add(_bins("squad2 and xquad_en, held out", english))
    german = [one for one in asked["xquad_de"] if one.question.held_out]
    report.add(_bins("xquad_de, held out", german))


def _errors(asked: Sequence[Asked]) -> tuple[int, Figure, int, Figure, Figure]:
    held_out = [one for one in asked if one.question.held_out]
    tuning = [one for one in asked if not one.question.held_out]
    answered = [one for one in held_out if isinstance(one.answer, Answer)]
    return len(held_out), _error(held_out), len(answered), _error(answered), _error(tuning)


def _error(asked: Sequence[Asked]) -> Figure:
    sure, ok = _confidences(asked), np.array([right(one) for one in asked], dtype=float)
    return bootstrap(lambda rows: expected_calibration_error(sure[rows], ok[rows]), sure.size)


def _confidences(asked: Sequence[Asked]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([one.answer.confidence if one.answer else 0.0 for one in asked])


def _bins(title: str, asked: Sequence[Asked]) -> Table:
    found = calibration_bins(_confidences(asked), [right(one) for one in asked])
    rows = tuple(
        (f"{one.low:.1f}–{one.low + 0.1:.1f}", one.count, one.confidence, one.right)
        for one in found
    )
    return Table(f"{title}: by confidence", _BINS, rows)
