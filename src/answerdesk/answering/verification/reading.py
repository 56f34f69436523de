"""A text as it is compared: its words, in clauses, with what is negated, counted and named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.answering.verification.amounts import Amount, amounts_in
from answerdesk.answering.verification.lists.negations import (
    beginning_clauses,
    is_second_half,
    like_negations,
    limiting,
    negating_after,
    negating_around,
)
from answerdesk.kit.words import Word, words_of

_REACH: Final = 6
"""Words that a negation reaches; it seldom reaches out of its clause."""

MOST_WORDS: Final = 1_200
"""Maximum words of one text that are compared: more than 4,000 characters of any language have."""

_WIDE: Final = 8
"""Words around a negation that it may be about: in "the colour is not changed", also the colour."""

_GOES_ON: Final = frozenset(("or", "oder", "ou", "o", "of", "lub", "или", "ni", "nor", "that"))
"""Words at which a clause begins that a negation before them reaches: "no sound or video"."""

_BREAK: Final = re.compile(r"[,;:.!?()\n|–—…。，、；：]")
_STRONG: Final = re.compile(r"[;:.!?\n|…。；：]")


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text's words in order; the other sequences tell of each word.

    `clauses` number the clauses, `cues` are the places of words that negate, `negated` tells what
    is in the reach of one, `focus` has the words that each cue says most about, nearest first.
    `around` is what may be meant by a negation: all near one, or near a word that says it
    otherwise;
    `limited` is also what is near an "only".
    `amounts` are by place; `content` are the places of words that say something.
    """

    words: tuple[Word, ...]
    clauses: tuple[int, ...]
    cues: tuple[int, ...]
    negated: frozenset[int]
    around: frozenset[int]
    limited: frozenset[int]
    focus: tuple[tuple[int, ...], ...]
    amounts: dict[int, Amount]
    content: tuple[int, ...]


def read(text: str, language: str, most: int = MOST_WORDS) -> ReadText:
    """Take a text apart, up to so many words."""
    words = words_of(text.replace("’", "'"), language)[:most]
    clauses = _clauses(words, text, language)
    cues = _cues(words, language)
    content = tuple(place for place, word in enumerate(words) if not word.stop)
    reaches = [_reach(cue, words, clauses, language) for cue in cues]
    said = frozenset(content) - frozenset(cues)
    focus = tuple(
        tuple(sorted((one for one in reach if one in said), key=lambda one: abs(one - cue)))[:3]
        for cue, reach in zip(cues, reaches, strict=True)
    )
    around = _near(words, clauses, like_negations(language), cues)
    return ReadText(
        words=tuple(words),
        clauses=tuple(clauses),
        cues=tuple(cues),
        negated=frozenset(place for reach in reaches for place in reach),
        around=around,
        limited=around | _near(words, clauses, limiting(language)),
        focus=focus,
        amounts={one.place: one for one in amounts_in(words, text, language)},
        content=content,
    )


def _clauses(words: Sequence[Word], text: str, language: str) -> list[int]:
    """Number the clauses; marks that end sentences count twice, as they part more."""
    beginning = beginning_clauses(language)
    found: list[int] = []
    number, end = 0, 0
    for word in words:
        between = text[end : word.start]
        if end and _BREAK.search(between):
            number += 2 if _STRONG.search(between) else 1
        elif word.lower in beginning:
            number += 1
        found.append(number)
        end = word.end
    return found


def _cues(words: Sequence[Word], language: str) -> list[int]:
    after, around = negating_after(language), negating_around(language)
    found: list[int] = []
    for place, word in enumerate(words):
        lower = word.lower
        if lower in after or lower in around or _is_joined(lower, language):
            if language == "fr" and _is_only(words, place):
                continue
            if language == "fr" and lower in _FRENCH_SECOND and _follows_ne(words, place):
                continue
            found.append(place)
    if language == "fr":
        found = _without_doubles(found, words)
    return found


_FRENCH_SECOND: Final = frozenset(("aucun", "aucune", "jamais", "rien", "ni", "personne"))


def _follows_ne(words: Sequence[Word], place: int) -> bool:
    """Tell whether a "ne" negates already: "aucun … ne" has it behind, "ne … aucun" before."""
    return any(words[one].lower == "ne" for one in range(max(0, place - 4), place))


def _is_joined(lower: str, language: str) -> bool:
    """Tell whether a negation is written together with another word: "n'est", "mustn't"."""
    if language == "fr":
        return lower.startswith("n'")
    return language == "en" and lower.endswith("n't")


def _is_only(words: Sequence[Word], place: int) -> bool:
    """Tell whether "ne … que" says "only"."""
    if words[place].lower != "ne" and not words[place].lower.startswith("n'"):
        return False
    near = [word.lower for word in words[place + 1 : place + 6]]
    second = any(is_second_half(one, "fr") for one in near)
    return not second and any(one == "que" or one.startswith("qu'") for one in near)


def _without_doubles(found: list[int], words: Sequence[Word]) -> list[int]:
    """Leave "ne" away that follows what negates already: "personne ne"."""
    return [
        place
        for place in found
        if not (
            (words[place].lower == "ne" or words[place].lower.startswith("n'"))
            and any(one in found for one in range(max(0, place - 4), place))
        )
    ]


def _reach(
    cue: int, words: Sequence[Word], clauses: Sequence[int], language: str
) -> tuple[int, ...]:
    """Return the places that a negation reaches."""
    behind: list[int] = []
    for place in range(cue + 1, min(cue + 1 + _REACH, len(words))):
        if clauses[place] != clauses[place - 1] and words[place].lower not in _GOES_ON:
            break
        behind.append(place)
    if words[cue].lower not in negating_around(language):
        return tuple(behind)
    before = range(cue - 1, max(-1, cue - 1 - _REACH), -1)
    return (*behind, *(place for place in before if clauses[place] == clauses[cue]))


def _near(
    words: Sequence[Word], clauses: Sequence[int], such: frozenset[str], places: Sequence[int] = ()
) -> frozenset[int]:
    """Return what is near some places and such words, in the clause or the next."""
    found: set[int] = set()
    for centre in (*places, *(place for place, word in enumerate(words) if word.lower in such)):
        near = range(max(0, centre - _WIDE), min(len(words), centre + _WIDE + 1))
        found.update(
            place for place in near if place != centre and clauses[place] == clauses[centre]
        )
    return frozenset(found)
