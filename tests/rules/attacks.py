"""Texts that a pattern may take long for, made from the pattern itself.

A search takes more than linear time where what a pattern repeats can be met in many ways, or from
many places, and what comes after it is missing. So each attack is a stretch that the pattern may
begin with, then a long run of something that it repeats, then an end that fits or does not.
"""

import random
import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, Final, NamedTuple

# The standard library's own, of which nobody has the types.
codes: Final[Any] = import_module("re._constants")
parser: Final[Any] = import_module("re._parser")

_SAMPLES: Final = 20
_PIECES: Final = 6
_BEGINNINGS: Final = 1
_ENDLESS: Final = 8
"""Repetitions from which something counts as repeated without end."""
_ANY: Final = " aA1_-.,:;?!'\"\n\t([{<>/@&=%$#|`~*+éß\u0301价ก\u00a0x"
_USUAL: Final = (" ", "a", ".")
_ENDS: Final = ("", "x", "\0")
_SIGNS: Final = (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN)
_REPEATS: Final = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_CATEGORIES: Final = {
    codes.CATEGORY_DIGIT: (r"\d", "17"),
    codes.CATEGORY_NOT_DIGIT: (r"\D", "a -"),
    codes.CATEGORY_SPACE: (r"\s", " \n\t"),
    codes.CATEGORY_NOT_SPACE: (r"\S", "a.1"),
    codes.CATEGORY_WORD: (r"\w", "a1_"),
    codes.CATEGORY_NOT_WORD: (r"\W", " .-"),
}


class Attack(NamedTuple):
    """A text of any length: a beginning, a run of a piece, an end."""

    beginning: str
    piece: str
    end: str

    def text(self, length: int) -> str:
        """Return the text with a run of about `length`."""
        return f"{self.beginning}{self.piece * (length // len(self.piece))}{self.end}"


def attacks(pattern: "re.Pattern[str]") -> Iterator[Attack]:
    """Yield the same attacks each time; none where nothing is repeated."""
    chance = random.Random(ascii(pattern.pattern))
    tree = parser.parse(pattern.pattern, pattern.flags)
    pieces: set[str] = set()
    beginnings: set[str] = set()
    samples = [_Sample(chance, tree) for _ in range(_SAMPLES)]
    if not any(sample.repeated for sample in samples):
        return
    for sample in samples:
        repeated = [piece for _, piece in sample.repeated if piece]
        pieces.update(repeated)
        pieces.update(chance.choice(repeated) + one for one in repeated)
        pieces.update({sample.text} - {""})
        beginnings.update(before for before, _ in sample.repeated if before)
    for piece in (*_USUAL, *_few(pieces, _PIECES, chance)):
        for beginning in ("", *_few(beginnings, _BEGINNINGS, chance)):
            for end in _ENDS:
                yield Attack(beginning, piece, end)


def _few(found: set[str], most: int, chance: random.Random) -> list[str]:
    return chance.sample(sorted(found), min(most, len(found)))


class _Sample:
    """One text that a pattern may be met by, and what of it can be repeated without end."""

    def __init__(self, chance: random.Random, tree: Any) -> None:
        self.repeated: list[tuple[str, str]] = []
        self._chance = chance
        self._groups: dict[int, str] = {}
        self.text = self.of(tree)

    def of(self, tree: Any) -> str:
        text = ""
        for code, value in tree:
            text += self._part(code, value, text)
        return text

    def _part(self, code: Any, value: Any, before: str) -> str:
        if code in _SIGNS:
            return self._sign(code, value)
        if code in _REPEATS:
            return self._repeat(value, before)
        return self._inner(code, value)

    def _sign(self, code: Any, value: Any) -> str:
        if code is codes.LITERAL:
            return chr(value)
        if code is codes.NOT_LITERAL:
            return self._chance.choice([one for one in _ANY if ord(one) != value])
        return self._chance.choice("a .") if code is codes.ANY else self._one_of(value)

    def _inner(self, code: Any, value: Any) -> str:
        if code is codes.BRANCH:
            return self.of(self._chance.choice(value[1]))
        if code is codes.SUBPATTERN:
            group, *_, inner = value
            self._groups[group] = self.of(inner)
            return self._groups[group]
        if code is codes.ATOMIC_GROUP:
            return self.of(value)
        if code is codes.GROUPREF:
            return self._groups.get(value, "")
        if code is codes.ASSERT and value[0] == 1:
            return self.of(value[1]) if self._chance.random() < 0.5 else ""
        if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
            return ""
        raise NotImplementedError(f"no sample of {code}")

    def _repeat(self, value: tuple[Any, Any, Any], before: str) -> str:
        least, most, inner = value
        times = max(least, min(int(most), self._chance.choice((least, 1, 2))))
        parts = [self.of(inner) for _ in range(times)]
        if int(most) > _ENDLESS:
            self.repeated.append((before, parts[0] if parts else self.of(inner)))
        return "".join(parts)

    def _one_of(self, items: Sequence[tuple[Any, Any]]) -> str:
        if items[0][0] is codes.NEGATE:
            others = [one for one in _ANY if not any(_holds(one, item) for item in items[1:])]
            return self._chance.choice(others or ["ÿ"])
        return self._chance.choice([one for item in items for one in _examples(*item)])


def _examples(code: Any, value: Any) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.RANGE:
        return chr(value[0]) + chr(value[1])
    examples: str = _CATEGORIES[value][1]
    return examples


def _holds(sign: str, item: tuple[Any, Any]) -> bool:
    code, value = item
    if code is codes.LITERAL:
        return sign == chr(value)
    if code is codes.RANGE:
        return chr(value[0]) <= sign <= chr(value[1])
    return re.match(_CATEGORIES[value][0], sign) is not None
