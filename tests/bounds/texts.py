"""Texts that are made to be much work: each kind as long as its field allows."""

import random
import unicodedata
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Final

_WORDS: Final = (
    *("what", "how", "when", "and", "und", "et", "is", "the", "can", "you", "price", "plan"),
    *("order", "a", "e", "it", "that", "how?", "und wann", "where's", "costs", "Müller", "24/7"),
    *("€5.00", "don't", "C++", "3.11.4", "max_tokens", "fooBar", "50%", "e.g.", "No.", "Dr."),
)
_SCRIPTS: Final = (
    *("how much", "wie viel", "料金はいくらですか", "价格是多少", "얼마입니까", "ราคาเท่าไหร่"),
    *("كم السعر", "מה המחיר", "сколько стоит", "कितना है", "πόσο κοστίζει", "👩‍👩‍👧‍👦🏳️‍🌈", "❤️"),
)
_ZALGO: Final = tuple(chr(one) for one in range(0x300, 0x370))
_BRACKETS: Final = "()[]{}<>«»“”‘’„「」『』（）【】"
_MARKS: Final = "?!.,;:…。？！、·-–—_*#/\\|~^`'\"@&=+%$€"
_BLANKS: Final = " \t\n\r\v\f\x1c\x85\u00a0\u2003\u2028\u3000\u200b\ufeff"


