"""Makes true sentences wrong, by rules that share nothing with what the product verifies by.

Each rule changes one thing: a number, its unit, a name, a negation, a word into its opposite, or
whose value or name it is; or has nothing to do with the passage. A rule that finds nothing to
change makes nothing.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from benchmarks.verification.opposed import opposed
from benchmarks.verification.passages import (
    Passage,
    True_,
    all_passages,
    given_with,
    paraphrases,
)

Kind = Literal[
    "number", "unit", "name", "negation", "opposite", "number of another", "name of another",
    "another document",
]  # fmt: skip
KINDS: Final[tuple[Kind, ...]] = (
    "number",
    "unit",
    "name",
    "negation",
    "opposite",
    "number of another",
    "name of another",
    "another document",
)
_SEED: Final = 11


@dataclass(frozen=True, slots=True)
class Wrong:
    """A sentence that its passage doesn't say, made from one that it does."""

    text: str
    made_from: True_
    kind: Kind


def made_wrong(true: True_) -> list[Wrong]:
    """Return the sentence made wrong in each way that it can be."""
    found = []
    for kind in KINDS:
        chance = random.Random(f"{_SEED}{kind}{true.text}")
        text = _RULES[kind](true, chance)
        if text is not None and text != true.text:
            found.append(Wrong(text, true, kind))
    return found


_NUMBER: Final = re.compile(r"(?<![\w.,:/–-])(?<!\d )\d+(?:[.,]\d+)*(?![\w:/–]|[.,]\d| \d{3})")
_YEAR: Final = re.compile(r"1\d{3}|20\d{2}")
_COUNTED: Final = {
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    "de": ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn"),
    "fr": ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    "es": ("dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"),
}


def _number(true: True_, chance: random.Random) -> str | None:
    """Put another number where there is one, that no passage has."""
    said = " ".join(given_with(true.passage)[0])
    places = list(_NUMBER.finditer(true.text))
    if places:
        place = chance.choice(places)
        for _ in range(20):
            other = _other_number(place[0], chance)
            if not re.search(rf"(?<!\d){re.escape(other)}(?!\d)", said):
                return true.text[: place.start()] + other + true.text[place.end() :]
        return None
    words = _COUNTED[true.passage.language]
    counted = list(re.finditer(rf"\b(?:{'|'.join(words)})\b", true.text))
    if not counted:
        return None
    place = chance.choice(counted)
    others = [one for one in words if not re.search(rf"\b{one}\b", f"{said} {true.text}")]
    return true.text[: place.start()] + chance.choice(others) + true.text[place.end() :]


def _other_number(number: str, chance: random.Random) -> str:
    if _YEAR.fullmatch(number):
        return str(int(number) + chance.choice((-20, -10, -3, -2, -1, 1, 2, 3, 10, 20)))
    digits = [place for place, one in enumerate(number) if one.isdigit()]
    place = chance.choice(digits)
    choices = [one for one in "123456789" if one != number[place]]
    return number[:place] + chance.choice(choices) + number[place + 1 :]


_UNITS: Final = {
    "en": (
        "seconds minutes hours days weeks months years",
        "second minute hour day week month year",
        "millimeter centimeter meter kilometer mile",
        "millimeters centimeters meters kilometers miles",
        "km² ha acres",
        "bytes kilobytes megabytes gigabytes",
        "lines pages files",
        "% points",
    ),
    "de": (
        "Sekunden Minuten Stunden Tage Wochen Monate Jahre Jahren Jahrzehnten",
        "Meter Kilometer Meilen",
        "Hektar Acker Quadratkilometer",
        "Mbit/s Gbit/s",
        "Prozent Promille",
        "% ‰",
    ),
    "fr": ("secondes minutes heures jours semaines mois ans", "chiffres lettres"),
    "es": ("segundos minutos horas días semanas meses años", "dígitos letras"),
}


def _unit(true: True_, chance: random.Random) -> str | None:
    """Put another unit after a number."""
    numbers = rf"(?:\d|\b(?:{'|'.join(_COUNTED[true.passage.language])})\b)"
    for family in map(str.split, _UNITS[true.passage.language]):
        units = "|".join(map(re.escape, sorted(family, key=len, reverse=True)))
        place = re.search(rf"{numbers}(?:[\s-]|[^\W\d]+ )?({units})(?!\w)", true.text)
        if place is not None:
            other = chance.choice([one for one in family if one[:3] != place[1][:3]] or family)
            return true.text[: place.start(1)] + other + true.text[place.end(1) :]
    return None


