"""Numbers in a text, with what they count: "1,500", "half a million", "five to ten years"."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from answerdesk.answering.verification.lists.quantities import bounds, factors, numbers, units
from answerdesk.kit.words import Word


class Amount(NamedTuple):
    """A number: the place of its word, its value as it is compared, and its unit or "".

    `bound` is ">" for more or at least so many, "<" for less or at most, or "".
    """

    place: int
    value: str
    unit: str
    bound: str = ""

    @property
    def sort(self) -> str:
        """What it can be mistaken for: other amounts of this sort."""
        if self.unit:
            return self.unit
        return "year" if _YEAR.fullmatch(self.value) else "number"


_YEAR: Final = re.compile(r"1\d{3}|20\d{2}")
_DIGITS: Final = re.compile(
    r"(?P<digits>\d{1,15}(?:[.,'’]\d{1,15}){0,5})"
    r"(?P<after>st|nd|rd|th|s|er|ers|ern|en|e|è?me|º|ª|°|[^\W\d_]{1,5}²?)?"
)
_ENDINGS: Final = frozenset(
    ("", "st", "nd", "rd", "th", "s", "er", "ers", "ern", "en", "e", "me", "ème", "º", "ª")
)
_GROUPED: Final = re.compile(r"\d{1,3}(?:[.,'’]\d{3})+")
_THREE: Final = re.compile(r"\d{3}(?!\d)")
_DOT_GROUPS: Final = frozenset(
    ("de", "es", "it", "pt", "nl", "pl", "ru", "fr", "da", "no", "sv", "fi", "cs", "uk", "tr", "id")
)
"""Languages that write 1.000 for a thousand, and 0,5 for a half."""

_JOINING: Final = "to and or bis und oder à et ou a y o e tot do до - – —"
_RANGE: Final = frozenset(_JOINING.split())
_BLANKS: Final = " \u00a0\u202f\u2009"
_SIGNS: Final = "%‰€$£¥°₽"
_MOST: Final = 400
"""Maximum amounts of one text."""


def amounts_in(words: Sequence[Word], text: str, language: str) -> list[Amount]:
    """Return the amounts in a text, whose words these are."""
    found: list[Amount] = []
    place = 0
    while place < len(words) and len(found) < _MOST:
        read = _amount_at(words, place, text, language)
        if read is None:
            place += 1
            continue
        amount, behind = read
        found.append(amount._replace(bound=_bound(words, place)))
        place = behind
    return _with_shared_units(found, words, text)


def _bound(words: Sequence[Word], place: int) -> str:
    """Return which bound the two words before a number make it."""
    for word in reversed(words[max(0, place - 2) : place]):
        bound = bounds().get(word.lower)
        if bound is not None:
            return bound
    return ""


def _amount_at(
    words: Sequence[Word], place: int, text: str, language: str
) -> tuple[Amount, int] | None:
    """Return the amount that begins at a word, and the place behind it."""
    word = words[place]
    if not word.number:
        value = numbers(language).get(word.lower)
        if value is None:
            return None
        return _multiplied(words, place, place + 1, value, text)
    match = _DIGITS.fullmatch(word.lower)
    if match is None:
        return None
    after = match["after"] or ""
    if after not in _ENDINGS and after not in units():
        return None
    digits, behind = match["digits"], place + 1
    while behind < len(words) and not after and _goes_on(digits, words, behind, text):
        digits += words[behind].lower
        behind += 1
    canonical = _canonical(digits, language)
    if "." in canonical and canonical.count(".") > 1:
        return Amount(place, canonical, ""), behind
    if after in units() and after not in _ENDINGS:
        return Amount(place, canonical, units()[after]), behind
    return _multiplied(words, place, behind, float(canonical), text, canonical)


def _goes_on(digits: str, words: Sequence[Word], behind: int, text: str) -> bool:
    """Tell whether "000" after "10 " belongs to the number."""
    before, word = words[behind - 1], words[behind]
    return (
        len(before.lower) <= 3
        and digits.isdigit()
        and word.start - before.end == 1
        and text[before.end] in _BLANKS
        and _THREE.fullmatch(word.lower) is not None
    )


def _canonical(digits: str, language: str) -> str:
    """Return a number as it is compared: "1,500" as "1500", "1,5" and "1.50" as "1.5"."""
    digits = digits.replace("’", "'")
    comma_groups = language not in _DOT_GROUPS
    if _GROUPED.fullmatch(digits):
        separators = {one for one in digits if not one.isdigit()}
        if separators == {","} and (comma_groups or digits.count(",") > 1):
            return _plain(digits.replace(",", ""))
        if separators == {"."} and (not comma_groups or digits.count(".") > 1):
            return _plain(digits.replace(".", ""))
        if separators == {"'"}:
            return _plain(digits.replace("'", ""))
    if "," in digits and "." in digits:
        last = max(digits.rfind(","), digits.rfind("."))
        whole = re.sub(r"[.,']", "", digits[:last])
        return _plain(f"{whole}.{digits[last + 1 :]}")
    digits = digits.replace("'", "").replace(",", ".")
    return _plain(digits) if digits.count(".") <= 1 else digits


def _plain(digits: str) -> str:
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits.lstrip("0") or "0" if not digits.startswith("0.") else digits


def _multiplied(
    words: Sequence[Word], place: int, behind: int, value: float, text: str, written: str = ""
) -> tuple[Amount, int]:
    """Return a number with the factor and the unit after it: "half a million people"."""
    after = behind
    if after + 1 < len(words) and words[after].lower in ("a", "eine", "un", "medio", "de"):
        after += 1
    factor = factors().get(words[after].lower) if after < len(words) else None
    if factor is not None:
        value, behind, written = value * factor, after + 1, ""
    number = written or f"{value:.6f}".rstrip("0").rstrip(".")
    return Amount(place, number, _unit(words, place, behind, text)), behind


def _unit(words: Sequence[Word], place: int, behind: int, text: str) -> str:
    """Return the unit at a number: a sign beside it, or one of the next two words."""
    start, end = words[place].start, words[behind - 1].end
    near = text[end : end + 2].lstrip(_BLANKS)[:1]
    if near and near in _SIGNS:
        with_letter = text[end : end + 4].strip().lower()[:2]
        return units().get(with_letter, "") or units().get(near, near)
    before = text[max(0, start - 2) : start].rstrip(_BLANKS)[-1:]
    if before and before in _SIGNS:
        return units().get(before, before)
    if behind < len(words):
        following = words[behind]
        if text[end : following.start].strip("- \u00a0\u202f\u2009") == "":
            return _named_unit(following, text)
    return ""


def _named_unit(word: Word, text: str) -> str:
    squared = text[word.end : word.end + 1] == "²"
    name = f"{word.lower}²" if squared and not word.lower.endswith("²") else word.lower
    return units().get(name, "") or units().get(word.lower, "")


def _with_shared_units(found: list[Amount], words: Sequence[Word], text: str) -> list[Amount]:
    """Give the first number of "five to ten years" or "5–10 years" the unit of the second."""
    for number in range(len(found) - 2, -1, -1):
        one, other = found[number], found[number + 1]
        if one.unit or not other.unit or one.sort != other._replace(unit="").sort:
            continue
        between = text[words[one.place].end : words[other.place].start].strip().lower()
        if between in _RANGE and one.value.count(".") <= 1:
            found[number] = one._replace(unit=other.unit)
    return found
