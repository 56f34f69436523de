"""Embeddings from a service with OpenAI's API: OpenAI, Ollama, vLLM, llama.cpp and others.

API: https://platform.openai.com/docs/api-reference/embeddings/create. A service returns one vector
per text, so a passage's sentences are sent as separate texts. That sends about twice the passage's
length, and a sentence's vector knows nothing of its neighbours.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.core.errors import Unavailable
from answerdesk.core.outbound import Outbound
from answerdesk.providers.embedder import EmbeddedPassage, EmbeddedQuestion, Passage
from answerdesk.providers.openai_embeddings import (
    EmbeddingsClient,
    InputRefused,
    WrongVectors,
    endpoint_of,
)

Vectors = NDArray[np.float32]

TEXTS_AT_ONCE: Final = 64
CHARACTERS_AT_ONCE: Final = 60_000
"""Limits of one request: services accept 2,048 texts and more, but slowly."""

LONGEST: Final = 8_000
"""Maximum characters sent of a text: about 2,000 tokens of English; our passages are shorter."""

SHORTEST_CUT: Final = 250
"""A text that a service refuses is halved until it is this short."""

QUESTION_SECONDS: Final = 5.0
"""A visitor waits for a question's vector; without it, only its words are searched."""

_WORD: Final = re.compile(r"\w")
_UNSENDABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class EmbeddingService:
    """Where the service is, and which of its models to use.

    `dimensions` requests vectors of another length than the model's own; None requests nothing.
    `name` overrides the name of the space.
    """

    url: str
    model: str
    key: str | None = None
    dimensions: int | None = None
    name: str | None = None

    @property
    def space(self) -> str:
        """The name of the vector space, the same in every process.

        Two services may use the same name for different models, so the address is part of it, as a
        hash: project owners see the name, and must not learn the operator's network.
        """
        if self.name is not None:
            return self.name
        length = "" if self.dimensions is None else f":{self.dimensions}"
        address = sha256(endpoint_of(self.url).encode()).hexdigest()[:8]
        return f"openai:{self.model}{length}@{address}"


class OpenAiEmbedder:
    """An embedder whose vectors come from a service.

    `dimensions` is 0 until the first response, unless configured. Later responses with another
    length are refused (`embedding_dimensions_wrong`), as are responses without exactly one finite
    vector per text.
    """

    def __init__(self, outbound: Outbound, service: EmbeddingService) -> None:
        """Raise UrlRefused, with the reason, if the address may never be fetched."""
        self.space = service.space
        self.dimensions = service.dimensions or 0
        self._client = EmbeddingsClient(
            outbound, service.url, service.model, service.key, service.dimensions
        )
        self._closed = False

    async def embed_questions(self, texts: Sequence[str]) -> list[EmbeddedQuestion]:
        """Return the vectors of each question, in order."""
        self._refuse_if_closed()
        try:
            async with asyncio.timeout(QUESTION_SECONDS):
                rows = await self._embed([_sendable(text) for text in texts], patient=False)
        except TimeoutError as error:
            raise Unavailable(
                f"The embedding service took longer than {QUESTION_SECONDS:g} s",
                code="embedding_service_unavailable",
            ) from error
        return [EmbeddedQuestion(row) for row in rows]

    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        """Return the vectors of each passage, in order; repeated texts are sent once."""
        self._refuse_if_closed()
        texts = [_sendable(passage.text) for passage in passages]
        spoken = [
            [
                _sendable(part) if _WORD.search(part := span.of(passage.text)) else text
                for span in passage.sentences
            ]
            for passage, text in zip(passages, texts, strict=True)
        ]
        distinct = list(dict.fromkeys([*texts, *(one for few in spoken for one in few)]))
        rows = dict(zip(distinct, await self._embed(distinct, patient=True), strict=True))
        return [
            EmbeddedPassage(
                rows[text].copy(),
                np.array([rows[one] for one in few], np.float32).reshape(-1, self.dimensions),
            )
            for text, few in zip(texts, spoken, strict=True)
        ]

    async def close(self) -> None:
        """Refuse further calls; idempotent. The connections belong to the guarded client."""
        self._closed = True

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise Unavailable("The server is shutting down.", code="shutting_down")

    async def _embed(self, texts: Sequence[str], *, patient: bool) -> Vectors:
        """Return unit rows in the order of the texts, which are sent in limited batches."""
        parts = [await self._batch(batch, patient=patient) for batch in _batches(texts)]
        return np.concatenate(parts) if parts else np.empty((0, self.dimensions), np.float32)

    async def _batch(self, texts: Sequence[str], *, patient: bool) -> Vectors:
        try:
            return self._checked(await self._client.embed(texts, patient=patient))
        except InputRefused:
            if len(texts) > 1:
                # The service doesn't say which of the texts is too long for the model.
                return np.concatenate([await self._batch([one], patient=patient) for one in texts])
            if len(texts[0]) <= SHORTEST_CUT:
                raise
            return await self._batch([texts[0][: len(texts[0]) // 2]], patient=patient)

    def _checked(self, rows: Vectors) -> Vectors:
        found = rows.shape[1]
        if self.dimensions == 0:
            self.dimensions = found
        if found != self.dimensions:
            raise WrongVectors(
                f"The embedding service returned vectors of {found} numbers, not of "
                f"{self.dimensions} as before or as configured. If it now runs another model "
                "under the same name, configure it as a new space",
                code="embedding_dimensions_wrong",
            )
        lengths = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or (lengths == 0).any():
            raise WrongVectors("The embedding service returned a vector without a direction")
        unit: Vectors = (rows / lengths).astype(np.float32)
        return unit


def _sendable(text: str) -> str:
    """Return the text to send: services reject empty texts and lone surrogates."""
    clean = _UNSENDABLE.sub("\ufffd", text[:LONGEST]).strip()
    return clean or "."


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    batch: list[str] = []
    characters = 0
    for text in texts:
        if batch and (len(batch) == TEXTS_AT_ONCE or characters + len(text) > CHARACTERS_AT_ONCE):
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    if batch:
        yield batch
