"""What fitted weights reach, in print."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.weights import Weights
from benchmarks.fitting.solve import Vector
from benchmarks.fitting.tables import Answers, Case, answers
from benchmarks.metrics import auroc, expected_calibration_error


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights of a group of languages, and its questions for the report."""

    weights: Weights
    asked: Sequence[Case]
    absent: Sequence[Case]
    lacking: Sequence[Case]


def tuning(asked: Sequence[Case]) -> list[Case]:
    """Return the questions about articles that weights may be fitted on."""
    return [one for one in asked if not one.question.held_out]


def held_out(asked: Sequence[Case]) -> list[Case]:
    """Return the questions about articles that only report."""
    return [one for one in asked if one.question.held_out]


def report(name: str, fitted: Fitted) -> None:
    """Print what weights reach on the tuning and on the held-out articles."""
    for label, part in (("tuning", tuning), ("held out", held_out)):
        asked, missing = part(fitted.asked), part(fitted.absent)
        known, absent = answers(asked, fitted.weights), answers(missing, fitted.weights)
        lacking = sure_of(answers(part(fitted.lacking), fitted.weights), fitted.weights)
        sure, unsure = sure_of(known, fitted.weights), sure_of(absent, fitted.weights)
        possible = np.array([not one.question.impossible for one in asked])
        first = known.ranked_right & possible
        print(f"{name}, {label}: {possible.sum()} answerable, {(~possible).sum()} not")
        print(f"  right passage first {known.ranked_right[possible].mean():.4f}")
        print(f"  gold shown, passage first {known.right[first].mean():.4f} of {first.sum()}")
        print(f"  gold shown, answerable {known.right[possible].mean():.4f}")
        print(f"  sentences shown {known.shown[possible].mean():.2f}")
        if not possible.all():
            print(f"  AUROC unanswerable {auroc(sure[possible], sure[~possible]):.4f}")
        print(f"  AUROC subject absent {auroc(sure[possible], unsure):.4f}")
        print(f"  AUROC paragraph absent {auroc(sure[possible], lacking):.4f}")
        print(f"  ECE {expected_calibration_error(sure, known.right):.4f}")
        mixed = np.append(sure, unsure), np.append(known.right, np.zeros(len(unsure)))
        print(f"  ECE, each also without its article {expected_calibration_error(*mixed):.4f}")
        for least in (0.1, 0.12, 0.15, 0.2, 0.25, 0.3):
            rates = [f"{(one >= least).mean():.3f}" for one in (sure[possible], unsure)]
            hard = f"{(sure[~possible] >= least).mean():.3f}" if not possible.all() else "-"
            print(
                f"  at {least}: answered {rates[0]}, unanswerable {hard}, absent {rates[1]}", end=""
            )
            print(f", paragraph absent {(lacking >= least).mean():.3f}")


def sure_of(known: Answers, weights: Weights) -> Vector:
    """Return the confidence of each case."""
    return _chance(weights.subject, known.subjects) * _chance(weights.confidence, known.doubts)


def _chance(weights: NDArray[np.float32], features: Vector) -> Vector:
    slopes = weights.astype(float)
    chances: Vector = 1 / (1 + np.exp(-(features @ slopes[:-1] + slopes[-1])))
    return chances
