"""Fits the weights of verification to the examples that are not held out.

`python -m benchmarks.verification.fit` writes them beside the code that uses them.
"""

import json
from dataclasses import astuple
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering import verification
from answerdesk.answering.verification.comparing import FEATURES, SIGNS
from answerdesk.answering.verification.verifying import candidates
from benchmarks.fitting.solve import fit_logistic
from benchmarks.verification.examples import (
    VERBATIM_WORTH,
    Example,
    counts_of,
    evidence_of,
    examples,
)

_RIDGE: Final = 0.002
_ROUNDS: Final = 4
_FILE: Final = Path(verification.__file__).with_name("weights.json")


def main() -> None:
    chosen = [one for one in examples() if not one.held_out]
    weights = fit(chosen)
    named = dict(zip((*FEATURES, "constant"), weights, strict=True))
    content = {
        "about": "Fitted by benchmarks/verification/fit.py, which says on what.",
        "weights": {name: round(float(weight), 4) + 0.0 for name, weight in named.items()},
    }
    _FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"{_FILE.name}: fitted to {len(chosen)} sentences.")


def fit(chosen: list[Example]) -> NDArray[np.float64]:
    """Return the weights and the constant.

    A sentence is judged by the passage that speaks most for it, which depends on the weights: so
    passages are chosen and weights are fitted in turns.
    """
    features = [_features(one) for one in chosen]
    right = np.array([one.kind is None for one in chosen], float)
    paraphrased = [one for one in chosen if not one.verbatim]
    own = [one for one in chosen if one.verbatim]
    counts = {
        id(one): worth * count
        for group, worth in ((paraphrased, 1.0), (own, VERBATIM_WORTH))
        for one, count in zip(group, counts_of(group), strict=True)
    }
    count = np.array([counts[id(one)] for one in chosen])
    table = np.array([rows[0] for rows in features])
    weights = np.zeros(len(FEATURES) + 1)
    for _ in range(_ROUNDS):
        weights = fit_logistic(table, right, np.array(SIGNS, float), _RIDGE, counts=count)
        table = np.array([rows[int(np.argmax(rows @ weights[:-1]))] for rows in features])
    return weights


def _features(example: Example) -> NDArray[np.float64]:
    found = candidates(example.text, evidence_of(example.given))
    return np.array([astuple(one) for one in found], float)


if __name__ == "__main__":
    main()
