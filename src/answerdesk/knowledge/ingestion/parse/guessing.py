"""Finds the encoding of text that names none, if only one makes sense of the bytes.

Each encoding makes other letters of the bytes, and each language writes some letters often, others
rarely and most never. Wrong letters are worse than none: a text is read only if every reading of it
that looks different is far less likely.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import log
from typing import Final
from unicodedata import combining

from answerdesk.knowledge.ingestion.parse.encodings import decode_by
from answerdesk.knowledge.ingestion.parse.letters import (
    ASCII_LETTERS,
    ENGLISH,
    OTHER_LETTERS,
    SHARES,
)

_WESTERN: Final = "en de fr es ca pt it sv da nb fi is et"
_CENTRAL: Final = "cs sk pl hu ro hr sl de sq"
_SINGLE_BYTE: Final[Mapping[str, tuple[float, str]]] = {
    "windows-1252": (0.0, _WESTERN),
    "windows-1250": (-0.2, _CENTRAL),
    "windows-1251": (0.0, "ru uk be bg sr mk"),
    "windows-1253": (-0.2, "el"),
    "windows-1254": (-0.2, "tr de"),
    "windows-1255": (-0.5, "he"),
    "windows-1256": (-0.5, "ar fa"),
    "windows-1257": (-0.7, "lt lv et de"),
    "windows-1258": (-1.0, "vi"),
    "windows-874": (-0.5, "th"),
    "iso-8859-2": (-1.5, _CENTRAL),
    "iso-8859-5": (-1.5, "ru bg sr"),
    "iso-8859-6": (-1.5, "ar"),
    "iso-8859-7": (-1.5, "el"),
    "iso-8859-8": (-1.5, "he"),
    "iso-8859-13": (-1.5, "lt lv et"),
    "iso-8859-15": (-1.5, "fr fi et"),
    "koi8-r": (-1.5, "ru"),
    "koi8-u": (-1.5, "uk"),
    "macintosh": (-1.5, "de fr es pt it sv da nb"),
    "x-mac-cyrillic": (-1.5, "ru uk"),
    "ibm866": (-1.5, "ru"),
    "cp850": (-1.5, "de fr es pt it sv da"),
    "cp852": (-1.5, "cs pl hu hr sl"),
}
"""For each encoding how frequent it is (a logarithm), and the languages written in it."""

_MULTI_BYTE: Final[Mapping[str, str]] = {
    "shift_jis": "ja",
    "euc-jp": "ja",
    "gb18030": "zh-hans",
    "big5": "zh-hant",
    "euc-kr": "ko",
}
_SURE: Final = 4.0
"""How much likelier a reading must be than all others (a logarithm: 50 times)."""
_MANY: Final = 50
_LEAST: Final = -6.5
"""The least for each of many bytes; below it none of the readings makes sense."""

# Costs are logarithms of how likely something is in a text that is read correctly.
_ODD: Final = log(0.003)
_QUOTE: Final = log(0.05)
_SIGN: Final = log(0.01)
_RARE_SIGN: Final = log(0.0005)
_NO_LETTER_OF_IT: Final = log(0.0004)
_CONTROL: Final = log(0.0001)
_GLUED: Final = log(0.0001)
_ASCII_WEIGHT: Final = 0.6
"""The letters a to z of names and codes are of no language."""
_MOST_FOREIGN: Final = 12.0
_SOUND_TEXT: Final = 500
"""Characters for each that an encoding of several bytes a letter can't read; most can read few."""

_HIGH = re.compile(rb"[\x80-\xff]+")
_BOUNDARY: Final = 0x30
"""No byte below this is the second one of a character."""
_BEFORE: Final = 60
_AFTER: Final = 3_000
_MOST_BYTES: Final = 24_000
_MOST_PARTS: Final = 3_000
_WORD = re.compile(r"[A-Za-z\x80-\uffff]+")
_ASCII_SAMPLE: Final = 4_000
_QUOTES: Final = frozenset("„“”‚‘’–«»")
_SIGNS: Final = _QUOTES | frozenset("—…€°§©®·•№£\xa0´`²³½™")
_MEASURES: Final = frozenset("€°§©®№£²³½™´`·•")
_GLUE = re.compile("(?<=[A-Za-z])[\u3040-\uffee]|[\u3040-\uffee](?=[A-Za-z])")
_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")


