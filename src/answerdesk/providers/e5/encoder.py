"""Runs the model: token ids in, one vector per token out."""

from collections.abc import Sequence

import numpy as np

from answerdesk.providers.e5.weights import Weights, word_rows
from answerdesk.providers.in_process.session import open_session, owners, packs
from answerdesk.providers.in_process.windows import Ids, Vectors

_UNSEEN = np.float32(-1e4)
"""Added to the attention between tokens of different texts, which is nothing then."""


class Encoder:
    """The model's twelve layers, with the given number of threads."""

    def __init__(self, weights: Weights, *, threads: int) -> None:
        self._words = weights.words
        self._positions = weights.positions
        self._session = open_session("answerdesk.providers.e5", "layers", weights.graph, threads)

    def encode(self, windows: Sequence[Ids]) -> list[Vectors]:
        """Return the vectors of each window's tokens, shape (tokens, hidden), in order.

        A window is a row of token ids with all that the model reads, at most `WINDOW` long.
        """
        vectors: list[Vectors] = []
        for together in packs([len(window) for window in windows]):
            vectors += self._run(windows[together])
        return vectors

    def _run(self, windows: Sequence[Ids]) -> list[Vectors]:
        """Run windows side by side in one row, where each sees only its own tokens."""
        lengths = [len(window) for window in windows]
        positions = np.concatenate([self._positions[:length] for length in lengths])
        embeddings = word_rows(self._words, np.concatenate(windows)) + positions
        owner = owners(lengths)
        sees = np.where(owner[:, None] == owner, np.float32(0), _UNSEEN)
        (tokens,) = self._session.run(
            ["tokens"], {"embeddings": embeddings[None], "sees": sees[None, None]}
        )
        return np.split(np.asarray(tokens, np.float32)[0], np.cumsum(lengths)[:-1])
