from math import log2

import numpy as np
import pytest

from benchmarks.metrics import (
    auroc,
    bootstrap,
    calibration_bins,
    expected_calibration_error,
    false_answer_rate,
    mean,
    ndcg,
    recall,
    separation,
    share,
)


def test_recall_counts_only_the_first_k() -> None:
    ranked = ["a", "b", "c", "d"]
    assert recall(ranked, {"c"}, 2) == 0
    assert recall(ranked, {"c"}, 3) == 1
    assert recall(ranked, {"b", "d"}, 3) == 0.5
    assert recall(ranked, {"x"}, 4) == 0
    assert recall([], {"x"}, 4) == 0


def test_ndcg_of_one_relevant_document_falls_with_its_place() -> None:
    ranked = ["a", "b", "c"]
    assert ndcg(ranked, {"a"}, 10) == 1
    assert ndcg(ranked, {"b"}, 10) == pytest.approx(1 / log2(3))
    assert ndcg(ranked, {"c"}, 10) == pytest.approx(0.5)
    assert ndcg(ranked, {"c"}, 2) == 0
    assert ndcg(ranked, {"x"}, 10) == 0


def test_ndcg_of_several_is_relative_to_the_best_order() -> None:
    best = 1 + 1 / log2(3)
    assert ndcg(["a", "b", "x"], {"a", "b"}, 10) == 1
    assert ndcg(["a", "x", "b"], {"a", "b"}, 10) == pytest.approx((1 + 0.5) / best)
    # Only one of three fits into the first place, so that one there is all there can be.
    assert ndcg(["a", "x", "b"], {"a", "b", "c"}, 1) == 1


def test_auroc_counts_pairs_and_half_a_pair_for_a_tie() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1
    assert auroc([0.1, 0.2], [0.9, 0.8]) == 0
    assert auroc([0.5, 0.5], [0.5, 0.5, 0.5]) == 0.5
    # Of six pairs: 3 > 2, 3 > 1, 3 = 3 (half), 1 < 2, 1 = 1 (half), 1 < 3.
    assert auroc([3, 1], [1, 2, 3]) == pytest.approx(3 / 6)
    assert auroc([2, 3], [1, 2]) == pytest.approx(3.5 / 4)
    assert np.isnan(auroc([], [1]))
    assert np.isnan(auroc([1], []))


def test_false_answers_are_counted_at_the_threshold_that_enough_positives_reach() -> None:
    positive = [n / 20 for n in range(1, 21)]
    # 19 of 20 positives reach 0.1; so do the negatives at 0.1 and 0.9.
    assert false_answer_rate(positive, [0.05, 0.09, 0.1, 0.9]) == 0.5
    assert false_answer_rate(positive, [0.05, 0.09, 0.1, 0.9], answered=1.0) == 1.0
    assert false_answer_rate(positive, [0.05, 0.49, 0.5, 0.9], answered=0.5) == 0.25
    assert false_answer_rate([0.5, 0.5], [0.5]) == 1
    assert np.isnan(false_answer_rate([], [0.5]))


def test_calibration_puts_each_confidence_into_its_bin() -> None:
    bins = calibration_bins([0.0, 0.05, 0.1, 0.95, 1.0], [0, 1, 1, 1, 0])
    assert [(one.low, one.count) for one in bins] == [(0.0, 2), (0.1, 1), (0.9, 2)]
    assert bins[0].confidence == pytest.approx(0.025)
    assert bins[0].right == 0.5
    assert bins[2].confidence == pytest.approx(0.975)


def test_calibration_error_weighs_bins_by_their_answers() -> None:
    assert expected_calibration_error([1.0, 1.0, 0.0], [1, 1, 0]) == 0
    assert expected_calibration_error([1.0, 1.0], [0, 0]) == 1
    # Three answers that are 0.85 sure and 2/3 right, one that is 0.2 sure and wrong.
    error = expected_calibration_error([0.85, 0.85, 0.85, 0.2], [1, 1, 0, 0])
    assert error == pytest.approx(0.75 * (0.85 - 2 / 3) + 0.25 * 0.2)


def test_a_share_comes_with_its_wilson_interval() -> None:
    half = share([True] * 5 + [False] * 5)
    assert half.value == 0.5
    assert half.low == pytest.approx(0.2366, abs=1e-4)
    assert half.high == pytest.approx(0.7634, abs=1e-4)
    every = share([True] * 10)
    assert every.low == pytest.approx(0.7225, abs=1e-4)
    assert every.high == pytest.approx(1)
    assert np.isnan(share([]).value)


def test_a_bootstrap_comes_out_the_same_each_time_and_surrounds_its_value() -> None:
    values = [0.0, 1.0] * 50
    first, again = mean(values), mean(values)
    assert first == again
    assert first.value == 0.5
    assert first.low is not None
    assert first.high is not None
    assert 0.35 < first.low < 0.45
    assert 0.55 < first.high < 0.65
    assert np.isnan(bootstrap(lambda rows: float(rows.size), 0).value)


def test_separation_keeps_each_score_with_its_class() -> None:
    area, false_answers = separation([0.9, 0.1, 0.8, 0.2], [True, False, True, False])
    assert area.value == 1
    assert false_answers.value == 0
    area, false_answers = separation([0.9, 0.1, 0.8, 0.2], [False, True, True, False])
    assert area.value == pytest.approx(1 / 4)
    assert false_answers.value == 1
