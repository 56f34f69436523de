"""Words that are nearly the same meet; others do not."""

import pytest

from answerdesk.answering.extractive.likeness import LEAST_LIKENESS, Vocabulary


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("shippping", "shipping"),
        ("refunnd", "refund"),
        ("versand", "versandkosten"),
        ("lieferzeiten", "lieferzeit"),
        ("constitut", "constitution"),
    ],
)
def test_alike(asked: str, there: str) -> None:
    assert LEAST_LIKENESS <= Vocabulary([there, "other"]).alike(asked)[there] <= 1


@pytest.mark.parametrize(
    ("asked", "there"), [("refund", "reform"), ("cat", "cats"), ("1998", "1989"), ("open", "oven")]
)
def test_not_alike(asked: str, there: str) -> None:
    assert there not in Vocabulary([there, "other"]).alike(asked)


def test_an_empty_vocabulary_has_nothing_alike() -> None:
    assert Vocabulary([]).alike("shipping") == {}
