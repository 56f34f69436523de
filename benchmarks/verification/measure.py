"""Measures whether verification tells what the passages say from what was made wrong."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.verification import Evidence, Verdict, verify
from benchmarks.data import DataMissing
from benchmarks.metrics import (
    Figure,
    bootstrap,
    calibration_bins,
    expected_calibration_error,
    share,
)
from benchmarks.report import Cell, Report, Table
from benchmarks.verification.examples import Example, counts_of, evidence_of, examples
from benchmarks.verification.passages import LANGUAGES, require
from benchmarks.verification.wrong import KINDS

_SAMPLED: Final = 200
"""Evidences of which the reading time is measured."""


@dataclass(frozen=True, slots=True)
class _Judged:
    example: Example
    verdict: Verdict
    seconds: float

    @property
    def alarm(self) -> bool:
        return self.verdict.supported is False


def main() -> int:
    try:
        require()
    except DataMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    report = Report()
    report.section("verification", "Are sentences that the passages don't say found out?")
    judged = [_judge(one) for one in examples()]
    for held_out, of in ((True, "held out"), (False, "fitted to")):
        part = [one for one in judged if one.example.held_out == held_out]
        written = [one for one in part if not one.example.verbatim]
        report.add(_overall(of, part))
        report.add(_by_kind(f"Found out, by how the sentence was made wrong, {of}", part))
        report.add(_by_language(f"Written by hand, by language, {of}", written))
        if held_out:
            report.add(_calibration("Calibration, written by hand, held out", written))
    report.add(_cost(judged))
    report.finish()
    return 0


def _judge(example: Example) -> _Judged:
    evidence = evidence_of(example.given)
    _ = evidence.passages  # They are read once, for all sentences.
    began = process_time()
    verdict = verify(example.text, evidence)
    return _Judged(example, verdict, process_time() - began)


def _overall(of: str, part: Sequence[_Judged]) -> Table:
    rows = []
    for name, verbatim in (("written by hand", False), ("the passages' own", True)):
        chosen = [one for one in part if one.example.verbatim == verbatim]
        true = [one for one in chosen if one.example.kind is None]
        rows.append(
            (
                name,
                len(true),
                len(chosen) - len(true),
                _precision(chosen),
                _recall(chosen),
                share([one.alarm for one in true]),
                share([one.example.place in one.verdict.sources[:1] for one in true]),
            )
        )
    columns = ("sentences", "true", "wrong", "precision", "recall", "true, but marked")
    note = (
        'Precision and recall of "not supported"; the wrong sentences count as much as the true '
        "ones, and each kind of wrong as much as every other."
    )
    return Table(f"All, {of}", (*columns, "right source first"), tuple(rows), (note,))


def _precision(chosen: Sequence[_Judged]) -> Figure:
    def precision(rows: NDArray[np.intp]) -> float:
        count, alarm, wrong = _tables(chosen, rows)
        return float(count[alarm & wrong].sum() / max(count[alarm].sum(), 1e-9))

    return bootstrap(precision, len(chosen))


def _recall(chosen: Sequence[_Judged]) -> Figure:
    def recall(rows: NDArray[np.intp]) -> float:
        count, alarm, wrong = _tables(chosen, rows)
        return float(count[alarm & wrong].sum() / max(count[wrong].sum(), 1e-9))

    return bootstrap(recall, len(chosen))


def _tables(
    chosen: Sequence[_Judged], rows: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    drawn = [chosen[row] for row in rows]
    count = counts_of([one.example for one in drawn])
    alarm = np.array([one.alarm for one in drawn])
    wrong = np.array([one.example.kind is not None for one in drawn])
    return count, alarm, wrong


def _by_kind(title: str, part: Sequence[_Judged]) -> Table:
    def alarms(kind: str, *, verbatim: bool) -> list[bool]:
        return [
            one.alarm
            for one in part
            if one.example.kind == kind and one.example.verbatim == verbatim
        ]

    rows = []
    for kind in KINDS:
        written, own = alarms(kind, verbatim=False), alarms(kind, verbatim=True)
        rows.append((kind, len(written), share(written), len(own), share(own)))
    columns = ("made wrong by", "by hand: n", "found out", "the passages' own: n", "found out ")
    return Table(title, columns, tuple(rows))


def _by_language(title: str, part: Sequence[_Judged]) -> Table:
    rows = []
    for language in LANGUAGES:
        chosen = [one for one in part if one.example.language == language]
        true = [one.alarm for one in chosen if one.example.kind is None]
        wrong = [one.alarm for one in chosen if one.example.kind is not None]
        rows.append((language, len(true), share(true), len(wrong), share(wrong)))
    columns = ("language", "true", "marked", "wrong", "found out")
    return Table(title, columns, tuple(rows))


def _calibration(title: str, part: Sequence[_Judged]) -> Table:
    count = counts_of([one.example for one in part])
    right = np.array([one.example.kind is None for one in part], float)
    drawn = np.random.default_rng(1).choice(len(part), 4_000, p=count / count.sum())
    score = np.array([one.verdict.score for one in part])
    bins = calibration_bins(score[drawn], right[drawn])
    rows = tuple((f"{one.low:.1f}", one.count, one.confidence, one.right) for one in bins)
    error = expected_calibration_error(score[drawn], right[drawn])
    note = f"ECE {error:.3f}, of 4,000 drawn with what each counts."
    return Table(title, ("score from", "drawn", "mean score", "share true"), rows, (note,))


def _cost(judged: Sequence[_Judged]) -> Table:
    taken = np.array([one.seconds for one in judged]) * 1000
    given = list(dict.fromkeys(one.example.given for one in judged))[:_SAMPLED]
    read = np.array([_reading_time(texts) for texts in given])
    size = np.mean([sum(map(len, texts)) for texts in given])
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (what, *(float(np.percentile(times, one)) for one in (50, 95, 99)))
        for what, times in (
            ("a sentence", taken),
            (f"reading the passages, {size:,.0f} characters", read),
        )
    )
    return Table("Processor time, ms", ("what", "p50", "p95", "p99"), rows)


def _reading_time(texts: tuple[str, ...]) -> float:
    began = process_time()
    _ = Evidence.of(texts).passages
    return (process_time() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
