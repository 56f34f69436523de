"""The number of typing errors between two words."""

from collections.abc import Iterable
from typing import Final

_FAR: Final = 1_000


def edit_distance(one: str, other: str, most: int) -> int | None:
    """Return the typing errors from one word to the other; None if more than `most`.

    An error is an extra, missing or wrong letter, or two adjacent letters swapped (optimal string
    alignment). Only the diagonal band within reach of `most` errors is computed.
    """
    if abs(len(one) - len(other)) > most:
        return None
    one, other = _without_common_ends(one, other)
    if not one or not other:
        return len(one) + len(other)
    if most == 1 and len(one) + len(other) > 4:
        return None  # A wrong letter leaves one each, a swap two each.
    before_last: list[int] = []
    last = [column if column <= most else _FAR for column in range(len(other) + 1)]
    for row, letter in enumerate(one, start=1):
        current = [_FAR] * (len(other) + 1)
        if row <= most:
            current[0] = row
        for column in range(max(1, row - most), min(len(other), row + most) + 1):
            against = other[column - 1]
            errors = last[column - 1] + (letter != against)
            errors = min(errors, last[column] + 1, current[column - 1] + 1)
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                errors = min(errors, before_last[column - 2] + 1)
            current[column] = errors
        if min(current) > most and min(last) > most:
            return None
        before_last, last = last, current
    return last[-1] if last[-1] <= most else None


def _without_common_ends(one: str, other: str) -> tuple[str, str]:
    """Return both words without their common beginning and end."""
    shorter = min(len(one), len(other))
    start = 0
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was surely meant, None if none is close.

    Close means at most one error per three letters; case is ignored. The closest word wins, then
    the first.
    """
    found: str | None = None
    least = len(word)
    for one in known:
        most = min(least - 1, min(len(word), len(one)) // 3)
        distance = edit_distance(word.casefold(), one.casefold(), most) if most >= 0 else None
        if distance is not None:
            found, least = one, distance
    return found
