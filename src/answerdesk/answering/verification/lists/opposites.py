"""Opposites that a statement turns by (`opposites/*.txt`), beside those of questions."""

from functools import cache
from importlib.resources import files
from typing import Final

from answerdesk.answering.extractive import opposites as asked

_PREFIXES: Final = {
    "en": ("un", "in", "im", "ir", "il", "dis", "non", "de", "mis"),
    "de": ("un", "nicht", "miss", "ent"),
    "fr": ("in", "im", "dé", "dés", "non", "mal", "ir"),
    "es": ("in", "im", "des", "no", "ir"),
    "it": ("in", "im", "dis", "s", "non"),
    "pt": ("in", "im", "des", "não"),
    "nl": ("on", "niet", "ont"),
    "pl": ("nie",),
    "ru": ("не", "без", "бес"),
}
_LEAST_STEM: Final = 4


@cache
def opposites(language: str) -> dict[str, frozenset[str]]:
    """Return the opposites of each word that has any, in lower case, by the lists."""
    found = {word: set(others) for word, others in asked.opposites(language).items()}
    file = files(__package__).joinpath("opposites", f"{language}.txt")
    for pair in file.read_text(encoding="utf-8").split() if file.is_file() else ():
        one, other = pair.split("/")
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def prefixed(word: str, language: str) -> frozenset[str]:
    """Return what a word would be with or without a prefix that reverses it."""
    found = set()
    for prefix in _PREFIXES.get(language, ()):
        if len(word) >= _LEAST_STEM:
            found.add(prefix + word)
        if word.startswith(prefix) and len(word) - len(prefix) >= _LEAST_STEM:
            found.add(word.removeprefix(prefix))
    return frozenset(found)
