"""Edit distance: every kind of typing error counts one, and too many are refused."""

from itertools import product

import pytest

from answerdesk.kit.edit_distance import edit_distance


@pytest.mark.parametrize(
    ("one", "other", "most"),
    [("refund", "fund", 1), ("abc", "cab", 1), ("return", "refuse", 2), ("a", "wxyz", 2)],
)
def test_more_errors_than_allowed_are_none(one: str, other: str, most: int) -> None:
    assert edit_distance(one, other, most) is None


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("refund", "refund", 0),
        ("refnd", "refund", 1),
        ("refuund", "refund", 1),
        ("refand", "refund", 1),
        ("reufnd", "refund", 1),
        ("erfund", "refund", 1),
        ("refudn", "refund", 1),
        ("deilvrey", "delivery", 2),
        ("", "ab", 2),
    ],
)
def test_each_error_counts_one(one: str, other: str, errors: int) -> None:
    assert edit_distance(one, other, 2) == errors
    assert edit_distance(other, one, 2) == errors


def _unbounded(one: str, other: str) -> int:
    """The textbook's recursion, with no band to get wrong."""
    if not one or not other:
        return len(one) + len(other)
    found = min(
        _unbounded(one[:-1], other) + 1,
        _unbounded(one, other[:-1]) + 1,
        _unbounded(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and one[-1] == other[-2] and one[-2] == other[-1]:
        found = min(found, _unbounded(one[:-2], other[:-2]) + 1)
    return found


def test_the_band_gives_what_the_whole_table_gives() -> None:
    words = ["".join(letters) for size in range(5) for letters in product("ab", repeat=size)]
    for one, other, most in product(words, words, (1, 2)):
        whole = _unbounded(one, other)
        assert edit_distance(one, other, most) == (whole if whole <= most else None)
