"""The port that turns text into vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

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
class EmbeddedPassage:
    """The vectors of one passage, all of unit length.

    `vector` has shape (dimensions,), `sentences` has shape (len(passage.sentences), dimensions).
    """

    vector: NDArray[np.float32]
    sentences: NDArray[np.float32]


class Embedder(Protocol):
    """Turns questions and passages into vectors of one space.

    `space` names the vector space; vectors of different spaces are never compared. `dimensions` is
    the length of a vector.
    """

    space: str
    dimensions: int

    async def embed_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row per text, shape (len(texts), dimensions)."""
        ...

    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        """Return the vectors of each passage, in order."""
        ...

    async def close(self) -> None:
        """Free the embedder's resources; it must not be used afterwards."""
        ...