_NAME: Final = re.compile(r"(?<![\w’'-])[A-Z][\w&-]*(?:[ ][A-Z][\w&-]*)*(?![\w’-])")


@cache
def _common() -> frozenset[str]:
    """Return words that are somewhere written small, in any language: they are no names."""
    words: set[str] = set()
    for one in all_passages().values():
        words.update(re.findall(r"(?<!\w)[^\W\d_A-ZÄÖÜÉÀ][\w-]*", one.text))
    return frozenset(word.lower() for word in words)


@cache
def _english() -> frozenset[str]:
    """Return what is written with a capital in English: of German, only these may be names."""
    said = (one.text for one in all_passages().values() if one.language == "en")
    return frozenset(word for text in said for word in re.findall(r"(?<!\w)[A-Z][\w&-]*", text))


def _names(text: str, language: str) -> list[re.Match[str]]:
    """Return the runs of capitalised words that are surely names."""
    return [
        found
        for found in _NAME.finditer(text)
        if found.start() > 0
        and not any(word.lower() in _common() for word in found[0].split())
        and (language != "de" or all(word in _english() for word in found[0].split()))
        and len(found[0]) > 2
    ]


def _name(true: True_, chance: random.Random) -> str | None:
    """Put the name of somebody or something in another document."""
    own = " ".join((*given_with(true.passage)[0], true.text))
    places = _names(true.text, true.passage.language)
    others = _names_elsewhere(true.passage)
    if not places or not others:
        return None
    place = chance.choice(places)
    other = chance.choice([one for one in others if one not in own])
    return true.text[: place.start()] + other + true.text[place.end() :]


def _names_elsewhere(passage: Passage) -> list[str]:
    found: dict[str, None] = {}
    for one in all_passages().values():
        kin = one.id.partition("/")[0].split(":")[0] == passage.id.partition("/")[0].split(":")[0]
        if kin and one.language == passage.language and one.document != passage.document:
            found.update((name[0], None) for name in _names(one.text, one.language))
    return list(found)


_ENGLISH_VERBS: Final = "is are was were can could will would must may should has have had might"
_SPANISH_VERBS: Final = (
    "es son está están puede pueden se fue tiene tienen existe hay aparece conservan siguen"
    " invalida vuelve sirven trata va empieza caben"
)
_ADDED: Final = {
    "en": (
        (
            rf"\b({_ENGLISH_VERBS.replace(' ', '|')})\b(?! not|n't)",
            r"\1 not",
        ),
        (r"^(You|They|It|He|She|We) (\w+)", r"\1 never \2"),
        (r"\b(usually|mostly|often|always|normally|routinely|mainly)\b", "never"),
        (r"^(Click|Choose|Select|Open|Add|Give)\b", r"Don't \1"),
    ),
    "de": (
        (
            r"\b(ist|sind|waren?|wird|werden|wurden?|kann|können|hat|hatten?|sollte)\b(?! nicht)",
            r"\1 nicht",
        ),
        (r"\b(ein|eine|einen|einem|einer) ", r"k\1 "),
        (r"\b(immer|rund|etwa|auch)\b", "nicht"),
    ),
    "fr": (
        (r"\b(est|était|a|ont|sont|peut|peuvent|va|doit|met)\b", r"ne \1 pas"),
        (r"\bpouvez\b", "ne pouvez pas"),
        (r"\b(apparaît|ouvre|reçoivent|accepte|vaut|enregistre|recalcule|garde|trouvez)\b",
         r"ne \1 pas"),
        (r"^(Cliquez|Cochez|Tapez)\b", r"Ne \1 pas"),
    ),
    "es": (
        (
            rf"(?<!no )(?<!No )\b({_SPANISH_VERBS.replace(' ', '|')})\b",
            r"no \1",
        ),
        (r"^(Quite|Haga|Marque|Caben|Las imágenes) ?", r"No \1 "),
    ),
}  # fmt: skip
_REMOVED: Final = {
    "en": (
        (r"\b(do|does|did) not ", ""), (r"\b(don't|doesn't|didn't) ", ""), (r"\bcan't\b", "can"),
        (r"\bwon't\b", "will"), (r"n't\b", ""), (r"\bcannot\b", "can"), (r"\bnot ", ""),
        (r"\bno longer ", ""),
        (r"\bnever ", "always "), (r"\bno ", "a "), (r"\bNo ", "A "), (r"\bwithout\b", "with"),
        (r"\bWithout\b", "With"), (r"\bNobody\b", "Somebody"), (r"\bany more\b", "again"),
    ),
    "de": (
        (r"\bnicht (?:mehr )?", ""), (r"\bkeinen\b", "einen"), (r"\bkeine\b", "eine"),
        (r"\bkein\b", "ein"), (r"\bohne\b", "mit"), (r"\boder nichts\b", ""),
        (r"\bNicht(?=\w)", ""),
    ),
    "fr": (
        (r"\b(?:ne |n')(\w+) (?:pas|plus|jamais) ?", r"\1 "), (r"\bsans\b", "avec"),
        (r"\bPersonne ne\b", "Quelqu'un"), (r"\bn'ont pas de\b", "ont un"),
        (r"\bne pas ", ""), (r"\bn'a(?: pas)?\b", "a"),
    ),
    "es": (
        (r"\bno ", ""), (r"^No ", ""), (r"\bya no ", "ya "), (r"\bsin\b", "con"),
        (r"\bnunca\b", "siempre"),
    ),
}  # fmt: skip


