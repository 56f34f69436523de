"""Runs the model: token ids in, one vector a token out."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# The package offers these names without declaring that it does.
from onnxruntime import InferenceSession, OrtValue, SessionOptions  # type: ignore[attr-defined]

from answerdesk.providers.minilm.architecture import HIDDEN
from answerdesk.providers.minilm.weights import read_weights


class Encoder:
    """The model's six layers on ONNX Runtime, with the given number of threads."""

    def __init__(self, weights_path: Path, *, threads: int) -> None:
        weights = read_weights(weights_path)
        self._words = weights.words
        self._positions = weights.positions
        options = SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that spin between two operators take the cores from the server beside them.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_external_initializers(
            list(weights.graph),
            [OrtValue.ortvalue_from_numpy(array) for array in weights.graph.values()],
        )
        graph = files("answerdesk.providers.minilm").joinpath("encoder.onnx").read_bytes()
        self._session = InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def encode(self, windows: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the vectors of all tokens, shape (windows, longest, hidden).

        A window is a row of token ids, [CLS] and [SEP] included; rows behind the end of a shorter
        window mean nothing.
        """
        lengths = np.array([len(window) for window in windows], np.int32)
        longest = int(lengths.max())
        embeddings = np.zeros((len(windows), longest, HIDDEN), np.float32)
        for row, window in zip(embeddings, windows, strict=True):
            np.add(self._words[window], self._positions[: len(window)], out=row[: len(window)])
        (tokens,) = self._session.run(["tokens"], {"embeddings": embeddings, "lengths": lengths})
        return np.asarray(tokens, np.float32)
