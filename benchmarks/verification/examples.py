"""True and wrong sentences, each with the passages that it is verified against."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.verification import Evidence
from benchmarks.verification.passages import True_, given_with, paraphrases, verbatim
from benchmarks.verification.wrong import Kind, made_wrong

VERBATIM_WORTH: Final = 0.35
"""What a passage's own sentence counts where weights are fitted: answers seldom have those."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence; `kind` says how it was made wrong, and is None for a true one.

    `place` is that of the passage that it was written after.
    """

    text: str
    kind: Kind | None
    made_from: True_
    given: tuple[str, ...]
    place: int

    @property
    def verbatim(self) -> bool:
        return self.made_from.verbatim

    @property
    def language(self) -> str:
        return self.made_from.passage.language

    @property
    def held_out(self) -> bool:
        return self.made_from.passage.held_out


@cache
def examples() -> tuple[Example, ...]:
    return tuple(_examples())


def _examples() -> Iterator[Example]:
    for true in (*paraphrases(), *verbatim()):
        given, place = given_with(true.passage)
        yield Example(true.text, None, true, given, place)
        for wrong in made_wrong(true):
            yield Example(wrong.text, wrong.kind, true, given, place)


@cache
def evidence_of(given: tuple[str, ...]) -> Evidence:
    return Evidence.of(given)


def counts_of(chosen: Sequence[Example]) -> NDArray[np.float64]:
    """Return what each example counts: the wrong ones together as much as the true ones.

    Among the wrong ones each kind counts as much as every other.
    """
    true = sum(one.kind is None for one in chosen)
    kinds = Counter(one.kind for one in chosen if one.kind is not None)
    return np.array(
        [1.0 if one.kind is None else true / len(kinds) / kinds[one.kind] for one in chosen]
    )
