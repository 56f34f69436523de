"""The model's weights in eight bits, for questions; passages are embedded in full."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.providers.minilm.architecture import OUTLIERS
from answerdesk.providers.minilm.weights import Array

_LARGEST: Final = 127
"""Of what a signed byte holds; the same to either side of zero."""


def quantise(weights: Mapping[str, Array]) -> dict[str, NDArray[Any]]:
    """Return the initializers of the questions' graph, by name.

    Each matrix becomes int8 with a float32 scale a column (`….scale`); vectors stay as they are.
    The rows that outliers meet are there in float32 as well.
    """
    quantised: dict[str, NDArray[Any]] = {}
    for name, array in weights.items():
        if array.ndim == 1:
            quantised[name] = array
            continue
        scale = np.abs(array).max(axis=0) / _LARGEST
        quantised[name] = np.rint(array / scale).astype(np.int8)
        quantised[name.removesuffix(".weight") + ".scale"] = scale.astype(np.float32)
    for layer, components in OUTLIERS.items():
        narrow = weights[f"{layer}.narrow.weight"]
        quantised[f"{layer}.outliers.weight"] = narrow[list(components)]
    return quantised
