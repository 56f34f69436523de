"""Runs the model: token ids in, one vector per token out; questions in int8."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.providers.in_process.session import open_session, owners, packs
from answerdesk.providers.in_process.windows import Ids, Vectors
from answerdesk.providers.minilm.architecture import LAYERS, OUTLIERS
from answerdesk.providers.minilm.weights import Array, Weights

_LARGEST: Final = 127
"""Largest value of a signed byte, the same on both sides of zero."""

_SHARE: Final = 0.7
"""The share of a component's spread that moves into the weights."""


def quantise(weights: Mapping[str, Array]) -> dict[str, NDArray[Any]]:
    """Return the initializers of the questions' graph, by name.

    Each matrix becomes int8 with one float32 scale per column (`….scale`); vectors stay unchanged.
    The rows for outliers are also kept in float32. A normalisation's output is multiplied by
    `….balance` before a product whose matrix was divided by it.
    """
    balances = _balances(weights)
    quantised: dict[str, NDArray[Any]] = dict(balances)
    for name, array in weights.items():
        if array.ndim == 1:
            quantised[name] = array
            continue
        product = name.removesuffix(".weight")
        balance = balances.get(f"{product}.balance")
        matrix = array if balance is None else array / balance[:, None]
        scale = np.abs(matrix).max(axis=0) / _LARGEST
        quantised[name] = np.rint(matrix / scale).astype(np.int8)
        quantised[f"{product}.scale"] = scale.astype(np.float32)
    for layer, components in OUTLIERS.items():
        narrow = weights[f"{layer}.narrow.weight"]
        quantised[f"{layer}.outliers.weight"] = narrow[list(components)]
    return quantised


def _balances(weights: Mapping[str, Array]) -> dict[str, Array]:
    """Return factors that make the components after each normalisation similar in size.

    The components share one int8 scale. Source: SmoothQuant (https://arxiv.org/abs/2211.10438),
    with the normalisation's own weights in place of measured activations.
    """
    balances = {}
    before = "embeddings.norm"
    for layer in range(LAYERS):
        for norm, product in (
            (before, f"{layer}.qkv"),
            (f"{layer}.attention.norm", f"{layer}.wide"),
        ):
            reach = np.abs(weights[f"{norm}.bias"]) + 3 * np.abs(weights[f"{norm}.weight"])
            largest = np.abs(weights[f"{product}.weight"]).max(axis=1)
            spread = reach**_SHARE / largest ** (1 - _SHARE)
            balances[f"{product}.balance"] = (1 / spread).astype(np.float32)
        before = f"{layer}.norm"
    return balances


_PACKAGE: Final = "answerdesk.providers.minilm"


class PassageEncoder:
    """The model's six layers in float32, with the given number of threads."""

    def __init__(self, weights: Weights, *, threads: int) -> None:
        self._words = weights.words
        self._positions = weights.positions
        self._session = open_session(_PACKAGE, "passages", weights.graph, threads)

    def encode(self, windows: Sequence[Ids]) -> list[Vectors]:
        """Return the vectors of each window's tokens, shape (tokens, hidden), in order.

        A window is a row of token ids, [CLS] and [SEP] included, at most `WINDOW` long.
        """
        vectors: list[Vectors] = []
        for together in packs([len(window) for window in windows]):
            vectors += self._run(windows[together])
        return vectors

    def _run(self, windows: Sequence[Ids]) -> list[Vectors]:
        """Run windows side by side in one row, where each sees only its own tokens.

        Unlike a batch padded to its longest row, this computes no padding: eight texts of 9 to 24
        tokens took 30 % less processor time.
        """
        embeddings = np.concatenate(
            [self._words[window] + self._positions[: len(window)] for window in windows]
        )
        lengths = [len(window) for window in windows]
        owner = owners(lengths)
        sees = (owner[:, None] == owner).astype(np.int32)
        (tokens,) = self._session.run(
            ["tokens"], {"embeddings": embeddings[None], "sees": sees[None]}
        )
        return np.split(np.asarray(tokens, np.float32)[0], np.cumsum(lengths)[:-1])


class QuestionEncoder:
    """The same layers in int8, with the given number of threads; one question per pass."""

    def __init__(self, weights: Weights, *, threads: int) -> None:
        self._words = weights.words
        self._positions = weights.positions
        self._session = open_session(_PACKAGE, "questions", quantise(weights.graph), threads)

    def encode(self, window: Ids) -> Vectors:
        """Return the vectors of the question's tokens, shape (tokens, hidden)."""
        embeddings = self._words[window] + self._positions[: len(window)]
        (tokens,) = self._session.run(["tokens"], {"embeddings": embeddings[None]})
        vectors: Vectors = np.asarray(tokens, np.float32)[0]
        return vectors
