"""Fits the weights of the extractive answers through the product, on the tuning articles only.

    ANSWERDESK_EVAL_DATA=… python -m benchmarks.fit_answering [--write]

Prints the weights and what they reach on the held-out articles; `--write` replaces the product's
`weights.json`. With `ANSWERDESK_EMBEDDER=e5` those of the multilingual space are fitted,
`weights_multilingual.json`. What is fitted on what:

- which passage, which sentence: conditional logits over the passages read and over the sentences of
  the right passage, on answerable questions (`squad2` and `xquad_en`; `xquad_de` for "other").
- confidence: the product of two chances. That the passage is on the subject: a logistic regression
  with signs, on its rank features and what of the question it lacks, over the same questions and,
  weighing half as much, those asked without their article (`xquad_en`) or their paragraph.
  That it answers, if it is: a logistic regression with signs, on whether
  the answer holds a gold string, over the same questions and the unanswerable ones of `squad2`.
  Thus two thirds of the questions on a subject have an answer, and the others are made to look as
  if they had: harder than a help desk's, and so rather too modest for one.
- confidence of "other" languages: the slopes of what speaks against an answer are the English
  ones, since there are no unanswerable questions but English ones; the rest is fitted in German,
  with `xquad_de`'s questions without their article or paragraph.
- "foreign", in the multilingual space only, for questions in a language that the project hasn't:
  German questions about the English paragraphs, and the reverse. All of it is fitted there, but
  for the items.
- Q&A items: the shop's examples, each asked of all others; and asked without its intent's items,
  when none is right, which weigh a third. No test message is read.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import answerdesk.answering.extractive as engine
from answerdesk.answering.extractive.doubt import FEATURES, SIGNS
from answerdesk.answering.extractive.evidence import RANK_FEATURES, SENTENCE_FEATURES
from answerdesk.answering.extractive.subject import SUBJECT_FEATURES, SUBJECT_SIGNS
from answerdesk.answering.extractive.weights import FILES, ITEM_FEATURES, Weights
from answerdesk.providers.embedders import MULTILINGUAL_SPACE
from benchmarks.data import DataMissing, messages, passage_set, require
from benchmarks.fitting.collect import Collected, Collector
from benchmarks.fitting.report import Fitted, report, tuning
from benchmarks.fitting.solve import Vector, fit_choice, fit_logistic
from benchmarks.fitting.tables import (
    Answers,
    Case,
    Choices,
    answers,
    cases,
    item_choices,
    rank_choices,
    sentence_choices,
)
from benchmarks.product import product

Stored = NDArray[np.float32]

_RIDGE: Final = 1e-3
_DIGITS: Final = 4
_ENGLISH: Final = ("squad2", "xquad_en")
_FOREIGN: Final = ("xquad_de on xquad_en", "xquad_en on xquad_de")
_ABSENT_SHARE: Final = 0.45
_LACKING_SHARE: Final = 0.05
"""Others of the article often say something that helps, so that these are few."""
_NO_ITEM_SHARE: Final = 1 / 3
_REFITTED: Final = 2
"""Features of confidence, the first ones, that speak for an answer: fitted in every language."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_answering")
    parser.add_argument("--write", action="store_true", help="replace the product's weights.json")
    arguments = parser.parse_args()
    try:
        require()
    except DataMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    space, collected = asyncio.run(_collect())
    groups = fit(collected)
    for name, one in groups.items():
        report(name, one)
    text = _as_json(groups)
    print(text)
    if arguments.write:
        path = Path(engine.__file__).parent / FILES.get(space, "weights.json")
        path.write_text(text + "\n", encoding="utf-8")
    return 0


async def _collect() -> tuple[str, dict[str, Collected]]:
    async with product() as running:
        space = running.application.embedders.default
        collector = Collector(running.application)
        items = await collector.collect_items(messages("hint3_sofmattress/train.jsonl"))
        foreign = _FOREIGN if space == MULTILINGUAL_SPACE else ()
        names = ("squad2", "xquad_en", "xquad_de", *foreign)
        return space, {"items": items} | {
            name: await collector.collect(passage_set(name)) for name in names
        }


