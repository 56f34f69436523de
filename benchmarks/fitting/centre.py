"""Finds the middle of the multilingual model's vectors, of questions and of passages.

    ANSWERDESK_EVAL_DATA=… python -m benchmarks.fitting.centre [--write]

The model puts any two texts at a cosine of 0.7 and more, since all its vectors share a direction;
without it, cosines are spread as other models' are. The middles are those of the tuning articles of
`xquad_en` and `xquad_de`, both with the same weight; of the questions every second is read. Prints
how long the middles are; `--write` replaces `centre.npy`. It is
another space then: give it another name.
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import Final

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from answerdesk.providers import e5
from answerdesk.providers.e5.embedder import E5Embedder
from answerdesk.providers.embedder import Passage
from benchmarks.data import passage_set
from benchmarks.split import is_held_out

_SETS: Final = ("xquad_en", "xquad_de")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fitting.centre")
    parser.add_argument("--write", action="store_true", help="replace the embedder's centre.npy")
    arguments = parser.parse_args()
    middles = asyncio.run(_middles())
    print(f"lengths: questions {_length(middles[0]):.4f}, passages {_length(middles[1]):.4f}")
    if arguments.write:
        path = Path(e5.__file__).with_name("centre.npy")
        np.save(path, middles.astype(np.float32), allow_pickle=False)
    return 0


async def _middles() -> NDArray[np.float64]:
    """Return the mean vectors of questions and of passages, shape (2, dimensions)."""
    embedder = E5Embedder(threads=1, centred=False)
    means = []
    for name in _SETS:
        read = passage_set(name)
        passages = [
            Passage(f"{one.title.replace('_', ' ')}\n{one.text}", ())
            for one in read.paragraphs
            if not is_held_out(one.title)
        ]
        questions = [one.text for one in read.questions[::2] if not one.held_out]
        asked = [one.vector for one in await embedder.embed_questions(questions)]
        found = [one.vector for one in await embedder.embed_passages(passages)]
        means.append([np.mean(asked, axis=0), np.mean(found, axis=0)])
    await embedder.close()
    middles: NDArray[np.float64] = np.mean(means, axis=0, dtype=np.float64)
    return middles


def _length(vector: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(vector))


if __name__ == "__main__":
    sys.exit(main())
