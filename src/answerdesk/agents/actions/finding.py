"""Finds an action's parameters in what a visitor writes; work is linear in the message's length."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from answerdesk.agents.actions.types import VALUE_LENGTH, Format, Parameter, Value
from answerdesk.kit.normalisation import normalised
from answerdesk.kit.whitespace import squeezed
from answerdesk.kit.whole_words import Said, folded

_AROUND: Final = ".,;:!?()[]{}<>\"'`«»“”„‚‘’…*_"
_SIGNS: Final = "#№$€£¥"
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,10})?", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,38}[A-Za-z0-9]")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,63}")
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)", re.ASCII)
_DOTTED_DATE: Final = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})", re.ASCII)
_DIGIT: Final = re.compile(r"\d", re.ASCII)

_YES: Final = (
    *("yes", "true", "ok", "okay", "yep", "sure", "ja", "oui", "sí", "si", "sì", "sim", "tak"),
    *("はい", "نعم"),
)
_NO: Final = ("no", "false", "nope", "nein", "nee", "non", "não", "nie", "いいえ", "لا")


def found_in(
    text: str, parameters: Iterable[Parameter], asked: str | None = None
) -> dict[str, Value]:
    """Return the values of parameters in a message.

    The one that the visitor was `asked` for may be the whole message. Each word is used once.
    """
    whole = squeezed(normalised(text, "NFKC"))
    said = Said(whole)
    words = [word for raw in whole.split() if (word := raw.strip(_AROUND))]
    found: dict[str, Value] = {}
    for parameter in parameters:
        value = _value(parameter, said, words)
        if value is None and parameter.name == asked:
            value = _whole(parameter, whole, said)
        if value is not None:
            found[parameter.name] = value
    return found


def as_said(parameter: Parameter, value: Value, text: str) -> Value | None:
    """Return a parameter's value as a message has it, in the form that is looked for; or None."""
    whole = squeezed(normalised(text, "NFKC"))
    reads = _reader(parameter)
    if reads is not None:
        for raw in whole.split():
            found = reads(raw.strip(_AROUND))
            if found is not None and _same(found, value):
                return found
        if not isinstance(value, str) or reads(value) is None:
            return None
    return value if isinstance(value, str) and Said(whole).has(value) else None


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return folded(one) == folded(other)
    return one == other


def _value(parameter: Parameter, said: Said, words: list[str]) -> Value | None:
    if parameter.choices:
        longest_first = sorted(parameter.choices, key=len, reverse=True)
        return next((one for one in longest_first if said.has(one)), None)
    reads = _reader(parameter)
    if reads is None:
        return None
    for place, word in enumerate(words):
        value = reads(word)
        if value is not None:
            del words[place]
            return value
    return None


def _reader(parameter: Parameter) -> Callable[[str], Value | None] | None:
    """Return what reads a word as the parameter's value; None if no word is one by itself."""
    if parameter.type == "number":
        return _number
    if parameter.format is not None:
        return _FORMATS[parameter.format]
    if parameter.prefix is not None:
        return _with_prefix(parameter.prefix)
    if parameter.example is not None:
        return _like(parameter.example)
    return None


def _number(word: str) -> Value | None:
    word = word.strip(_SIGNS)
    if _NUMBER.fullmatch(word) is None:
        return None
    return float(word.replace(",", ".")) if "." in word or "," in word else int(word)


def _code(word: str) -> str | None:
    word = word.strip(_SIGNS)
    return word if _CODE.fullmatch(word) and _DIGIT.search(word) else None


def _email(word: str) -> str | None:
    return word if len(word) <= VALUE_LENGTH and _EMAIL.fullmatch(word) else None


def _date(word: str) -> str | None:
    iso, dotted = _ISO_DATE.fullmatch(word), _DOTTED_DATE.fullmatch(word)
    match = iso or dotted
    if match is None:
        return None
    year, month, day = match.groups() if iso else reversed(match.groups())
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


_FORMATS: Final[Mapping[Format, Callable[[str], str | None]]] = {
    "code": _code,
    "date": _date,
    "email": _email,
}


def _with_prefix(prefix: str) -> Callable[[str], str | None]:
    begins = folded(prefix)

    def read(word: str) -> str | None:
        if not word.casefold().startswith(begins) or len(word) > VALUE_LENGTH:
            return None
        return word if _DIGIT.search(word, len(prefix)) else None

    return read


def _like(example: str) -> Callable[[str], str | None]:
    wanted = _shape(example)

    def read(word: str) -> str | None:
        for form in (word, word.strip(_SIGNS)):
            if len(form) == len(example) and _shape(form) == wanted:
                return form
        return None

    return read


def _shape(word: str) -> Sequence[str]:
    return ["0" if one.isdigit() else "a" if one.isalpha() else one for one in word]


def _whole(parameter: Parameter, whole: str, said: Said) -> Value | None:
    """Return a message as the value that was asked for; None if it seems to be something else."""
    if parameter.type == "boolean":
        yes, no = (any(said.has(one) for one in words) for words in (_YES, _NO))
        return yes if yes != no else None
    if parameter.choices or _reader(parameter) is not None:
        return None
    is_question = whole.endswith(("?", "？", "؟"))
    return None if is_question or not 0 < len(whole) <= VALUE_LENGTH else whole
