"""Fits the weights for questions that only words compare with passages.

    ANSWERDESK_EVAL_DATA=… python -m benchmarks.languages.fit [--write]

Prints them, and what they reach on the questions that they were not fitted on; `--write` replaces
the product's `weights_words.json`. They are fitted on the questions to half of the pages (of Hindi,
on half of the questions), each asked where its page is and where it is not. So few questions can
tell few features apart, and without a meaning to go by the others mostly repeat what BM25 says. The
order is fitted on all languages together; confidence on Thai apart, of whose threes (`kit/scripts`)
a question meets fewer than of others' words. What speaks against an answer weighs what it weighs in
German. Items are those of the shop, as in `fit_answering`, by their words alone.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("ANSWERDESK_EMBEDDER", "fake")  # No vector is looked at.

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
from answerdesk.answering.extractive.choose import LEAST_CONFIDENCE, Crowd
from answerdesk.answering.extractive.doubt import FEATURES, SIGNS
from answerdesk.answering.extractive.evidence import RANK_FEATURES
from answerdesk.answering.extractive.rerank import read
from answerdesk.answering.extractive.subject import SUBJECT_FEATURES, SUBJECT_SIGNS
from answerdesk.answering.extractive.weights import Weights, group_of, weights_for
from answerdesk.kit.language import UNKNOWN
from benchmarks.data import DataMissing, Question, messages
from benchmarks.fit_answering import fit_items, narrow, scaled, stored
from benchmarks.fitting.collect import Collected, Collector
from benchmarks.fitting.solve import Vector, fit_choice, fit_logistic
from benchmarks.fitting.tables import Answers, Case, answers, rank_choices
from benchmarks.languages.sets import LANGUAGES, half_of_page, language_set, page_of, require
from benchmarks.metrics import expected_calibration_error
from benchmarks.product import product

_RIDGE: Final = 1e-2
_RANK: Final = ("bm25", "joint")
_SHARES: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_SUBJECT: Final = ("bm25", "joint", "near", "soft", "held", "unmet")
_REFITTED: Final = 2
_GERMAN: Final = weights_for("de")

Flags = NDArray[np.bool_]
Cases = Mapping[str, Sequence[Case]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.languages.fit")
    parser.add_argument("--write", action="store_true", help="replace the product's weights")
    arguments = parser.parse_args()
    try:
        require()
        items, collected = asyncio.run(_collect())
    except DataMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    collected = {name: without_vectors(one) for name, one in collected.items()}
    known = {name: cases(one) for name, one in collected.items()}
    absent = {name: cases(one, absent=True) for name, one in collected.items()}
    groups = fit(known, absent, items)
    for name, asked in known.items():
        weights = groups[group_of(name)]
        print(name, reached(half(asked, 1), half(absent[name], 1), weights))
    about = "Fitted by benchmarks/languages/fit.py, which says on what."
    written = {name: stored(weights) for name, weights in groups.items()}
    text = json.dumps({"about": about, "groups": written}, indent=1)
    print(text)
    if arguments.write:
        path = Path(engine.__file__).parent / "weights_words.json"
        path.write_text(text + "\n", encoding="utf-8")
    return 0


async def _collect() -> tuple[Collected, dict[str, Collected]]:
    async with product() as running:
        collector = Collector(running.application)
        items = await collector.collect_items(messages("hint3_sofmattress/train.jsonl"))
        return items, {name: await collector.collect(language_set(name)) for name in LANGUAGES}


def fit(known: Cases, absent: Cases, items: Collected) -> dict[str, Weights]:
    """Fit the order, and by group what the first passages say, as `fit_answering` does."""
    order = replace(_GERMAN, rank=narrow(_order(joined(known))))
    slopes, item_confidence = fit_items(without_vectors(items))
    groups = {}
    for group in dict.fromkeys(map(group_of, known)):
        asked = joined({name: known[name] for name in known if group_of(name) == group})
        missing = joined({name: absent[name] for name in known if group_of(name) == group})
        there, none = answers(asked, order), answers(missing, order)
        answerable = np.array([not case.question.impossible for case in asked])
        groups[group] = replace(
            order,
            subject=narrow(fit_subject(there, none, answerable, _SUBJECT)),
            confidence=narrow(fit_confidence(there, answerable, ("joint",), _GERMAN.confidence)),
            qa=scaled(slopes, there, none),
            qa_confidence=narrow(item_confidence),
        )
    return groups


def joined(asked: Cases) -> list[Case]:
    """Return what is fitted on, of all languages together."""
    return [case for one in asked.values() for case in half(one, 0)]


def _order(asked: Sequence[Case]) -> Vector:
    """Return BM25 and a share of "joint": that with most passages first; of equals, the largest."""
    choices = rank_choices(asked)
    bm25, joint = (choices.features[..., RANK_FEATURES.index(name)] for name in _RANK)

    def first(share: float) -> float:
        scores = np.where(choices.there, bm25 + share * joint, -np.inf)
        return float(choices.right[np.arange(len(scores)), scores.argmax(axis=1)].mean())

    share = max(_SHARES, key=lambda one: (first(one), one))
    both = (bm25 + share * joint)[..., None]
    (scale,) = fit_choice(both, choices.there, choices.right, _RIDGE)
    order: Vector = used(RANK_FEATURES, _RANK[:1]) + share * used(RANK_FEATURES, _RANK[1:])
    return order * float(scale)


def fit_subject(
    there: Answers, none: Answers, answerable: Flags, features_used: Sequence[str]
) -> Vector:
    """Fit the chance that a passage is on the subject, by some of the features."""
    chosen = used(SUBJECT_FEATURES, features_used)
    right = np.concatenate((answerable, np.zeros(len(none.subjects)))).astype(float)
    features = np.vstack((there.subjects, none.subjects)) * chosen
    fitted = fit_logistic(features, right, np.array(SUBJECT_SIGNS, float), _RIDGE)
    fitted[:-1] *= chosen
    return fitted


def fit_confidence(
    there: Answers, answerable: Flags, features_used: Sequence[str], given: NDArray[np.float32]
) -> Vector:
    """Fit the chance that a passage on the subject answers; what speaks against it is `given`."""
    doubts, right = there.doubts[answerable], there.right[answerable].astype(float)
    slopes = np.array(given[_REFITTED:-1], float)
    chosen = used(FEATURES[:_REFITTED], features_used)
    fitted = fit_logistic(
        doubts[:, :_REFITTED] * chosen,
        right,
        np.array(SIGNS[:_REFITTED], float),
        _RIDGE,
        offset=doubts[:, _REFITTED:] @ slopes,
    )
    return np.concatenate((fitted[:-1] * chosen, slopes, fitted[-1:]))


def used(features: Sequence[str], names: Sequence[str]) -> Vector:
    return np.array([name in names for name in features], float)


def cases(collected: Collected, *, absent: bool = False, foreign: str | None = None) -> list[Case]:
    """Read the candidates of each question, those of its own page or not.

    With `foreign`, its language, only those in other languages, as passages in other languages.
    """
    found = []
    for put in collected.puts:
        assert isinstance(put.about, Question)
        if absent and put.about.impossible:
            continue
        page = put.about.article.partition("/")[2]
        own = frozenset(c.path for c in collected.chunks if absent and page_of(c.path) == page)
        question, candidates = put.question, collected.found(put, own)
        if foreign is not None:
            question = replace(question, foreign=True)
            candidates = [one for one in candidates if one.chunk.language not in (foreign, UNKNOWN)]
        asked, looked = read(question, candidates)
        closely = tuple(one for one in looked if one.evidence is not None)
        if closely:
            found.append(Case(put.about, asked, closely, Crowd.of(candidates)))
    return found


def without_vectors(collected: Collected) -> Collected:
    """Return what search proposed as if nothing had been embedded."""
    return replace(
        collected,
        sentence_vectors=tuple(np.zeros_like(one) for one in collected.sentence_vectors),
        token_vectors=tuple(None for _ in collected.token_vectors),
        puts=tuple(
            replace(put, question=replace(put.question, space="", tokens=None))
            for put in collected.puts
        ),
    )


def half(asked: Sequence[Case], number: int) -> list[Case]:
    """Return the cases that are fitted on (0), or the others (1)."""
    return [case for case in asked if half_of_page(_of(case.question)) == number]


def _of(question: Question) -> str:
    by_page = not (question.impossible or question.id.startswith("hi"))
    return question.article.partition("/")[2] if by_page else question.text


def reached(known: Sequence[Case], absent: Sequence[Case], weights: Weights) -> str:
    there, none = answers(known, weights), answers(absent, weights)
    answerable = np.array([not case.question.impossible for case in known])
    sure = np.concatenate((chances(there, weights), chances(none, weights)))
    right = np.concatenate((there.right, np.zeros(len(absent))))
    error = expected_calibration_error(sure, right)
    wrongly = (sure[len(known) :] >= LEAST_CONFIDENCE).mean()
    return (
        f"{answerable.sum()} questions: passage first {there.ranked_right[answerable].mean():.3f},"
        f" answer right {there.right[answerable].mean():.3f}; ECE {error:.3f} at a mean of"
        f" {sure.mean():.3f} for {right.mean():.3f} right; of those without their page"
        f" {wrongly:.3f} answered"
    )


def chances(of: Answers, weights: Weights) -> Vector:
    """Return the confidence in each answer."""
    apart = weights.apart * of.apart
    return _chance(of.subjects, weights.subject, apart) * _chance(of.doubts, weights.confidence)


def _chance(features: Vector, weights: NDArray[np.float32], more: Vector | float = 0.0) -> Vector:
    chance: Vector = 1 / (1 + np.exp(-(features @ weights[:-1] + weights[-1] + more)))
    return chance


if __name__ == "__main__":
    sys.exit(main())
