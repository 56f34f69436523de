"""Shortens the vectors of tokens, so that those of a passage are about as large as its text.

`tokens.npy` holds the first principal components of the model's token vectors, each of unit length,
in our documentation; `python -m benchmarks.fitting.tokens` writes it again.
"""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.providers.in_process.windows import Shortening
from answerdesk.providers.minilm.architecture import HIDDEN

Vectors = NDArray[np.float32]

TOKEN_BASIS: Final = 1
"""Raise it with every other `tokens.npy`: then stored vectors are made anew."""

TOKEN_DIMENSIONS: Final = 64

_SHORTEST: Final = 1e-6


def projected(tokens: Vectors) -> Vectors:
    """Return unit rows of shape (tokens, TOKEN_DIMENSIONS) for rows of shape (tokens, HIDDEN)."""
    rows = tokens @ _components()
    scaled: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _SHORTEST)
    return scaled


SHORTENING: Final = Shortening(TOKEN_BASIS, TOKEN_DIMENSIONS, projected)


@cache
def _components() -> Vectors:
    stored = files("answerdesk.providers.minilm").joinpath("tokens.npy").read_bytes()
    components: Vectors = np.load(BytesIO(stored), allow_pickle=False).astype(np.float32)
    if components.shape != (HIDDEN, TOKEN_DIMENSIONS):
        raise ValueError(f"tokens.npy has the shape {components.shape}")
    return components
