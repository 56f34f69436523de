"""Fits how sure answers are in the multilingual space, in languages far from English and German.

    python -m benchmarks.languages.fit_multilingual [--write]

The middle that is subtracted from that space's vectors is one of English and German texts
(`benchmarks/fitting/centre.py`). Any two texts in Chinese, say, are still near each other, and
confidence fitted to German takes each of them for an answer. That a passage is nearer than the
others says more than that it is near, so the chances are fitted again with how far it stands apart
(`Crowd`), on the questions that `fit` is fitted on, each asked where its page is and where it is
not; the order remains.

Passages in other languages have a group of their own, fitted on the shop's questions where its
pages are in another of its languages. Halves are the same: a page's questions are fitted on in all
languages, or in none. Prints both, and what they reach on the other questions; `--write` puts them
into the product's `weights_multilingual.json`.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("ANSWERDESK_EMBEDDER", "e5")

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import answerdesk.answering.extractive as engine
from answerdesk.answering.extractive.subject import SUBJECT_FEATURES, SUBJECT_SIGNS
from answerdesk.answering.extractive.weights import (
    FAR,
    FAR_FOREIGN,
    FILES,
    Weights,
    weights_for,
)
from answerdesk.providers.embedders import MULTILINGUAL_SPACE
from benchmarks.data import DataMissing
from benchmarks.fit_answering import narrow, stored
from benchmarks.fitting.collect import Collected, Collector
from benchmarks.fitting.solve import Vector, fit_logistic
from benchmarks.fitting.tables import Answers, answers
from benchmarks.languages.fit import Cases, cases, fit_confidence, half, joined, reached, used
from benchmarks.languages.sets import LANGUAGES, SHOP_IN, across, language_set, require
from benchmarks.product import product

_RIDGE: Final = 1e-2
_SUBJECT: Final = ("bm25", "best", "near", "soft", "held", "unmet")
_FOREIGN_SUBJECT: Final = ("best",)
"""Words of other languages say nothing, and what they share by chance misleads."""
_ABSENT: Final = 1.25
_FOREIGN_ABSENT: Final = 1.5
"""What a question that nothing answers counts across languages: most are asked there only because
nothing in their own language answers."""
_GERMAN: Final = weights_for("de", MULTILINGUAL_SPACE)
_FOREIGN: Final = weights_for("de", MULTILINGUAL_SPACE, foreign=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.languages.fit_multilingual")
    parser.add_argument("--write", action="store_true", help="replace the product's weights")
    arguments = parser.parse_args()
    try:
        require()
        own, others = asyncio.run(_collect())
    except DataMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    groups = {
        FAR: _fit(own, _GERMAN, _SUBJECT, absent_count=_ABSENT),
        FAR_FOREIGN: _fit(
            others, _FOREIGN, _FOREIGN_SUBJECT, absent_count=_FOREIGN_ABSENT, foreign=True
        ),
    }
    written = {name: stored(weights) for name, weights in groups.items()}
    print(json.dumps(written, indent=1))
    if arguments.write:
        path = Path(engine.__file__).parent / FILES[MULTILINGUAL_SPACE]
        whole = json.loads(path.read_text(encoding="utf-8"))
        whole["groups"] |= written
        path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    return 0


async def _collect() -> tuple[dict[str, Collected], dict[str, Collected]]:
    async with product() as running:
        collector = Collector(running.application)
        own = {name: await collector.collect(language_set(name)) for name in LANGUAGES}
        sets = [
            across(language, pages_in)
            for pages_in in SHOP_IN
            for language in LANGUAGES
            if language != pages_in and (language in SHOP_IN or pages_in == "en")
        ]
        return own, {one.name: await collector.collect(one) for one in sets}


def _fit(
    collected: Mapping[str, Collected],
    order: Weights,
    subject: Sequence[str],
    *,
    absent_count: float = 1.0,
    foreign: bool = False,
) -> Weights:
    """Fit the chances of all these sets together, and print what they reach on the others."""
    known, absent = (
        {
            name: cases(one, absent=missing, foreign=name[:2] if foreign else None)
            for name, one in collected.items()
        }
        for missing in (False, True)
    )
    weights = fit(known, absent, order, subject, absent_count)
    for name in (one for one in known if absent[one]):
        others = half(known[name], 1), half(absent[name], 1)
        print(name, "before:", reached(*others, order))
        print(name, "now:", reached(*others, weights))
    return weights


def fit(
    known: Cases,
    absent: Cases,
    order: Weights,
    subject: Sequence[str],
    absent_count: float = 1.0,
) -> Weights:
    """Fit the chances of all these sets together; a question without an answer counts as told."""
    asked, missing = joined(known), joined(absent)
    there, none = answers(asked, order), answers(missing, order)
    answerable = np.array([not case.question.impossible for case in asked])
    on_subject, apart = _fit_subject(there, none, answerable, subject, absent_count)
    confidence = fit_confidence(there, answerable, ("joint", "closest"), order.confidence)
    return replace(
        order, subject=narrow(on_subject), confidence=narrow(confidence), apart=round(apart, 4)
    )


def _fit_subject(
    there: Answers,
    none: Answers,
    answerable: NDArray[np.bool_],
    features_used: Sequence[str],
    absent_count: float,
) -> tuple[Vector, float]:
    """Fit the chance that a passage is on the subject, and the weight of its standing apart."""
    chosen = used(SUBJECT_FEATURES, features_used)
    right = np.concatenate((answerable, np.zeros(len(none.subjects)))).astype(float)
    subjects = np.vstack((there.subjects, none.subjects)) * chosen
    apart = np.concatenate((there.apart, none.apart))
    signs = np.array((*SUBJECT_SIGNS, 1), float)
    counts = np.where(right > 0, 1.0, absent_count)
    fitted = fit_logistic(np.column_stack((subjects, apart)), right, signs, _RIDGE, counts)
    return np.append(fitted[:-2] * chosen, fitted[-1]), float(fitted[-2])


if __name__ == "__main__":
    sys.exit(main())
