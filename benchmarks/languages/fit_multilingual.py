"""Fits how sure answers are in the multilingual space, in languages far from English and German.

    python -m benchmarks.languages.fit_multilingual [--write]

The middle that is subtracted from that space's vectors is one of English and German texts
(`benchmarks/fitting/centre.py`). Any two texts in Chinese, say, are still near each other, and
confidence fitted to German takes each of them for an answer. So the chances are fitted again, on
the questions that `fit` is fitted on, each asked where its page is and where it is not; the order
remains. Prints them, and what they reach on the other questions; `--write` puts them into the
product's `weights_multilingual.json`.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("ANSWERDESK_EMBEDDER", "e5")

import argparse
import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

import answerdesk.answering.extractive as engine
from answerdesk.answering.extractive.weights import FAR, FILES, Weights, weights_for
from answerdesk.providers.embedders import MULTILINGUAL_SPACE
from benchmarks.data import DataMissing
from benchmarks.fit_answering import narrow, stored
from benchmarks.fitting.collect import Collected, Collector
from benchmarks.fitting.tables import answers
from benchmarks.languages.fit import (
    Cases,
    cases,
    fit_confidence,
    fit_subject,
    half,
    joined,
    reached,
)
from benchmarks.languages.sets import LANGUAGES, language_set, require
from benchmarks.product import product

_SUBJECT: Final = ("bm25", "best", "near", "soft", "held", "unmet")
_GERMAN: Final = weights_for("de", MULTILINGUAL_SPACE)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.languages.fit_multilingual")
    parser.add_argument("--write", action="store_true", help="replace the product's weights")
    arguments = parser.parse_args()
    try:
        require()
        collected = asyncio.run(_collect())
    except DataMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    known = {name: cases(one) for name, one in collected.items()}
    absent = {name: cases(one, absent=True) for name, one in collected.items()}
    weights = fit(known, absent)
    for name, asked in known.items():
        others = half(asked, 1), half(absent[name], 1)
        print(name, "before:", reached(*others, _GERMAN))
        print(name, "now:", reached(*others, weights))
    print(json.dumps(stored(weights), indent=1))
    if arguments.write:
        path = Path(engine.__file__).parent / FILES[MULTILINGUAL_SPACE]
        written = json.loads(path.read_text(encoding="utf-8"))
        written["groups"][FAR] = stored(weights)
        path.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    return 0


async def _collect() -> dict[str, Collected]:
    async with product() as running:
        collector = Collector(running.application)
        return {name: await collector.collect(language_set(name)) for name in LANGUAGES}


def fit(known: Cases, absent: Cases) -> Weights:
    """Fit the chances of all these languages together."""
    asked, missing = joined(known), joined(absent)
    there, none = answers(asked, _GERMAN), answers(missing, _GERMAN)
    answerable = np.array([not case.question.impossible for case in asked])
    return replace(
        _GERMAN,
        subject=narrow(fit_subject(there, none, answerable, _SUBJECT)),
        confidence=narrow(
            fit_confidence(there, answerable, ("joint", "closest"), _GERMAN.confidence)
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
