"""Sessions of ONNX Runtime, and how many tokens one pass has."""

import os
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

# Since 1.29, ONNX Runtime keeps a device id in the user's home folder and reports its use to its
# maker unless this is set before its first import; its API turns off only a part of that.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# The package exports these names without declaring them.
from onnxruntime import InferenceSession, OrtValue, SessionOptions  # type: ignore[attr-defined]

PACKED_TOKENS: Final = 128
"""Longer passes cost no less per token, and a question waits for the running pass."""


def open_session(
    package: str, graph: str, initializers: Mapping[str, NDArray[Any]], threads: int
) -> InferenceSession:
    """Open the graph of a package, a file `….onnx`, with weights for its initializers."""
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin between operators would take the cores from the server beside them.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_external_initializers(
        list(initializers),
        [OrtValue.ortvalue_from_numpy(array) for array in initializers.values()],
    )
    model = files(package).joinpath(f"{graph}.onnx").read_bytes()
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


def packs(lengths: Sequence[int]) -> Iterator[slice]:
    """Group adjacent windows for one pass: up to `PACKED_TOKENS`, at least one window."""
    first = size = 0
    for index, length in enumerate(lengths):
        if index > first and size + length > PACKED_TOKENS:
            yield slice(first, index)
            first, size = index, 0
        size += length
    if lengths:
        yield slice(first, len(lengths))


def owners(lengths: Sequence[int]) -> NDArray[np.int64]:
    """Return the number of the window that each token of a pass belongs to."""
    return np.repeat(np.arange(len(lengths)), lengths)
