"""The model's weights in eight bits, for questions; passages are embedded in full."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.providers.minilm.architecture import LAYERS, OUTLIERS
from answerdesk.providers.minilm.weights import Array

_LARGEST: Final = 127
"""Of what a signed byte holds; the same to either side of zero."""

_SHARE: Final = 0.7
"""How much of a component's spread the weights take over."""


def quantise(weights: Mapping[str, Array]) -> dict[str, NDArray[Any]]:
    """Return the initializers of the questions' graph, by name.

    Each matrix becomes int8 with a float32 scale a column (`….scale`); vectors stay as they are.
    The rows that outliers meet are there in float32 as well. What a normalisation gives is
    multiplied by `….balance` before a product whose matrix was divided by it.
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
    """Return what makes the components behind each normalisation about equally large.

    They share one step of eight bits. Source: SmoothQuant (https://arxiv.org/abs/2211.10438), with
    the normalisation's own weights in place of activations that were measured.
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