def fit(collected: dict[str, Collected]) -> dict[str, Fitted]:
    """Fit every group of languages: "en", "other" by German, and "foreign" where it was asked."""
    english = [one for name in _ENGLISH for one in cases(collected[name])]
    absent = cases(collected["xquad_en"], "article")
    lacking = [one for name in _ENGLISH for one in cases(collected[name], "paragraph")]
    first = _ordering(english)
    known = answers(tuning(english), first)
    subject = _subject(*(answers(tuning(one), first) for one in (english, absent, lacking)))
    confidence = _confidence(known)
    item, item_confidence = fit_items(collected["items"])

    german = cases(collected["xquad_de"])
    german_absent = cases(collected["xquad_de"], "article")
    german_lacking = cases(collected["xquad_de"], "paragraph")
    other = _ordering(german)
    known = answers(tuning(german), other)
    other_subject = _subject(
        *(answers(tuning(one), other) for one in (german, german_absent, german_lacking))
    )
    other_confidence = _confidence(known, confidence[_REFITTED:-1])

    rows = [
        ("en", first, subject, confidence, english, absent, lacking),
        ("other", other, other_subject, other_confidence, german, german_absent, german_lacking),
    ]
    if set(_FOREIGN) <= set(collected):
        rows.append(("foreign", *_foreign(collected)))
    groups = {}
    for name, order, there, sure, asked, missing, without in rows:
        scale = scaled(item, answers(tuning(asked), order), answers(tuning(missing), order))
        weights = Weights(
            order.rank,
            order.sentence,
            narrow(there),
            narrow(sure),
            scale,
            narrow(item_confidence),
        )
        groups[name] = Fitted(weights, asked, missing, without)
    return groups


def _foreign(
    collected: dict[str, Collected],
) -> tuple[Weights, Vector, Vector, list[Case], list[Case], list[Case]]:
    """Fit what is asked in another language than the paragraphs'; return it with its cases."""
    asked = [one for name in _FOREIGN for one in cases(collected[name])]
    absent = [one for name in _FOREIGN for one in cases(collected[name], "article")]
    lacking = [one for name in _FOREIGN for one in cases(collected[name], "paragraph")]
    order = _ordering(asked)
    known, *others = (answers(tuning(one), order) for one in (asked, absent, lacking))
    return order, _subject(known, *others), _confidence(known), asked, absent, lacking


def _ordering(asked: Sequence[Case]) -> Weights:
    """Return weights with what orders passages and sentences; the rest is zero."""
    passages, sentences = rank_choices(tuning(asked)), sentence_choices(tuning(asked))
    return Weights(
        rank=narrow(_chosen(passages)),
        sentence=narrow(_chosen(sentences)),
        subject=np.zeros(len(SUBJECT_FEATURES) + 1, np.float32),
        confidence=np.zeros(len(FEATURES) + 1, np.float32),
        qa=np.zeros(len(ITEM_FEATURES) + 1, np.float32),
        qa_confidence=np.zeros(len(ITEM_FEATURES) + 1, np.float32),
    )


def _chosen(choices: Choices) -> Vector:
    return fit_choice(choices.features, choices.there, choices.right, _RIDGE)


def _subject(known: Answers, absent: Answers, lacking: Answers) -> Vector:
    parts = known.subjects, absent.subjects, lacking.subjects
    there = np.concatenate([np.full(len(part), part is known.subjects) for part in parts])
    shares = 1.0, _ABSENT_SHARE, _LACKING_SHARE
    count = np.concatenate(
        [
            np.full(len(part), share * len(known.subjects) / len(part))
            for part, share in zip(parts, shares, strict=True)
        ]
    )
    signs = np.array(SUBJECT_SIGNS, float)
    return fit_logistic(np.vstack(parts), there.astype(float), signs, _RIDGE, count)


