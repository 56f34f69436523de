"""The embedder that needs nothing but this process."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from answerdesk.providers.embedder import EmbeddedQuestion, Passage, QuestionTokens
from answerdesk.providers.in_process.embedder import InProcessEmbedder, Model
from answerdesk.providers.in_process.processor import multiplies_int8, physical_cores
from answerdesk.providers.in_process.windows import (
    Ids,
    Pool,
    TokenisedPassage,
    Vectors,
    unit,
)
from answerdesk.providers.minilm.architecture import HIDDEN
from answerdesk.providers.minilm.encoder import PassageEncoder, QuestionEncoder
from answerdesk.providers.minilm.tokens import SHORTENING, TOKEN_BASIS, projected
from answerdesk.providers.minilm.weights import ModelFiles, locate, read_weights
from answerdesk.providers.minilm.windows import WindowTokenizer


@dataclass(frozen=True, slots=True)
class _Model:
    tokenizer: WindowTokenizer
    passages: PassageEncoder
    questions: QuestionEncoder | None
    """None if int8 is not exact: questions are then read like passages."""

    def embed_question(self, text: str) -> EmbeddedQuestion:
        question = self.tokenizer.question(text)
        if self.questions is None:
            (vectors,) = self.passages.encode([question.ids])
        else:
            vectors = self.questions.encode(question.ids)
        tokens = QuestionTokens(TOKEN_BASIS, projected(vectors), question.weights)
        return EmbeddedQuestion(unit(vectors.sum(axis=0)), tokens)

    def tokenise(self, passage: Passage) -> TokenisedPassage:
        return self.tokenizer.passage(passage)

    def pool(self, passage: TokenisedPassage) -> Pool:
        return Pool(passage, HIDDEN, shortening=SHORTENING)

    def encode(self, windows: Sequence[Ids]) -> list[Vectors]:
        return self.passages.encode(windows)


class MiniLmEmbedder(InProcessEmbedder):
    """all-MiniLM-L6-v2: 384 dimensions, English first, windows of 256 tokens.

    One thread runs the model, and `threads` cores work in it (default: all physical cores).
    Passages are read in float32, because their vectors are kept. Questions are read one at a time,
    before passages, and in int8, which takes less than half the time, unless the processor doesn't
    support it (`int8`, detected by default). Raises `ModelMissing` immediately if the model is not
    installed.
    """

    space: str = "minilm-l6-v2"
    dimensions: int = HIDDEN

    def __init__(
        self, *, threads: int | None = None, folder: Path | None = None, int8: bool | None = None
    ) -> None:
        exact = multiplies_int8() if int8 is None else int8
        load = partial(_load, locate(folder), threads or physical_cores(), int8=exact)
        super().__init__("minilm", load)


def _load(files: ModelFiles, threads: int, *, int8: bool) -> Model:
    tokenizer = WindowTokenizer(files.tokenizer)
    weights = read_weights(files.weights)
    return _Model(
        tokenizer,
        PassageEncoder(weights, threads=threads),
        QuestionEncoder(weights, threads=threads) if int8 else None,
    )
