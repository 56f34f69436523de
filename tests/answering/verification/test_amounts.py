"""Numbers as they are compared."""

import pytest

from answerdesk.answering.verification.reading import read


@pytest.mark.parametrize(
    ("text", "language", "amounts"),
    [
        ("1,500 users", "en", [("1500", "user")]),
        ("1.500 Euro", "de", [("1500", "eur")]),
        ("1,5 Stunden", "de", [("1.5", "hour")]),
        ("half a million people", "en", [("500000", "person")]),
        ("10 000 feuilles", "fr", [("10000", "")]),
        ("20 % off", "en", [("20", "%")]),
        ("$5.50", "en", [("5.5", "usd")]),
        ("five to ten years", "en", [("5", "year"), ("10", "year")]),
        ("GIMP 2.10.18", "en", [("2.10.18", "")]),
        ("the 1960s", "en", [("1960", "")]),
        ("no numbers here", "en", []),
    ],
)
def test_numbers_and_units(text: str, language: str, amounts: list[tuple[str, str]]) -> None:
    found = read(text, language).amounts.values()
    assert [(one.value, one.unit) for one in found] == amounts


@pytest.mark.parametrize(
    ("text", "bound"), [("more than 5", ">"), ("at most 5", "<"), ("is 5", "")]
)
def test_bounds(text: str, bound: str) -> None:
    (amount,) = read(text, "en").amounts.values()
    assert amount.bound == bound
