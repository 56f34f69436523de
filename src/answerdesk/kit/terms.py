"""The terms by which a text is indexed and searched.

A term is a word without case, accents and ending. Names with a fixed spelling stay whole, and their
parts are indexed as well: C++, .NET, 24/7, 3.11, ISO-27001, max_tokens, fooBar, os.path, 50%, $3.
Scripts without usable word boundaries become grams (`scripts`). A Vietnamese word is several
syllables with spaces between: each is a term, with and without its marks, and so is each pair.

A text and a question match only if both are analysed in the same language. An unknown language
("und") is treated as English: questions too short to detect are mostly about English knowledge, and
text that isn't English is at least stemmed the same way on both sides.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from threading import local
from typing import Final, Protocol

import snowballstemmer

from answerdesk.kit.normalisation import normalised
from answerdesk.kit.scripts import DENSE, MARKS, grams, share_of_gram
from answerdesk.kit.stopwords import stop_words

_STEMMERS: Final = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_ELIDING: Final = frozenset({"fr", "it", "ca"})
_COMMA_DECIMALS: Final = frozenset(
    {"de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "ro", "hu", "tr"}
    | {"ru", "uk", "bg", "el", "id", "ca", "vi"}
)

_TOKEN = re.compile(rf"[{DENSE}]+|[^\s{DENSE}]+")
_IS_DENSE = re.compile(rf"[{DENSE}]")

ANALYSIS: Final = 2
"""The number of this analysis: to be raised when stored terms would come out otherwise."""

ANALYSED_ANEW: Final = frozenset(
    {"bn", "hi", "ja", "km", "lo", "mr", "my", "ne", "ta", "te", "th", "vi", "zh"}
)
"""The languages of which the analysis before made other terms."""

LONGEST_TERM: Final = 64
"""Longer tokens (keys, addresses, data) are indexed only by their parts."""

_REMEMBERED: Final = 128
"""Longest token whose terms are cached; the cache is for words, not for data."""

_COMPOUND: Final = 10
_FIRST_PART: Final = 7
"""German stems of at least 10 letters are also indexed by their first 7. On XQuAD's German texts,
BM25's recall@1 rose from 0.908 to 0.915 and nDCG@10 from 0.948 to 0.954; n-grams within words were
worse."""

_SCHEME = re.compile(r"^\W*(?:https?|ftp|mailto|tel)://?")
_LEFT_EDGE = re.compile(r"[^\w.$€£¥§]+")
_UP_TO_RIGHT_EDGE = re.compile(rf".*[\w{MARKS}+#%$€£¥]", re.DOTALL)
_SYMBOL_NAME = re.compile(r"[^\W\d_]{1,3}(?:\+\+|#)$|[^\W\d_]{1,3}(?:&[^\W\d_])+$")
_DOT_NAME = re.compile(r"\.[^\W\d_]\w*$")
_NUMBER = re.compile(
    r"(?P<before>[^\W\d_]{0,3}[$€£¥]|[#§vV])?"
    r"(?P<digits>\d+(?:[.,:/–-]\d+)*)"
    r"(?P<after>%|[$€£¥]|(?:st|nd|rd|th|[xX]|\+))?$"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_ELISION = re.compile(
    r"(?<!\w)(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell|dall|nell|sull|all|quell|quest|un|gl)'(?=\w)"
)
_LETTER: Final = rf"(?:[^\W_]|[{MARKS}])"
_PART = re.compile(rf"{_LETTER}+(?:'{_LETTER}+)*")
_LETTERED_NUMBER = re.compile(r"([^\W\d_]+?)(\d{3,})$|([^\W\d_]{2,})(\d{2})$")
_HUMP = re.compile(
    r"[^\W\d_]+?(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|[A-ZÀ-ÖØ-Þ]+(?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{2})"
    r"|[^\W\d_]+"
)
_FOLDED_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
_FOLDED_LETTERS: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "ё": "е"}
)
_TERM_IDS: Final = 1_000_000_000


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 (the library's name)


_stemmers = local()


def _stemmer(language: str) -> _Stemmer | None:
    """Return this thread's stemmer; stemmers keep state while they work."""
    algorithm = _STEMMERS.get(language)
    if algorithm is None:
        return None
    mine: dict[str, _Stemmer] = _stemmers.__dict__
    if algorithm not in mine:
        mine[algorithm] = snowballstemmer.stemmer(algorithm)
    return mine[algorithm]


