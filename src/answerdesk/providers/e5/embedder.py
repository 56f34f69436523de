"""The multilingual embedder that needs nothing but this process."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import numpy as np

from answerdesk.providers.e5.architecture import HIDDEN
from answerdesk.providers.e5.encoder import Encoder
from answerdesk.providers.e5.tokenizer import UnigramTokenizer
from answerdesk.providers.e5.weights import locate, read_model
from answerdesk.providers.embedder import EmbeddedQuestion, Passage
from answerdesk.providers.in_process.embedder import InProcessEmbedder, Model
from answerdesk.providers.in_process.processor import physical_cores
from answerdesk.providers.in_process.windows import (
    Ids,
    Pool,
    TokenisedPassage,
    Vectors,
    unit,
)


@dataclass(frozen=True, slots=True)
class _Model:
    """The model; `centre` (2, hidden) is the middle of its questions and of its passages."""

    tokenizer: UnigramTokenizer
    encoder: Encoder
    centre: Vectors

    def embed_question(self, text: str) -> EmbeddedQuestion:
        (vectors,) = self.encoder.encode([self.tokenizer.question(text)])
        return EmbeddedQuestion(unit(unit(vectors.sum(axis=0)) - self.centre[0]))

    def tokenise(self, passage: Passage) -> TokenisedPassage:
        return self.tokenizer.passage(passage)

    def pool(self, passage: TokenisedPassage) -> Pool:
        return Pool(passage, HIDDEN, centre=self.centre[1])

    def encode(self, windows: Sequence[Ids]) -> list[Vectors]:
        return self.encoder.encode(windows)


class E5Embedder(InProcessEmbedder):
    """multilingual-e5-small: 384 dimensions, a hundred languages, windows of 256 tokens.

    One thread runs the model, and `threads` cores work in it (default: all physical cores).
    Questions are read one at a time, before passages. Tokens have no vectors of their own. The
    middle of all texts (`centre.npy`) is subtracted, so that texts that have nothing in common are
    far from each other, unless `centred` is False. Raises `ModelMissing` immediately if the model
    is not installed.
    """

    space: str = "e5-small-multilingual"
    dimensions: int = HIDDEN

    def __init__(
        self, *, threads: int | None = None, path: Path | None = None, centred: bool = True
    ) -> None:
        load = partial(_load, locate(path), threads or physical_cores(), centred=centred)
        super().__init__("e5", load)


def _load(path: Path, threads: int, *, centred: bool) -> Model:
    vocabulary, weights = read_model(path)
    centre = _centre() if centred else np.zeros((2, HIDDEN), np.float32)
    return _Model(UnigramTokenizer(vocabulary), Encoder(weights, threads=threads), centre)


def _centre() -> Vectors:
    stored = files("answerdesk.providers.e5").joinpath("centre.npy").read_bytes()
    centre: Vectors = np.load(BytesIO(stored), allow_pickle=False).astype(np.float32)
    if centre.shape != (2, HIDDEN):
        raise ValueError(f"centre.npy has the shape {centre.shape}")
    return centre
