"""What verification says of a sentence."""

from dataclasses import dataclass
from typing import Literal

Reason = Literal["number", "name", "negation", "opposite", "unsaid"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether passages say what a sentence claims.

    `supported` is None for a sentence that claims nothing: a greeting, an offer to help, a
    question, "I don't know". `sources` are the places of the passages that support it, best first,
    at most three. `score` is the probability that the passages say this; `reason` says what speaks
    against it, and is None where nothing does.
    """

    supported: bool | None
    sources: tuple[int, ...]
    score: float
    reason: Reason | None