def analyse(text: str, language: str) -> list[str]:
    """Return the terms of `text` in order: normalised, without stop words, stemmed.

    `language` is an ISO 639-1 code or "und". A text with only stop words keeps them.
    """
    language = language if language != "und" else "en"
    if not text.isascii():
        text = normalised(text, "NFKC").replace("’", "'").replace("⁄", "/")
    tokens = _TOKEN.findall(text)
    if language == _VIETNAMESE:
        return _vietnamese(tokens)
    stops = stop_words(language)
    terms: list[str] = []
    for token in tokens:
        if token[0] > "\u0dff" and _IS_DENSE.match(token):
            terms.extend(gram for gram in grams(token) if gram not in stops)
        else:
            terms.extend(_terms_of(token, language, keep_stop_words=False))
    if terms:
        return terms
    return [
        term
        for token in tokens
        for term in (
            grams(token)
            if _IS_DENSE.match(token)
            else _terms_of(token, language, keep_stop_words=True)
        )
    ]


@lru_cache(maxsize=32_768)
def term_id(term: str) -> int:
    """Return a term's number, from 1 to 1,000,000,000: the same on every machine, forever."""
    return (
        int.from_bytes(blake2b(term.encode("utf-8", "replace"), digest_size=8).digest())
        % (_TERM_IDS)
        + 1
    )


def share_of(term: str) -> float:
    """Return the share of a word's worth that a term has: less than 1 if a word has several."""
    if term[0] == _PLAIN:
        return _PLAIN_SHARE
    if _BESIDE in term:
        return _BESIDE_SHARE
    share = share_of_gram(term)
    return 1.0 if share is None else share


_VIETNAMESE: Final = "vi"
_PLAIN: Final = "~"
_PLAIN_SHARE: Final = 0.1
"""Of a syllable without its marks: "ma" may be one of six words, but some write all without."""
_BESIDE: Final = " "
_BESIDE_SHARE: Final = 0.5
"""Of two syllables side by side, which mostly are one word."""


def _vietnamese(tokens: Sequence[str]) -> list[str]:
    stops = stop_words(_VIETNAMESE)
    every: list[str] = []
    terms: list[str] = []
    before = ""
    for token in tokens:
        found = _terms_of(token, _VIETNAMESE, keep_stop_words=True)
        said = [one for one in found if one not in stops]
        every += found
        terms += said
        terms += [f"{_PLAIN}{_without_marks(one)}" for one in said if one[0].isalpha()]
        syllable = found[0] if len(found) == 1 and found[0].isalpha() else ""
        if before and syllable and not {before, syllable} <= stops:
            terms.append(f"{before}{_BESIDE}{syllable}")
        # A mark at its end parts it from the next word.
        before = syllable if token[-1].isalnum() else ""
    return terms or every


def _terms_of(token: str, language: str, *, keep_stop_words: bool) -> tuple[str, ...]:
    """Return the terms of a token without white space: none, one, or a whole and its parts."""
    read = _read_token if len(token) <= _REMEMBERED else _read_token.__wrapped__
    return read(token, language, keep_stop_words=keep_stop_words)


@lru_cache(maxsize=32_768)
def _read_token(token: str, language: str, *, keep_stop_words: bool) -> tuple[str, ...]:
    token = _without_edges(_SCHEME.sub("", token, count=1))
    if not token:
        return ()
    number = _NUMBER.match(token)
    if number:
        return _number_terms(number, language)
    if language in _ELIDING:
        token = _ELISION.sub("", token.lower()) if "'" in token else token
    if _SYMBOL_NAME.match(token) or _DOT_NAME.match(token):
        whole = _fold(token.casefold())
        named = (whole,) if len(whole) <= LONGEST_TERM else ()
        return (*named, *_word_terms(whole[1:], language)) if whole[0] == "." else named
    terms: dict[str, None] = {}
    for piece in token.split("/"):
        for term in _piece_terms(piece, language, keep_stop_words):
            terms.setdefault(term)
    return tuple(terms)