def guess(content: bytes) -> tuple[str, str] | None:
    """Return the text and its encoding; None if the encoding is uncertain."""
    parts = _parts_with_other_bytes(content)
    plain = content[:_ASCII_SAMPLE].decode("ascii", "ignore").lower()
    readings = sorted(
        [*_single_byte(parts, plain), *_multi_byte(parts, plain)],
        key=lambda one: one.likelihood,
        reverse=True,
    )
    if not readings:
        return None
    best = readings[0]
    other = next((one for one in readings if one.text != best.text), None)
    if other is not None and best.likelihood - other.likelihood < _SURE:
        return None
    size = sum(len(run) for part in parts for run in _HIGH.findall(part))
    if size >= _MANY and best.likelihood < _LEAST * size:
        return None
    text = decode_by(content, best.encoding)
    return _CONTROLS.sub("\ufffd", text), best.encoding


@dataclass(frozen=True, slots=True)
class _Reading:
    """What an encoding makes of the sample, if it is in one language."""

    encoding: str
    text: str
    likelihood: float


def _parts_with_other_bytes(content: bytes) -> list[bytes]:
    """Return the words with bytes that ASCII lacks, from the beginning of the content."""
    parts: list[bytes] = []
    end = size = 0
    for run in _HIGH.finditer(content):
        if run.start() < end:
            continue
        start, least = run.start(), max(end, run.start() - _BEFORE)
        while start > least and content[start - 1] >= _BOUNDARY:
            start -= 1
        most = min(len(content), run.start() + _AFTER)
        end = min(run.end(), most)
        while end < most and content[end] >= _BOUNDARY:
            end += 1
        parts.append(content[start:end])
        size += end - start
        if size > _MOST_BYTES or len(parts) >= _MOST_PARTS:
            break
    return parts


def _single_byte(parts: list[bytes], plain: str) -> Iterator[_Reading]:
    counts = Counter(one for one in plain if "a" <= one <= "z")
    joined = b"\n".join(parts)
    for encoding, (prior, languages) in _SINGLE_BYTE.items():
        text = decode_by(joined, encoding)
        seen = _Letters.of(text)
        for language in languages.split():
            likelihood = prior + seen.cost + seen.in_language(language, counts)
            yield _Reading(encoding, text, likelihood)


@dataclass(slots=True)
class _Letters:
    """The letters of a text that ASCII lacks, and what is odd about them in any language."""

    others: Counter[str] = field(default_factory=Counter)
    ascii_beside: int = 0
    cost: float = 0.0

    @classmethod
    def of(cls, text: str) -> "_Letters":
        found = cls()
        for word in _WORD.findall(text):
            if not word.isascii():
                found._add(f" {word} ")
        return found

    def _add(self, word: str) -> None:
        for at in range(1, len(word) - 1):
            letter, before, after = word[at], word[at - 1], word[at + 1]
            if letter.isascii():
                self.ascii_beside += 1
            elif letter.isalpha() or combining(letter):
                self.others[letter if letter == "İ" else letter.lower()] += 1
                self.cost += _ODD * _is_odd(letter, before, after, word[max(at - 2, 0)])
            else:
                self.cost += _cost_of_sign(letter, before, after)

    def in_language(self, language: str, plain: Counter[str]) -> float:
        """Return how likely the language has these letters; `plain` are the text's from a to z."""
        likely, share = _table(language), SHARES[language] / 1000
        total = sum(self.others.values())
        found = total * log(share) + self.ascii_beside * log(1 - share)
        for letter, count in self.others.items():
            found += count * likely.get(letter, _NO_LETTER_OF_IT)
        if language in ASCII_LETTERS:
            usual, own = _ascii_table(ENGLISH), _ascii_table(language)
            return found + _ASCII_WEIGHT * sum(
                count * (own[letter] - usual[letter]) for letter, count in plain.items()
            )
        return found - _foreign(total, plain.total())