def _of(piece: str) -> Callable[[int], str]:
    """Return a maker of `piece` again and again, as long as asked for."""
    return lambda length: (piece * (length // len(piece) + 1))[:length]


def _framed(start: str, piece: str, end: str) -> Callable[[int], str]:
    return lambda length: start + _of(piece)(max(0, length - len(start) - len(end))) + end


def _joined(parts: tuple[str, ...], between: str = " ") -> Callable[[int], str]:
    return lambda length: between.join(islice(cycle(parts), length))[:length]


def _distinct_words(length: int) -> str:
    numbers = (f"w{_letters(number)}" for number in range(length))
    return " ".join(islice(numbers, length // 4))[:length]


def _letters(number: int) -> str:
    found = ""
    while True:
        number, rest = divmod(number, 26)
        found += chr(ord("a") + rest)
        if not number:
            return found


def _distinct_signs(first: int) -> Callable[[int], str]:
    return lambda length: "".join(chr(first + one % 6000) for one in range(length))


WORST: Final[dict[str, Callable[[int], str]]] = {
    "blanks": _framed("x", " ", "x"),
    "blanks between questions": _framed("how are you?", " ", "how much is it?"),
    "every kind of blank": _framed("x", _BLANKS, "x"),
    "newlines": _framed("x", "\n", "x"),
    "blank lines": _framed("x", "\n \n\t", "x"),
    "tabs": _framed("x", "\t", "and what is it"),
    "no-break spaces": _framed("x", "\u00a0", "x"),
    "one long word": _of("a"),
    "a long word of many letters": _of("abcdefghijklmnopqrstuvwxyz"),
    "a long word at the end": _framed("what is ", "a", ""),
    "long words": _of("a" * 60 + " "),
    "words too long": _of("a" * 70 + " "),
    "humps": _of("aB"),
    "humps of three": _of("fooBar"),
    "capitals": _framed("", "A", "b"),
    "letters and digits": _of("a1"),
    "one-letter words": _of("a "),
    "the same word": _of("order "),
    "the same two words": _of("the order "),
    "the same capital word": _of("Order "),
    "distinct words": _distinct_words,
    "and and and": _of("and "),
    "and how": _of("and how "),
    "und wann": _framed("wie geht es", " und wann ist es", ""),
    "compare": _framed("compare ", "a and ", ""),
    "difference between": _of("difference between "),
    "how does compare": _of("how does a "),
    "what is it": _of("what is it? "),
    "what what what": _of("what "),
    "which w w": _of("which of "),
    "how long": _of("how long ago "),
    "when it is,": _of("when it is, "),
    "question marks": _framed("what", "?", ""),
    "question marks and blanks": _of("? "),
    "wide question marks": _of("？"),
    "exclamation": _of("!"),
    "full stops": _of("."),
    "stops and letters": _of("a."),
    "stops and blanks": _of(". "),
    "initials": _of("A. "),
    "ellipses": _of("… "),
    "commas": _of(","),
    "commas and letters": _of("a,"),
    "apostrophes": _of("a'"),
    "only apostrophes": _of("'"),
    "curly apostrophes": _of("l’"),
    "hyphens": _of("a-"),
    "only hyphens": _of("-"),
    "underscores": _of("_"),
    "underscored": _of("a_"),
    "slashes": _of("/"),
    "slashes and letters": _of("a/"),
    "backslashes": _of("\\"),
    "pipes": _of("a: b | "),
    "colons": _of("a: "),
    "ats": _of("a@"),
    "only ats": _of("@"),
    "ampersands": _of("a&"),
    "pluses": _of("a++"),
    "plus signs": _of("+"),
    "hashes": _of("#"),
    "percent": _of("%41"),
    "backquotes": _of("`"),
    "backquotes and blanks": _of("` "),
    "open brackets": _of("("),
    "square brackets": _of("["),
    "curly brackets": _of("{"),
    "references": _framed("It is so.", "[1]", ""),
    "closers": _framed("It is so.", "»", "x"),
    "blank closers": _framed("It is so.", " »", "x"),
    "brackets": _of(_BRACKETS),
    "tags": _of("<a>"),
    "open tags": _of("<a "),
    "digits": _of("1"),
    "many digits": _of("1234567890"),
    "numbers with stops": _of("1."),
    "numbers with commas": _of("1,"),
    "thousands": _framed("", ".000", "x"),
    "dates": _of("2024-01-01/"),
    "numbers": _of("1 "),
    "distinct numbers": lambda length: " ".join(map(str, range(length)))[:length],
    "ordinals": _of("1. "),
    "money": _of("$1 "),
    "combining marks": _framed("e", "\u0301", ""),
    "zalgo": _of("a" + "".join(_ZALGO)),
    "marks of many classes": _framed("a", "\u0301\u0327\u0323\u0345\u05b0", ""),
    "composed letters": _of("ẹ́̂"),
    "ligatures": _of("ﷺ"),
    "wide letters": _of("ａ"),
    "hangul parts": _of("\u1100\u1161\u11a8"),
    "zero width": _framed("a", "\u200d", ""),
    "soft hyphens": _of("a\u00ad"),
    "right to left": _of("\u202e\u202d"),
    "emoji": _of("😀"),
    "joined emoji": _of("👩\u200d👩\u200d👧\u200d👦"),
    "flags": _of("🇩🇪"),
    "chinese": _of("价格"),
    "chinese of many signs": _distinct_signs(0x4E00),
    "chinese and blanks": _of("价 "),
    "chinese stops": _of("。"),
    "japanese": _of("料金はいくらですか。"),
    "quotes of japanese": _of("。」と"),
    "korean": _of("가격 "),
    "korean of many signs": _distinct_signs(0xAC00),
    "thai": _of("ราคา"),
    "thai phrases": _of("ราคา" * 16 + " "),
    "thai and blanks": _of("ร "),
    "arabic": _of("كم "),
    "arabic with marks": _of("كَ"),
    "arabic request": _of("تحدث"),
    "hebrew": _of("מה "),
    "hindi": _of("है "),
    "cyrillic": _of("сколько "),
    "russian request": _of("позовите "),
    "greek": _of("πόσο; "),
    "scripts": _joined(_SCRIPTS),
    "scripts without blanks": _joined(_SCRIPTS, ""),
    "german compounds": _of("donaudampfschifffahrt"),
    "elisions": _of("l'"),
    "quest'": _of("quest'"),
    "addresses": _of("https://example.com/a?b=c#d "),
    "one long address": _framed("https://example.com/", "a/", ""),
    "schemes": _of("https://"),
    "schemes after marks": _framed("", "(", "https:/"),
    "dots and schemes": _framed("", ".", "http"),
    "www": _of("www."),
    "mail addresses": _of("a@b.c "),
    "talk to a": _of("talk to a "),
    "talk to": _of("to a to "),
    "i want a": _of("want a "),
    "please": _of("please "),
    "hi hi hi human": _framed("", "hi ", "humble"),
    "human please": _framed("human", " please", " x"),
    "mit einem": _of("mit einem "),
    "mit einem menschen": _of("mit einem menschen und "),
    "is there": _of("is there "),
    "who can": _of("agent who can "),
    "um zu": _of("um "),
    "for a, for b": _of("for "),
    "to a, to b": _framed("to ", "a ", ":"),
    "you you you": _of("you "),
    "the following": _of("the following list "),
    "called": _of("is called "),
    "item: item": _of("- a: "),
    "list": _of("- a\n"),
    "numbered list": _of("1. a\n"),
    "code": _of("{}[]=<>;|$\n"),
    "table row": _framed("a: b", " | a: b", "|"),
    "chapters": _framed("chapter ", "1.", "x"),
    "not not not": _of("not "),
    "tests": _of("test "),
    "superlatives": _of("highest "),
    "letters est": _of("est"),
    "control signs": _of("\x01\x02\x1b"),
    "private use": _of("\ue000"),
    "noncharacters": _of("\ufffe\U0010ffff"),
    "escapes": _of("\\n\\u0000"),
    "quotes": _of('"'),
    "json": _of('{"a":['),
    "sql": _of("' or 1=1; -- "),
    "wildcards": _of("%_"),
    "stars": _of("**"),
}
"""Makers of a text of the given length, by what it is a run of."""


def mixed(seed: int, length: int) -> str:
    """Return a text put together by chance, the same for the same seed: runs of all sorts."""
    chance = random.Random(seed)
    makers: list[Callable[[int], str]] = [
        *(_of(one) for one in (*_WORDS, *_SCRIPTS, *_BLANKS, *_MARKS, *_BRACKETS, *_ZALGO[:6])),
        *WORST.values(),
    ]
    parts: list[str] = []
    left = length
    while left > 0:
        run = min(left, chance.choice((1, 2, 5, 20, 100, 700, length)))
        parts.append(chance.choice(makers)(run)[:run])
        left -= run
        if left and chance.random() < 0.5:
            parts.append(" ")
            left -= 1
    return "".join(parts)


def storable(text: str) -> str:
    """Return a text without what no field accepts, NUL and lone surrogates."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def every(length: int, *, mixtures: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of every kind, and as many random mixtures, each of `length`."""
    for name, make in WORST.items():
        yield name, storable(make(length))
    for seed in range(mixtures):
        yield f"mixture {seed}", storable(mixed(seed, length))


def decomposed(text: str) -> str:
    """Return a text with its accents as signs of their own, which normalisation puts together."""
    return unicodedata.normalize("NFD", text)
