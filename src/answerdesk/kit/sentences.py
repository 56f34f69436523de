"""Finds the sentences of a text by rules.

A stop ends a sentence unless something speaks against it: an abbreviation, an initial, an ordinal
number, a lower-case letter after it. A line break ends a sentence unless the line was only wrapped.
"""

import re
from collections.abc import Iterator
from typing import Final

from answerdesk.kit.abbreviations import before_number, either, introducing
from answerdesk.kit.spans import Span
from answerdesk.kit.stopwords import stop_words

_CLOSERS: Final = r"[\"'”’»›)\]}」』）】》〉*_]"
_OPENERS: Final = "\"'“‘„‚«‹([{「『（【《〈¿¡*_"
# A run of stops, closing marks after it, and reference marks such as [12].
_STOP = re.compile(
    rf"(?P<stops>[.!?…‽؟۔।॥։]+|[。！？｡]+)(?P<close>(?:{_CLOSERS}|[ \u00a0\u202f][»›]|\[\d+\])*)"
)
_GREEK_QUESTION = re.compile(rf"(?P<stops>[;\u037e.!?…]+)(?P<close>{_CLOSERS}*)")
_WIDE: Final = frozenset("。！？｡")
_QUOTE_GOES_ON = re.compile(r"[とっ、，,]|って|という")
_LAST_WORD = re.compile(r"[^\s\"'“”‘’«»„()\[\]{}]+\Z")
_NEXT_WORD = re.compile(rf"[\s{re.escape(_OPENERS)}]*([^\W_]+(?:['’]\w+)?)")
_NUMBER_END = re.compile(r"(?:^|[\s(\[–—-])(\d{1,2})\Z")
_DOTTED = re.compile(r"(?:[^\W\d_]\.\s?)*[^\W\d_]\Z")
_ROMAN_END = re.compile(r"\b[IVX]{1,5}\Z")
_ITEM = re.compile(r"\s*(?:[-*+•·‣▪◦–—]|\(?\d{1,3}[.)]|\(?[A-Za-z][.)])\s")
_ITEM_NUMBER = re.compile(r"\s*\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})\.\Z")
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_WRAPPED_LENGTH: Final = 45
"""A shorter line was broken on purpose."""

# Languages in which a number with a stop is an ordinal number.
_ORDINAL_LANGUAGES: Final = frozenset(
    {"de", "da", "no", "fi", "cs", "sk", "pl", "hu", "hr", "sl", "sr", "tr", "et", "lv", "is", "lb"}
)
_THAI = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]")
_PHRASE: Final = 60
"""Minimum length of a stretch of Thai: it has no stops, and its spaces end phrases."""


def sentences(text: str, language: str = "en") -> list[Span]:
    """Return the sentences of `text` in order, trimmed; they cover all but white space.

    List items and lines broken on purpose are separate sentences.
    """
    found: list[Span] = []
    for start, end in _paragraphs(text):
        begin = start
        for stop in _boundaries(text, start, end, language):
            _add(found, text, begin, stop)
            begin = stop
        _add(found, text, begin, end)
    return found


def _add(found: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return
    if (
        found
        and not any(one.isalnum() for one in text[start:end])
        and _same_line(text, found[-1].end, start)
    ):
        # Stray marks belong to the sentence before them.
        found[-1] = Span(found[-1].start, end)
        return
    found.append(Span(start, end))


def _same_line(text: str, start: int, end: int) -> bool:
    return not text[start:end].strip(" \t\u3000\u00a0")


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield ranges that no sentence crosses: lines, with wrapped lines joined to the next."""
    start: int | None = None
    previous_end = 0
    for match in _LINE.finditer(text):
        if start is None:
            start = match.start()
        elif not _is_wrapped(text, start, previous_end, match):
            yield start, previous_end
            start = match.start()
        previous_end = match.end()
    if start is not None:
        yield start, previous_end


def _is_wrapped(text: str, start: int, end: int, following: re.Match[str]) -> bool:
    """Say whether the line after `end` continues a sentence of the line before it."""
    line = text[max(start, text.rfind("\n", start, end) + 1) : end].strip()
    after = following[0].strip()
    if not line or not after or following.start() - end > 2:
        return False
    if text[end : following.start()].count("\n") > 1 or _ITEM.match(following[0]):
        return False
    return (
        len(line) >= _WRAPPED_LENGTH
        and line[-1] not in ".!?:;…。！？"
        and (after[0].islower() or after[0].isdigit())
    )


def _boundaries(text: str, start: int, end: int, language: str) -> Iterator[int]:
    pattern = _GREEK_QUESTION if language == "el" else _STOP
    begin = start
    for match in pattern.finditer(text, start, end):
        if match.end() < end and _ends_sentence(text, begin, match, end, language):
            begin = match.end()
            yield begin
    if _THAI.search(text, start, end):
        yield from _thai_phrases(text, max(begin, start), end)


def _thai_phrases(text: str, start: int, end: int) -> Iterator[int]:
    if len(_THAI.findall(text, start, end)) * 2 < end - start:
        return
    begin = start
    for match in re.compile(r"[ \u3000]+").finditer(text, start, end):
        if match.start() - begin >= _PHRASE and end - match.end() >= _PHRASE // 2:
            begin = match.end()
            yield match.end()


def _ends_sentence(text: str, begin: int, match: re.Match[str], end: int, language: str) -> bool:
    stops, after = match["stops"], match.end()
    if stops[0] in _WIDE:
        return not (match["close"] and _QUOTE_GOES_ON.match(text, after))
    if not text[after].isspace():
        # In an address, number or file name; or Chinese with narrow stops.
        return stops[0] in "!?" and _is_wide(text[after]) and _is_wide(text[match.start() - 1])
    word = _NEXT_WORD.match(text, after, end)
    following = word[1] if word else ""
    if stops == ".":
        return _full_stop_ends(text, begin, match, following, language)
    if following[:1].islower():
        # "Really?" he asked. — but: how are you? i have a question
        return not match["close"] and stops[0] not in ".…"
    return True


def _is_wide(character: str) -> bool:
    return "\u3040" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7a3"


def _full_stop_ends(
    text: str, begin: int, match: re.Match[str], following: str, language: str
) -> bool:
    if following[:1].islower():
        return False
    if _ITEM_NUMBER.fullmatch(text, begin, match.start("close")) and begin < match.start():
        return False
    if match["close"]:
        return True
    last = _LAST_WORD.search(text, max(begin, match.start() - 40), match.start())
    word = last[0] if last else ""
    return _word_ends(text, match.start(), word, following, language)


def _word_ends(text: str, stop: int, word: str, following: str, language: str) -> bool:
    """Judge a full stop after `word`, before a capital, a digit or nothing."""
    lowered = word.lower().lstrip("-–—/")
    starts_anew = following[:1].isupper() and following.lower() in stop_words(language)
    if lowered in introducing(language):
        return False
    if following[:1].isdigit() and before_number(lowered):
        return False
    if either(lowered) or ("." in lowered and _DOTTED.fullmatch(lowered)):
        return starts_anew or not following
    if len(word) == 1 and word.isalpha():
        # A name's initial, half of "z. B.", or the end of "vitamin C.".
        return starts_anew and following != "I"
    if language in _ORDINAL_LANGUAGES and following[:1].isupper():
        before = text[max(0, stop - 12) : stop]
        if _NUMBER_END.search(before) or _ROMAN_END.search(before):
            return starts_anew
    return True
