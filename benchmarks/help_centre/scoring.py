"""How good an answer is: whether it shows the piece of a page that an editor would quote."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Verdict = Literal["right", "partly", "wrong", "abstained"]
VERDICTS: Final[tuple[Verdict, ...]] = ("right", "partly", "wrong", "abstained")

_RIGHT_SHARE: Final = 0.5
_PARTLY_SHARE: Final = 1 / 3
_TIMES: Final = 2.5
_MORE_WORDS: Final = 40
# A dash belongs to a word where it begins one: "-a" is an option, "a" is not.
_WORD = re.compile(r"(?:(?<![\w-])--?(?=\w))?[^\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """What an editor would quote as the answer, with the page that it is from."""

    document: str
    text: str


def score(shown: str | None, pieces: Sequence[Piece], key: Sequence[str]) -> Verdict:
    """Judge what was shown, None if nothing was, by the piece that it suits best.

    `right`: every key is there, and at least half of the piece's words, and not much else: at most
    2.5 times as many words as the piece has, and 40 more. `partly`: every key is there, or a third
    of the piece. `key` are the words without which the answer would be wrong.
    """
    if shown is None:
        return "abstained"
    seen = words(shown)
    has_key = all(_contains(seen, words(one)) for one in key)
    verdicts = [_judge(seen, words(piece.text), has_key=has_key) for piece in pieces]
    return min(verdicts, key=VERDICTS.index)


def words(text: str) -> list[str]:
    """Return the words in small letters; marks such as backslashes and underscores part them."""
    return [text[begin:end].lower() for begin, end in spans_of_words(text)]


def spans_of_words(text: str) -> list[tuple[int, int]]:
    """Return where each of a text's words begins and ends."""
    return [found.span() for found in _WORD.finditer(text)]


def overlap(shown: Sequence[str], piece: Sequence[str]) -> float:
    """Return the share of the piece's words that are shown, each as often as it is there."""
    return (Counter(shown) & Counter(piece)).total() / len(piece)


def _judge(shown: Sequence[str], piece: Sequence[str], *, has_key: bool) -> Verdict:
    share = overlap(shown, piece)
    brief = len(shown) <= _TIMES * len(piece) + _MORE_WORDS
    if has_key and brief and share >= _RIGHT_SHARE:
        return "right"
    return "partly" if has_key or share >= _PARTLY_SHARE else "wrong"


def _contains(shown: Sequence[str], sought: Sequence[str]) -> bool:
    size = len(sought)
    return any(
        list(shown[place : place + size]) == list(sought) for place in range(len(shown) - size + 1)
    )