def _without_edges(token: str) -> str:
    """Return a token without marks around it, except those of a name or number."""
    left = _LEFT_EDGE.match(token)
    token = token[left.end() :] if left else token
    right = _UP_TO_RIGHT_EDGE.match(token)
    return right[0] if right else ""


def _number_terms(match: re.Match[str], language: str) -> tuple[str, ...]:
    digits, before, after = match["digits"], match["before"] or "", match["after"] or ""
    decimal = "," if language in _COMMA_DECIMALS else "."
    if _THOUSANDS.fullmatch(digits) and digits.count(decimal) == 0:
        digits = digits.replace(",", "").replace(".", "")
    elif decimal == "," and digits.count(",") == 1 and "." not in digits:
        digits = digits.replace(",", ".")
    parts = re.split(r"[,:/–-]", digits)
    terms = [digits.replace("–", "-"), *(parts if len(parts) > 1 else ())]
    if digits.count(".") >= 2 and len(parts) == 1:
        # A question about 3.11 also means 3.11.4.
        terms.append(".".join(digits.split(".")[:2]))
    sign = before if before and before[-1] in "$€£¥" else ""
    sign = sign or (after if after and after in "%$€£¥" else "")
    if sign == "%":
        terms.append(f"{digits}%")
    elif sign:
        terms.append(f"{sign[-1]}{digits}")
    return tuple(term for term in dict.fromkeys(terms) if len(term) <= LONGEST_TERM)


def _piece_terms(piece: str, language: str, keep_stop_words: bool) -> list[str]:
    """Return the terms of a word, or of several joined by hyphens, dots, underscores or humps."""
    words = _PART.findall(piece)
    if not words:
        return []
    parts = [part for word in words for part in _humps(word)]
    whole = "".join(words)
    stops = frozenset[str]() if keep_stop_words else stop_words(language)
    if len(parts) == 1:
        return _word_terms(parts[0], language, stops)
    terms = _word_terms(whole, language, stops) if len(whole) <= LONGEST_TERM else []
    for part in parts:
        if len(part) > 1:
            terms.extend(_word_terms(part, language, stops))
    return terms


def _humps(word: str) -> list[str]:
    """Return the parts of fooBar, HTTPServer and ISO27001; a plain word whole."""
    if any(one.isdigit() for one in word):
        lettered = _LETTERED_NUMBER.match(word)
        return [word] if lettered is None else [part for part in lettered.groups() if part]
    if word.lower() == word or word.isupper() or word.istitle():
        return [word]
    return _HUMP.findall(word) or [word]


def _word_terms(word: str, language: str, stops: frozenset[str] = frozenset()) -> list[str]:
    lowered = word.casefold()
    if lowered in stops:
        return []
    if "'" in lowered:
        lowered = lowered.removesuffix("'s").replace("'", "")
        if not lowered or lowered in stops:
            return []
    if len(lowered) > LONGEST_TERM:
        return []
    stem = _stem(lowered, language)
    if language == "de" and len(stem) >= _COMPOUND:
        # A compound's first letters are mostly its first part: "Öffnungszeiten", "Öffnung".
        return [stem, stem[:_FIRST_PART]]
    return [stem]


@lru_cache(maxsize=32_768)
def _stem(word: str, language: str) -> str:
    if language == _VIETNAMESE:
        return word
    stemmer = _stemmer(language)
    if stemmer is None or word.isdigit():
        return _fold(word)
    return _fold(stemmer.stemWord(word) or word)


def _fold(word: str) -> str:
    """Remove accents from Latin, Greek, Arabic and Hebrew letters; other scripts need theirs."""
    if word.isascii():
        return word
    translated = word.translate(_FOLDED_LETTERS)
    if "\u0400" <= translated[0] <= "\u04ff" or "\u0900" <= translated[0] <= "\u0dff":
        return translated
    return _without_marks(translated) or word


def _without_marks(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.translate(_FOLDED_LETTERS))
    return unicodedata.normalize("NFC", _FOLDED_MARKS.sub("", decomposed))
