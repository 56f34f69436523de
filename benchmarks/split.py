"""Which articles are tuned on, and which only report.

The rule: five articles, those of `squad2`, are a fold each; every other article's fold is the MD5
of its title, as a number, modulo 5. Folds 1 and 3 are held out. XQuAD holds the same articles as
`squad2`, in English and German, so that the rule goes by title across all sets: nothing that is
fitted or swept may see a paragraph or a question of a held-out article, in either language.
"""

import hashlib
from typing import Final

FOLDS: Final = 5
HELD_OUT_FOLDS: Final = frozenset({1, 3})

_SQUAD2_ARTICLES: Final = (
    "Warsaw",
    "French_and_Indian_War",
    "Scottish_Parliament",
    "1973_oil_crisis",
    "Packet_switching",
)


def fold(title: str) -> int:
    """Return the fold of an article, 0 to 4."""
    title = title.strip().replace(" ", "_")
    if title in _SQUAD2_ARTICLES:
        return _SQUAD2_ARTICLES.index(title)
    digest = hashlib.md5(title.encode(), usedforsecurity=False).hexdigest()
    return int(digest, 16) % FOLDS


def is_held_out(title: str) -> bool:
    """Tell whether an article is for reporting only."""
    return fold(title) in HELD_OUT_FOLDS
