"""Writes vectors as pgvector literals, and packs them into bytes."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.kit.terms import term_id
from answerdesk.providers.embedder import TokenVectors

SPARSE_DIMENSIONS: Final = 1_000_000_000
"""Size of the space that terms are hashed into: pgvector's maximum."""

_MOST_TERMS: Final = 16_000
"""Maximum of non-zero elements in a `sparsevec`."""


def halfvec_literal(vector: NDArray[np.float32]) -> str:
    """Write a vector of shape (dimensions,) as a pgvector `halfvec` literal."""
    return "[" + ",".join(map("{:.5g}".format, vector.tolist())) + "]"


def sparsevec_literal(weights: Mapping[str, float]) -> str:
    """Write term weights as a pgvector `sparsevec` literal; terms with equal hashes add up."""
    by_id: dict[int, float] = {}
    for term, weight in weights.items():
        key = term_id(term)
        by_id[key] = by_id.get(key, 0.0) + weight
    heaviest = sorted(by_id.items(), key=lambda item: -item[1])[:_MOST_TERMS]
    inside = ",".join(f"{key}:{weight:.5g}" for key, weight in sorted(heaviest) if weight)
    return "{" + inside + "}/" + str(SPARSE_DIMENSIONS)


def pack(rows: NDArray[np.float32]) -> bytes:
    """Pack unit rows of shape (n, dimensions) as little-endian half floats."""
    return rows.astype("<f2").tobytes()


def unpack(packed: bytes, dimensions: int) -> NDArray[np.float32]:
    """Read what `pack` wrote; shape (n, dimensions)."""
    return np.frombuffer(packed, dtype="<f2").reshape(-1, dimensions).astype(np.float32)


def packed_size(rows: int, dimensions: int) -> int:
    return 2 * rows * dimensions


def pack_tokens(tokens: TokenVectors) -> bytes:
    """Pack token vectors: a byte for their basis, then the rows."""
    return bytes([tokens.basis]) + tokens.rows.tobytes()


def unpack_tokens(packed: bytes, basis: int, dimensions: int) -> NDArray[np.int8] | None:
    """Read what `pack_tokens` wrote, shape (tokens, dimensions); None if it has another basis."""
    size = len(packed) - 1
    if not packed or packed[0] != basis or size % dimensions:
        return None
    return np.frombuffer(packed, np.int8, offset=1).reshape(-1, dimensions)
