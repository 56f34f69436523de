import numpy as np

from benchmarks.data import Paragraph, Question
from benchmarks.product import Asked, Candidates
from benchmarks.quality.rankers import (
    Bm25s,
    Fusion,
    min_max,
    order,
    reciprocal_rank_fusion,
    sweep,
    z_scores,
)


def _asked(relevant: str, bm25: list[float], chunk: list[float]) -> Asked:
    question = Question("1", "?", "Warsaw", frozenset({relevant}), (), impossible=False)
    names = tuple("abc"[: len(bm25)])
    columns = (np.array(bm25), np.array(chunk), np.array(chunk))
    return Asked(question, Candidates(names, *columns), (), None)


def test_equal_scores_are_in_the_order_of_their_names() -> None:
    assert order(["c", "a", "b"], np.array([1.0, 1.0, 2.0])) == ["b", "a", "c"]
    assert order([], np.array([])) == []


def test_normalised_scores_have_one_scale() -> None:
    assert min_max(np.array([1.0, 3.0, 2.0])).tolist() == [0, 1, 0.5]
    assert z_scores(np.array([1.0, 3.0])).tolist() == [-1, 1]
    for scale in (min_max, z_scores):
        assert scale(np.array([2.0, 2.0])).tolist() == [0, 0]
        assert scale(np.array([])).size == 0


def test_reciprocal_ranks_are_added_up() -> None:
    # a: 1/61 + 1/63, b: 1/62 + 1/61, c: 1/63 + 1/62.
    one = _asked("a", [3.0, 2.0, 1.0], [0.1, 0.9, 0.5])
    assert reciprocal_rank_fusion(one.candidates) == ["b", "a", "c"]


def test_the_sweep_finds_the_signal_that_tells() -> None:
    words = [_asked("c", [1.0, 2.0, 3.0], [0.3, 0.2, 0.1])] * 2
    meaning = [_asked("c", [3.0, 2.0, 1.0], [0.1, 0.2, 0.9])] * 2
    assert sweep(words, lambda one: one.chunk).bm25_weight > 0.5
    assert sweep(meaning, lambda one: one.chunk).bm25_weight < 0.5


def test_a_fusion_weighs_both_signals() -> None:
    scores = Fusion("min-max", 0.75).scores(np.array([0.0, 4.0]), np.array([0.5, 0.0]))
    assert scores.tolist() == [0.25, 0.75]


def test_bm25s_stems_and_can_read_titles() -> None:
    paragraphs = [
        Paragraph("p1", "Oxygen", "Plants release it."),
        Paragraph("p2", "Rhine", "The rivers flow north."),
    ]
    with_titles = Bm25s(paragraphs, "en", titles=True)
    assert Bm25s(paragraphs, "en", titles=False).rank("Which river flows?")[0] == "p2"
    assert with_titles.rank("oxygen")[0] == "p1"
    assert with_titles.rank("the") == ["p1", "p2"]
