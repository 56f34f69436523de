"""One way of complaining in a language, and the question that it becomes."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

Question = Callable[[re.Match[str]], str]


class Rule(NamedTuple):
    """Sentences that match the pattern from their beginning become the question."""

    pattern: re.Pattern[str]
    question: Question


class Complaints(NamedTuple):
    """How a language complains; a sentence without any of the `signs` doesn't."""

    signs: re.Pattern[str]
    rules: tuple[Rule, ...]


def complaints(signs: str, *rules: Rule) -> Complaints:
    return Complaints(re.compile(rf"\b(?:{signs})\b", re.IGNORECASE), rules)


def rule(pattern: str, question: str | Question) -> Rule:
    """Return the rule for a pattern; a text as question gets the groups of the pattern."""
    compiled = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return Rule(compiled, _filled(question) if isinstance(question, str) else question)


def _filled(question: str) -> Question:
    def fill(found: re.Match[str]) -> str:
        return " ".join(question.format_map(found.groupdict("")).split())

    return fill


_MAY_BE_SMALL: Final = frozenset(
    "the my our your its his her their this that these those it they he she we you a an some all"
    " every each nothing nobody everything there one both several many most"
    " le la les l un une mon ma mes notre nos votre vos ce cet cette ces il elle ils elles"
    " el los las una mi mis nuestro nuestra su sus este esta estos estas eso esto"
    " il lo gli i mio mia miei mie questo questa o os as meu minha meus minhas um uma não no non"
    " die der das mein meine meinen unser unsere ihr ihre ein eine es sie er wir ich dieser diese"
    " dieses man de het mijn onze ons een jullie uw deze dit ik wij ze je ne nous on j".split()
)


def small(text: str) -> str:
    """Return the text as it stands inside a sentence: its first word small if it is no name."""
    first = text.replace("'", " ").split(maxsplit=1)
    if first and first[0].lower() in _MAY_BE_SMALL and first[0] != "I":
        return text[:1].lower() + text[1:]
    return text
