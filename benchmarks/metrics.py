"""The measures, each from its definition."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from math import log2, sqrt
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_RESAMPLES: Final = 1_000
_SEED: Final = 20_231
_NORMAL_95: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and the ends of its 95 % interval; None where it has none."""

    value: float
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.value:.3f}"
        return f"{self.value:.3f} ({self.low:.3f}–{self.high:.3f})"


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """The answers whose confidence lies in [low, low + width): how many, how sure, how right."""

    low: float
    count: int
    confidence: float
    right: float


def recall(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Return the share of `relevant` among the first `k`."""
    return len(relevant & set(ranked[:k])) / len(relevant)


def ndcg(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Return the normalised discounted cumulative gain of the first `k`; gains are 0 or 1."""
    gain = sum(1 / log2(place + 2) for place, one in enumerate(ranked[:k]) if one in relevant)
    most = sum(1 / log2(place + 2) for place in range(min(k, len(relevant))))
    return gain / most


def auroc(positive: ArrayLike, negative: ArrayLike) -> float:
    """Return the probability that a positive scores above a negative; a tie counts half."""
    high, low = np.asarray(positive, dtype=float), np.sort(np.asarray(negative, dtype=float))
    if not high.size or not low.size:
        return float("nan")
    below = np.searchsorted(low, high, side="left")
    up_to = np.searchsorted(low, high, side="right")
    return float((below + up_to).sum() / 2 / (high.size * low.size))


def false_answer_rate(positive: ArrayLike, negative: ArrayLike, answered: float = 0.95) -> float:
    """Return the share of negatives at or above the threshold that `answered` positives reach."""
    high = np.sort(np.asarray(positive, dtype=float))
    low = np.asarray(negative, dtype=float)
    if not high.size or not low.size:
        return float("nan")
    threshold = high[int(np.floor((1 - answered) * high.size + 1e-9))]
    return float((low >= threshold).mean())


def calibration_bins(
    confidence: ArrayLike, right: ArrayLike, bins: int = 10
) -> list[CalibrationBin]:
    """Return the bins of equal width that are not empty; a confidence of 1 is in the last."""
    sure, ok = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    place = np.clip((sure * bins).astype(int), 0, bins - 1)
    return [
        CalibrationBin(
            low=number / bins,
            count=int((place == number).sum()),
            confidence=float(sure[place == number].mean()),
            right=float(ok[place == number].mean()),
        )
        for number in range(bins)
        if (place == number).any()
    ]


def expected_calibration_error(confidence: ArrayLike, right: ArrayLike, bins: int = 10) -> float:
    """Return the mean distance between confidence and share of right answers, over the bins."""
    found = calibration_bins(confidence, right, bins)
    total = sum(one.count for one in found)
    return sum(one.count * abs(one.confidence - one.right) for one in found) / total


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson score interval of a share (95 % for the default `z`)."""
    share_, spread = hits / total, z * z / total
    middle = share_ + spread / 2
    half = z * (share_ * (1 - share_) / total + spread / (4 * total)) ** 0.5
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return max(0.0, low), min(1.0, high)


def share(hits: ArrayLike) -> Figure:
    """Return the share of true values with its Wilson interval."""
    values = np.asarray(hits, dtype=float)
    n = values.size
    if not n:
        return Figure(float("nan"))
    p, z = float(values.mean()), _NORMAL_95
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Figure(p, max(0.0, middle - half), min(1.0, middle + half))


def mean(values: ArrayLike) -> Figure:
    """Return the mean with a bootstrap interval over the values."""
    known = np.asarray(values, dtype=float)
    return bootstrap(lambda rows: float(known[rows].mean()), known.size)


def bootstrap(statistic: Callable[[NDArray[np.intp]], float], size: int) -> Figure:
    """Return a statistic of `size` rows with its bootstrap interval: fixed seed, 1,000 resamples.

    `statistic` takes the rows' indices, which a resample repeats.
    """
    if not size:
        return Figure(float("nan"))
    chance = np.random.default_rng(_SEED)
    drawn = [statistic(chance.integers(0, size, size)) for _ in range(_RESAMPLES)]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Figure(statistic(np.arange(size)), float(low), float(high))


def separation(scores: ArrayLike, positive: ArrayLike) -> tuple[Figure, Figure]:
    """Return AUROC and the false-answer rate at 95 % answered, each with a bootstrap interval."""
    score, is_positive = np.asarray(scores, dtype=float), np.asarray(positive, dtype=bool)

    def of(measure: Callable[[ArrayLike, ArrayLike], float]) -> Figure:
        return bootstrap(
            lambda rows: measure(score[rows][is_positive[rows]], score[rows][~is_positive[rows]]),
            score.size,
        )

    return of(auroc), of(false_answer_rate)
