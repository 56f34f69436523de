"""Words that answers put for each other, by language: a synonym is not unsaid.

`synonyms/*.txt` has a group a line, written for help pages; a word of several meanings is in the
group of the most frequent. After a line that begins with "#" come the words that frame a statement
and say little of it. Each word is compared by its index term, so that one form stands for all.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from answerdesk.kit.words import words_of


@cache
def groups(language: str) -> dict[str, frozenset[int]]:
    """Return the groups that each index term is in, by their numbers."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_parts(language)[0].splitlines()):
        for term in _terms(line, language):
            found.setdefault(term, set()).add(number)
    return {term: frozenset(numbers) for term, numbers in found.items()}


@cache
def generic(language: str) -> frozenset[str]:
    """Return the index terms of words that frame a statement and say little of it."""
    return frozenset(_terms(_parts(language)[1], language))


@cache
def _parts(language: str) -> tuple[str, str]:
    """Return a language's groups, and its words that frame; empty if there is no list for it."""
    file = files(__package__).joinpath("synonyms", f"{language}.txt")
    if not file.is_file():
        return "", ""
    listed, _, rest = file.read_text(encoding="utf-8").partition("\n#")
    return listed, rest.partition("\n")[2]


def _terms(text: str, language: str) -> Iterator[str]:
    for word in text.split():
        found = words_of(word, language)
        if len(found) == 1:
            yield found[0].term
