"""What is known before a model writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from answerdesk.answering.types import Abstain, Answer, Citation
from answerdesk.answering.verification import Evidence, Verdict, verify


class Verify(Protocol):
    """Tells whether passages say a sentence; `cited` are the places that it names."""

    def __call__(
        self, sentence: str, evidence: Evidence, /, *, cited: Sequence[int], question: str
    ) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Given:
    """A passage for a model: its whole text, and the citation that names it."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known of a question before a model answers it.

    `extractive` is the decision without a model, `nothing` the one if the passages, `given`, hold
    no answer. `language` is the question's (ISO 639-1). `verify` judges the answer's sentences.
    """

    given: Sequence[Given]
    extractive: Answer | Abstain
    nothing: Abstain
    language: str
    verify: Verify = verify