def _confidence(known: Answers, slopes: Vector | None = None) -> Vector:
    features, right, signs = known.doubts, known.right.astype(float), np.array(SIGNS, float)
    if slopes is None:
        return fit_logistic(features, right, signs, _RIDGE)
    offset = features[:, _REFITTED:] @ slopes
    refitted = features[:, :_REFITTED]
    fitted = fit_logistic(refitted, right, signs[:_REFITTED], _RIDGE, offset=offset)
    return np.concatenate((fitted[:-1], slopes, fitted[-1:]))


def _counts(known: int, absent: int, share: float) -> Vector:
    """Return row weights so that the absent ones together weigh `share` of the known ones."""
    return np.concatenate((np.ones(known), np.full(absent, share * known / absent)))


@dataclass(frozen=True, slots=True)
class _Items:
    """The order of items, and the middles of its scores where right and where none is."""

    slopes: Vector
    right: float
    wrong: float


def fit_items(collected: Collected) -> tuple[_Items, Vector]:
    known, none = item_choices(collected), item_choices(collected, own_label=False)
    slopes = fit_choice(known.features, known.there, known.right, _RIDGE)
    slopes = np.maximum(slopes, 0.0)
    first, right = _first(known, slopes)
    other, _ = _first(none, slopes)
    features = np.vstack((first, other))
    hits = np.concatenate((right.astype(float), np.zeros(len(other))))
    count = _counts(len(first), len(other), _NO_ITEM_SHARE)
    confidence = fit_logistic(features, hits, np.ones(len(ITEM_FEATURES)), _RIDGE, count)
    print(f"items: {len(right)} examples, right first {right.mean():.3f}; {len(other)} without")
    middles = np.median(first[right] @ slopes), np.median(other @ slopes)
    return _Items(slopes, float(middles[0]), float(middles[1])), confidence


def _first(choices: Choices, slopes: Vector) -> tuple[Vector, NDArray[np.bool_]]:
    scores = np.where(choices.there, choices.features @ slopes, -np.inf)
    rows, best = np.arange(len(scores)), scores.argmax(axis=1)
    return choices.features[rows, best], choices.right[rows, best]


def scaled(items: _Items, known: Answers, absent: Answers) -> Stored:
    """Return the items' weights on the passages' scale: the middles of right and wrong agree."""
    right = float(np.median(known.scores[known.right]))
    wrong = float(np.median(absent.scores))
    factor = (right - wrong) / (items.right - items.wrong)
    return narrow(np.append(items.slopes * factor, wrong - items.wrong * factor))


def narrow(weights: Vector) -> Stored:
    """Return weights rounded as they are stored, so that what is reported is what is shipped."""
    return np.round(weights, _DIGITS).astype(np.float32)


def _as_json(groups: dict[str, Fitted]) -> str:
    stored = {name: stored(one.weights) for name, one in groups.items()}
    about = "Fitted by benchmarks/fit_answering.py, which says on what."
    return json.dumps({"about": about, "groups": stored}, indent=1)


def stored(weights: Weights) -> dict[str, dict[str, float]]:
    names: dict[str, tuple[Stored, Sequence[str]]] = {
        "rank": (weights.rank, RANK_FEATURES),
        "sentence": (weights.sentence, SENTENCE_FEATURES),
        "subject": (weights.subject, (*SUBJECT_FEATURES, "constant")),
        "confidence": (weights.confidence, (*FEATURES, "constant")),
        "qa": (weights.qa, (*ITEM_FEATURES, "constant")),
        "qa_confidence": (weights.qa_confidence, (*ITEM_FEATURES, "constant")),
    }
    written = {
        key: {name: round(float(one), _DIGITS) for name, one in zip(features, vector, strict=True)}
        for key, (vector, features) in names.items()
    }
    if weights.apart:
        written["subject"]["apart"] = round(weights.apart, _DIGITS)
    return written


if __name__ == "__main__":
    sys.exit(main())
