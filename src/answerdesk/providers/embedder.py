"""The port that turns text into vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from answerdesk.kit.spans import Span


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to embed, and its spans that each get their own vector.

    `text` is what the model reads (for a chunk: its heading path, then its body); `sentences` are
    spans of `text`, in order and without overlap.
    """

    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of a passage's tokens, in order: unit rows times 127, of shape (tokens, n).

    At most `MOST_TOKENS`; a passage without tokens has one row of zeros. Rows are comparable only
    if they have the same `basis` (1 to 255) in the same space.
    """

    basis: int
    rows: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class QuestionTokens:
    """The vectors of a question's tokens: at least one unit row, of shape (tokens, n).

    `weights` says how much each token asks for, above 0 and at most 1; see `TokenVectors` for
    `basis`.
    """

    basis: int
    rows: NDArray[np.float32]
    weights: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """The vectors of one passage; those of the whole and of its sentences are of unit length.

    `vector` has shape (dimensions,), `sentences` has shape (len(passage.sentences), dimensions).
    `tokens` is None if the embedder knows no tokens.
    """

    vector: NDArray[np.float32]
    sentences: NDArray[np.float32]
    tokens: TokenVectors | None = None


@dataclass(frozen=True, slots=True)
class EmbeddedQuestion:
    """The vectors of one question: of unit length and shape (dimensions,), and of its tokens.

    `tokens` is None if the embedder knows no tokens.
    """

    vector: NDArray[np.float32]
    tokens: QuestionTokens | None = None


MOST_TOKENS: Final = 512
"""Maximum tokens of a passage that have vectors: the first ones."""


def as_bytes(rows: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return unit rows times 127, rounded, as `TokenVectors` has them."""
    return np.rint(rows * 127).astype(np.int8)


class Embedder(Protocol):
    """Turns questions and passages into vectors of one space.

    `space` names the vector space; vectors of different spaces are never compared. `dimensions` is
    the length of a vector.
    """

    space: str
    dimensions: int

    async def embed_questions(self, texts: Sequence[str]) -> list[EmbeddedQuestion]:
        """Return the vectors of each question, in order."""
        ...

    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        """Return the vectors of each passage, in order."""
        ...

    async def close(self) -> None:
        """Free the embedder's resources; it must not be used afterwards."""
        ...
