"""The vectors of questions as one array."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from answerdesk.providers.embedder import Embedder


async def question_vectors(embedder: Embedder, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return one row per text, shape (len(texts), dimensions)."""
    rows = [one.vector for one in await embedder.embed_questions(texts)]
    return np.array(rows, np.float32).reshape(len(texts), embedder.dimensions)