def _foreign(own: int, ascii_letters: int) -> float:
    """Return what speaks against a language of another script in a text of Latin letters."""
    return min(_MOST_FOREIGN, ascii_letters / (own + 1))


def _is_odd(letter: str, before: str, after: str, first: str) -> bool:
    """Say whether a letter's case or script differs from its neighbours'."""
    if letter.isupper() and before.islower():
        return True
    if letter.islower() and before.isupper() and first.isupper() and letter != "ß":
        return True
    script = _script(letter)
    return any(one.isalpha() and _script(one) != script for one in (before, after))


def _cost_of_sign(sign: str, before: str, after: str) -> float:
    beside = before.isalpha() + after.isalpha()
    if "\x80" <= sign <= "\x9f" or sign == "\ufffd":
        return _CONTROL + _ODD * (beside > 0)
    if sign not in _SIGNS:
        return _RARE_SIGN + _ODD * (beside > 0)
    if beside == 2:
        return _SIGN + _ODD * (sign != "’")
    if sign in _QUOTES:
        return _QUOTE
    return _SIGN + _ODD / 2 * (beside == 1 and sign in _MEASURES)


def _script(letter: str) -> str:
    """Return a letter's script, as far as the encodings of one byte a letter tell them apart."""
    if letter < "\u0370" or "\u1e00" <= letter < "\u1f00":
        return "Latin"
    if letter < "\u0400":
        return "Greek"
    return "Cyrillic" if letter < "\u0530" else "other"


@cache
def _table(language: str) -> dict[str, float]:
    """Return the logarithm of each other letter's frequency."""
    return {one[0]: log(int(one[1:]) / 1000) for one in OTHER_LETTERS[language].split()}


@cache
def _ascii_table(language: str) -> dict[str, float]:
    numbers = ASCII_LETTERS[language].split()
    return {
        letter: log(int(number) / 1000)
        for letter, number in zip("abcdefghijklmnopqrstuvwxyz", numbers, strict=True)
    }


def _multi_byte(parts: list[bytes], plain: str) -> Iterator[_Reading]:
    joined = b"\n".join(parts)
    ascii_letters = sum(1 for one in plain if "a" <= one <= "z")
    for encoding, language in _MULTI_BYTE.items():
        text = decode_by(joined, encoding)
        others = [one for one in text if not one.isascii()]
        if text.count("\ufffd") * _SOUND_TEXT > len(text):
            continue
        likelihood = sum(_cost_of_character(one, language) for one in others) - 1
        likelihood += _GLUED * len(_GLUE.findall(text))
        yield _Reading(encoding, text, likelihood - _foreign(len(others), ascii_letters))


_COMMON: Final[Mapping[str, tuple[str, int, int, float]]] = {
    "ja": ("shift_jis", 0x88, 0x97, log(1 / 1200)),
    "zh-hans": ("gb2312", 0xB0, 0xD7, log(1 / 1500)),
    "zh-hant": ("big5", 0xA4, 0xC6, log(1 / 1500)),
    "ko": ("euc_kr", 0xB0, 0xC8, log(1 / 600)),
}
"""Where the characters in daily use stand: the first of their two bytes in a small set."""

_UNCOMMON: Final = log(1e-5)
_KANA: Final = log(0.012)


@cache
def _cost_of_character(one: str, language: str) -> float:
    if one == "\ufffd" or "\ue000" <= one <= "\uf8ff" or one > "\uffff":
        return _CONTROL * 2
    if "\u3000" <= one < "\u3040" or "\uff00" <= one < "\uff60":
        return _SIGN
    if "\u3040" <= one < "\u3100":
        return _KANA if language == "ja" else _UNCOMMON
    codec, first, last, likely = _COMMON[language]
    if not ("\u4e00" <= one < "\ua000" or "\uac00" <= one < "\ud7a4"):
        return _RARE_SIGN
    lead = one.encode(codec, "ignore")[:1]
    return likely if lead and first <= lead[0] <= last else _UNCOMMON
