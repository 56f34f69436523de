"""From what search proposed to tables of features, by the product's own modules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.choose import Crowd
from answerdesk.answering.extractive.doubt import doubt
from answerdesk.answering.extractive.evidence import likeness_both_ways
from answerdesk.answering.extractive.question import Asked
from answerdesk.answering.extractive.rerank import Ranked, Read, rank, read
from answerdesk.answering.extractive.showing import chosen_sentences, spans_shown
from answerdesk.answering.extractive.subject import subject
from answerdesk.answering.extractive.weights import Weights
from answerdesk.kit.spans import quote
from benchmarks.data import Message, Question
from benchmarks.fitting.collect import Collected
from benchmarks.squad import contains

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A question of an article with the candidates as the product reads them.

    `crowd` is that of all candidates, also of those that are not read closely.
    """

    question: Question
    asked: Asked
    read: tuple[Read, ...]
    crowd: Crowd

    def is_right(self, one: Read) -> bool:
        return one.found.chunk.path in self.question.relevant


@dataclass(frozen=True, slots=True)
class Choices:
    """Rows of choices: `features` (rows, choices, n), `there` and `right` (rows, choices)."""

    features: Table
    there: NDArray[np.bool_]
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answers:
    """The first passage of each case: doubts (rows, n), whether its answer is right, its score.

    `subjects` are the features of its being on the subject (rows, n), `apart` how far it stands
    apart; `ranked_right` says whether it is the passage that the question was written for.
    """

    subjects: Table
    apart: Table
    doubts: Table
    right: NDArray[np.bool_]
    scores: Table
    ranked_right: NDArray[np.bool_]
    shown: NDArray[np.int_]


Without = Literal["nothing", "paragraph", "article"]


def cases(collected: Collected, without: Without = "nothing") -> list[Case]:
    """Read the candidates of each question, `without` what has its answer, if wanted.

    Without its article nothing is right; without its paragraph only what others happen to say, and
    the questions are those that have an answer.
    """
    articles: dict[str, set[str]] = {}
    for chunk in collected.chunks:
        articles.setdefault(chunk.title, set()).add(chunk.path)
    found = []
    for put in collected.puts:
        if isinstance(put.about, Question):
            left_out = {
                "nothing": frozenset[str](),
                "paragraph": frozenset(put.about.relevant),
                "article": frozenset(articles[put.about.article.replace("_", " ")]),
            }[without]
            candidates = collected.found(put, left_out)
            asked, looked = read(put.question, candidates)
            closely = tuple(one for one in looked if one.evidence is not None)
            if closely and not (without == "paragraph" and put.about.impossible):
                found.append(Case(put.about, asked, closely, Crowd.of(candidates)))
    return found


def rank_choices(asked: Iterable[Case]) -> Choices:
    """Return the rank features of the passages read for each answerable question."""
    rows = []
    for case in asked:
        right = [case.is_right(one) for one in case.read]
        if any(right) and not case.question.impossible:
            rows.append(([one.evidence.rank for one in case.read if one.evidence], right))
    return _padded(rows)


def sentence_choices(asked: Iterable[Case]) -> Choices:
    """Return the sentences of the right passages; one with a gold string in it is right."""
    rows = []
    for case in asked:
        for one in case.read:
            if case.question.impossible or not case.is_right(one) or one.evidence is None:
                continue
            chunk = one.found.chunk
            right = [contains(s.of(chunk.text), case.question.answers) for s in chunk.sentences]
            if any(right):
                rows.append((list(one.evidence.sentences), right))
    return _padded(rows)


def answers(asked: Iterable[Case], weights: Weights) -> Answers:
    """Return what is made of each question by weights whose ranks and sentences are fitted."""
    rows = []
    for case in asked:
        best = rank(case.asked, case.read, weights)[0]
        assert best.evidence is not None and best.passage is not None  # noqa: PT018
        sentence = int(best.sentence_scores.argmax())
        spans = spans_shown(case.asked, best)
        relevant = best.found.chunk.path in case.question.relevant
        right = not case.question.impossible and _has_gold(case, best)
        chosen = chosen_sentences(best.sentence_scores)
        looked_at = case.asked, best.passage, best.evidence, sentence, chosen
        apart = case.crowd.apart(best.found)
        features = subject(*looked_at), apart, doubt(*looked_at)
        rows.append((*features, right, best.score, relevant, len(spans)))
    subjects, apart_, doubts_, right_, scores, relevant_, shown_ = zip(*rows, strict=True)
    return Answers(
        np.array(subjects, float),
        np.array(apart_, float),
        np.array(doubts_, float),
        np.array(right_, bool),
        np.array(scores, float),
        np.array(relevant_, bool),
        np.array(shown_, int),
    )


def _has_gold(case: Case, best: Ranked) -> bool:
    text = quote(best.found.chunk.text, spans_shown(case.asked, best))
    return contains(text, case.question.answers)


def item_choices(collected: Collected, *, own_label: bool = True) -> Choices:
    """Return (cosine, likeness) of the other items for each example; right are those of its label.

    With `own_label` False the items of its label are left out, so that none is right.
    """
    rows = []
    for put in collected.puts:
        assert isinstance(put.about, Message)
        own = frozenset(c.path for c in collected.chunks if c.text.startswith(put.about.text))
        asked, looked = read(put.question, collected.found(put, own))
        features, right = [], []
        for one in looked:
            same = one.found.chunk.text.rsplit("\n", 1)[-1] == put.about.label
            if one.passage is None or one.evidence is None or (same and not own_label):
                continue
            likeness = likeness_both_ways(asked, one.passage, one.evidence)
            features.append([float(one.evidence.sentences[0, 0]), likeness])
            right.append(same)
        if features and (any(right) or not own_label):
            rows.append((features, right))
    return _padded(rows)


def _padded(rows: Sequence[tuple[Sequence[object], Sequence[bool]]]) -> Choices:
    most = max(len(right) for _, right in rows)
    width = len(rows[0][0][0])  # type: ignore[arg-type]
    features = np.zeros((len(rows), most, width))
    there = np.zeros((len(rows), most), bool)
    right_ = np.zeros((len(rows), most), bool)
    for row, (values, right) in enumerate(rows):
        features[row, : len(right)] = np.array(values, float)
        there[row, : len(right)] = True
        right_[row, : len(right)] = right
    return Choices(features, there, right_)
