"""Raised text: exponents, cents, ordinals, and the marks of footnotes.

Set on the line, it would change what stands before it: 10 with a raised 6 is no 106.
"""

import re
from typing import Final

RAISED: Final = "\x11"
LEVEL: Final = "\x12"
"""Stand around raised text until it is settled; control characters that no text contains."""

_PARTS = re.compile(f"( ?){RAISED}([^{RAISED}{LEVEL}]*){LEVEL}")
_REACH: Final = 40
"""Characters on either side that decide how raised text is written."""
_SUPERSCRIPTS: Final = str.maketrans("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_EXPONENT = re.compile(r"[-+−–]?[0-9]{1,4}|[0-9]{0,2}[-+−–]|[ni]|\([0-9ni]{1,4}\)")
_NOTE = re.compile(
    r"[*†‡§¶#∗]{1,4}|[\[(]?[0-9]{1,3}[\])]|[\[(][a-z][\])]|[0-9]{1,3}(?:\s?[,;–‑-]\s?[0-9]{1,3})+"
    r"|[a-z](?:,\s?[a-z])+"
)
_NUMBER = re.compile(r"[0-9]{1,4}")
_IS_NUMBER_OR_NOTE = re.compile(
    f"{_NUMBER.pattern}|{_NOTE.pattern}|{_EXPONENT.pattern}|TM|SM|[a-z]"
)
_CENTS = re.compile(r"[0-9]{2}|[-–—]{1,2}")
_MINUTES = re.compile(r"[0-5][0-9]")
_PRICE_BEFORE = re.compile(r"(?:[$€£¥₹₽₺]|\b(?:[A-Z]{3}|Fr\.|Rs\.?|kr\.?))\s?[0-9][0-9., ']*$")
_CURRENCY_AFTER = re.compile(
    r"\s?(?:[$€£¥₹₽₺]|(?:EUR|USD|GBP|CHF|CAD|AUD|SEK|NOK|DKK|PLN|CZK|euros?|Euro|kr|zł|Kč)\b)"
)
_HOUR = re.compile(r"(?<![0-9.,:])(?:[01]?[0-9]|2[0-4])$")
_CLOCK_AFTER = re.compile(
    rf"(?:\s?[-–—]\s?[0-9]{{1,2}}(?:{RAISED}[0-9]{{2}}{LEVEL}|:[0-9]{{2}})?)?"
    r"\s?(?:Uhr|h\b|[ap]\.?m\b|o['’]clock)",
    re.IGNORECASE,
)
_HOURS_AFTER = re.compile(rf"\s?[-–—]\s?[0-9]{{1,2}}{RAISED}[0-5][0-9]{LEVEL}")
_CLOCK_BEFORE = re.compile(rf"{RAISED}[0-5][0-9]{LEVEL}\s?[-–—]\s?[0-9]{{1,2}}$")
_ISOTOPE = re.compile(r"[A-Z][a-z]?(?![a-z])")
_SIGNS: Final = "$€£¥₹₽₺"
_GOES_ON: Final = ("/", ",", ".", "%", "°", "®", "©", "™", "℠", "'", "’", *_SIGNS)
"""What a raised text begins with that needs nothing before it: "12" and ",99", "49" and "/mo"."""
_GROUPED = re.compile(r"[0-9]\.[0-9]{3}$")
_LETTERS = re.compile(r"(?<![^\W\d_])[^\W\d_]+$")
_RAISED_WORD = re.compile(r"[^\W\d_]{1,4}\.?")
_MARKS: Final = {"TM": "™", "SM": "℠", "R": "®"}
_ORDINALS: Final = frozenset({"a", "o", "e", "er", "re", "ère", "ème", "st", "nd", "rd", "th"})
_LONGEST_SYMBOL: Final = 2
"""A longer word before a raised number has a footnote, a shorter one is a unit or a variable."""
_POWERS: Final = frozenset({"sec", "min", "mol", "sin", "cos", "tan", "inch", "feet", "yard"})
"""Longer words that are raised to a power."""


def raised(text: str) -> str:
    """Return a text marked as raised."""
    return f"{RAISED}{text}{LEVEL}" if text else ""


def superscript(text: str) -> str:
    """Return an exponent: "⁻³", "^k", "^(k+1)"."""
    if all(ord(one) in _SUPERSCRIPTS for one in text):
        return text.translate(_SUPERSCRIPTS)
    return f"^{text}" if text.isalnum() else f"^({text.strip('()')})"


def level(text: str) -> str:
    """Return a text without the marks, for code."""
    return text.replace(RAISED, "").replace(LEVEL, "")


def settle(text: str) -> str:
    """Write raised text so that it can't be read as part of what it follows.

    Exponents become superscripts ("10⁶"), raised cents and minutes get their mark ("$11.99"), marks
    of footnotes are left out.
    """
    if RAISED not in text:
        return text
    return level(_PARTS.sub(_settled, text.replace(LEVEL + RAISED, "")))


def _settled(match: re.Match[str]) -> str:
    space, inner = match[1], match[2].strip()
    if not inner:
        return space + match[2]
    start = match.start()
    shown = match.string[max(0, start - _REACH) : start]
    before = level(shown)
    after = match.string[match.end() : match.end() + _REACH]
    lead = space or (" " if match[2][0].isspace() else "")
    begins = bool(lead) or not before or before[-1].isspace()
    if _NUMBER.fullmatch(inner) and after[:1] in ("/", "⁄"):
        # A fraction.
        written = f"{lead or (' ' if before[-1:].isdigit() else '')}{inner}"
    elif begins and len(inner) > 1 and inner.isdigit() and _ISOTOPE.match(after):
        written = f"{lead}{superscript(inner)}"
    elif not before or before[-1].isspace() or (lead and not _IS_NUMBER_OR_NOTE.fullmatch(inner)):
        # A mark at the beginning of a footnote, or something before what it is about.
        written = "" if _IS_NUMBER_OR_NOTE.fullmatch(inner) else f"{lead}{inner}"
    else:
        in_hours = bool(_CLOCK_BEFORE.search(shown) or _HOURS_AFTER.match(after))
        written = _written(inner, before, after, in_hours=in_hours)
    return f"{written}{' ' if match[2][-1].isspace() else ''}"


def _written(inner: str, before: str, after: str, *, in_hours: bool) -> str:
    last = before[-1]
    if inner in _MARKS:
        return _MARKS[inner]
    if inner[0] in _GOES_ON or (last in _SIGNS and _CENTS.fullmatch(inner)):
        return inner
    if _NOTE.fullmatch(inner):
        return ""
    if last.isdigit():
        return _after_number(inner, before, after, in_hours=in_hours)
    if _EXPONENT.fullmatch(inner):
        return _after_word(inner, before)
    return _as_letters(inner, before)


def _after_number(inner: str, before: str, after: str, *, in_hours: bool) -> str:
    if _CENTS.fullmatch(inner) and (_PRICE_BEFORE.search(before) or _CURRENCY_AFTER.match(after)):
        return f"{',' if _GROUPED.search(before) else '.'}{inner}"
    is_clock = in_hours or _CLOCK_AFTER.match(after)
    if is_clock and _MINUTES.fullmatch(inner) and _HOUR.search(before):
        return f":{inner}"
    if _EXPONENT.fullmatch(inner):
        return superscript(inner)
    if inner.casefold() in _ORDINALS and (len(inner) > 1 or _HOUR.search(before)):
        return inner
    if len(inner) == 1 and "a" <= inner <= "h":
        return ""
    return _apart(inner)


def _after_word(inner: str, before: str) -> str:
    """Return a raised number after a word or a punctuation mark: its power, or a footnote."""
    word = _LETTERS.search(before)
    symbol = word[0] if word else ""
    is_power = (
        before[-1] in ")]|}"
        or not inner.isalnum()
        or 0 < len(symbol) <= _LONGEST_SYMBOL
        or symbol in _POWERS
    )
    return superscript(inner) if is_power else ""


def _as_letters(inner: str, before: str) -> str:
    word = _LETTERS.search(before)
    if not _RAISED_WORD.fullmatch(inner):
        return _apart(inner)
    if len(inner) == 1 and inner.islower() and (word is None or len(word[0]) > _LONGEST_SYMBOL):
        return ""
    # An abbreviation's end, as in "Mme" or "No".
    return inner if word is not None else _apart(inner)


def _apart(inner: str) -> str:
    if len(inner) > 12 or any(map(str.isspace, inner)):
        return f" {inner}"
    return superscript(inner)
