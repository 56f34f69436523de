"""Finds the numbers that token vectors are shortened to, in our own documentation.

    python -m benchmarks.fitting.tokens [--write]

Prints how much of the vectors' length the components keep; `--write` replaces `tokens.npy` of the
embedder. It is a new basis then: raise `TOKEN_BASIS`. The same documentation gives the same file,
and the components hardly depend on it: what they keep is nearly the same in any text.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from answerdesk.knowledge.ingestion.prepare import passage_of, prepare
from answerdesk.providers import minilm
from answerdesk.providers.minilm.architecture import HIDDEN
from answerdesk.providers.minilm.encoder import PassageEncoder
from answerdesk.providers.minilm.tokens import TOKEN_DIMENSIONS
from answerdesk.providers.minilm.weights import locate, read_weights
from answerdesk.providers.minilm.windows import WindowTokenizer

_DOCUMENTATION: Final = Path(__file__).parents[2] / "docs"

Matrix = NDArray[np.float64]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fitting.tokens")
    parser.add_argument("--write", action="store_true", help="replace the embedder's tokens.npy")
    arguments = parser.parse_args()
    count, moments = _moments()
    components, kept = _principal(moments / count)
    print(f"{count:,} tokens; {TOKEN_DIMENSIONS} of {HIDDEN} components keep {kept:.3f} of them")
    if arguments.write:
        path = Path(minilm.__file__).with_name("tokens.npy")
        np.save(path, components.astype(np.float16), allow_pickle=False)
    return 0


def _moments() -> tuple[int, Matrix]:
    """Return the number of tokens, and the sum of the products of their vectors' components."""
    count, moments = 0, np.zeros((HIDDEN, HIDDEN))
    for vectors in _token_vectors():
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        moments += unit.T @ unit
        count += len(unit)
    return count, moments


def _token_vectors() -> Iterator[Matrix]:
    files = locate()
    tokenizer = WindowTokenizer(files.tokenizer)
    # One thread adds in one order.
    encoder = PassageEncoder(read_weights(files.weights), threads=1)
    for path in sorted(_DOCUMENTATION.rglob("*.md")):
        prepared = prepare(path.read_bytes(), "text/markdown", path.name)
        for draft in prepared.drafts:
            tokens = tokenizer.passage(passage_of(prepared, draft))
            for window in tokens.windows:
                (vectors,) = encoder.encode([tokens.window_ids(window)])
                yield vectors[1:-1].astype(np.float64)


def _principal(moments: Matrix) -> tuple[Matrix, float]:
    """Return the strongest components as columns, and the share of the squares that they keep.

    The mean is not subtracted: products of the shortened vectors approximate those of the whole.
    """
    squares, columns = np.linalg.eigh(moments)
    strongest = columns[:, ::-1][:, :TOKEN_DIMENSIONS]
    largest = np.abs(strongest).argmax(axis=0)
    strongest = strongest * np.sign(strongest[largest, np.arange(TOKEN_DIMENSIONS)])
    return strongest, float(squares[::-1][:TOKEN_DIMENSIONS].sum() / squares.sum())


if __name__ == "__main__":
    sys.exit(main())