def _negation(true: True_, chance: random.Random) -> str | None:
    """Take a negation away, or put one where there is none."""
    del chance
    language = true.passage.language
    for pattern, instead in (*_REMOVED[language], *_ADDED[language]):
        text, count = re.subn(pattern, instead, true.text, count=1)
        if count:
            return re.sub(r"\bne (?=[aeéèiou])", "n'", text) if language == "fr" else text
    return None


def _opposite(true: True_, chance: random.Random) -> str | None:
    """Put its opposite in place of a word."""
    words = opposed(true.passage.language)
    places = [one for one in re.finditer(r"[^\W\d_]+", true.text) if one[0].lower() in words]
    # "No" is a negation, which is another kind; and what is but a name has no opposite.
    places = [one for one in places if one[0].lower() not in ("no", "not", "never", "may", "will")]
    places = [one for one in places if one[0].islower() or one.start() == 0]
    if not places:
        return None
    place = chance.choice(places)
    other = chance.choice(words[place[0].lower()])
    other = other.capitalize() if place[0][0].isupper() else other
    return true.text[: place.start()] + other + true.text[place.end() :]


def _number_of_another(true: True_, chance: random.Random) -> str | None:
    """Put a number of the passage in place of another of the same sort."""
    places = list(_NUMBER.finditer(true.text))
    chance.shuffle(places)
    own = {one[0] for one in places}
    for place in places:
        is_year = _YEAR.fullmatch(place[0]) is not None
        others = [
            one[0]
            for one in _NUMBER.finditer(true.passage.text)
            if one[0] not in own
            and (_YEAR.fullmatch(one[0]) is not None) == is_year
            and (len(one[0]) > 1 or len(place[0]) == 1)
        ]
        if others:
            return true.text[: place.start()] + chance.choice(others) + true.text[place.end() :]
    return None


def _name_of_another(true: True_, chance: random.Random) -> str | None:
    """Put a name of the passage in place of another."""
    language = true.passage.language
    places = _names(true.text, language)
    others = [one[0] for one in _names(true.passage.text, language) if one[0] not in true.text]
    others = [one for one in others if not any(word[:4] in true.text for word in one.split())]
    if not places or not others:
        return None
    place = chance.choice(places)
    return true.text[: place.start()] + chance.choice(others) + true.text[place.end() :]


def _another_document(true: True_, chance: random.Random) -> str | None:
    """Say what another document says; of those for fitting and held out, one of the same."""
    passage = true.passage
    others: Sequence[True_] = [
        one
        for one in paraphrases()
        if one.passage.language == passage.language
        and one.passage.document != passage.document
        and one.passage.held_out == passage.held_out
    ]
    return chance.choice(others).text


_RULES: Final[dict[Kind, Callable[[True_, random.Random], str | None]]] = {
    "number": _number,
    "unit": _unit,
    "name": _name,
    "negation": _negation,
    "opposite": _opposite,
    "number of another": _number_of_another,
    "name of another": _name_of_another,
    "another document": _another_document,
}
