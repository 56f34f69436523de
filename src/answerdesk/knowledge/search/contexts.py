"""Texts that come with a question: searched beside the project's knowledge, and kept nowhere."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.core.tenancy import new_id
from answerdesk.kit.bm25 import inverse_document_frequency, term_weights
from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.kit.terms import analyse, share_of
from answerdesk.knowledge.ingestion.parse.plain_text import parse_plain_text
from answerdesk.knowledge.ingestion.parse.types import ParsedDocument
from answerdesk.knowledge.ingestion.split import ChunkDraft, embedding_text, split
from answerdesk.knowledge.search.question_vectors import QuestionVectors
from answerdesk.knowledge.search.terms import DEFAULT_LANGUAGE
from answerdesk.knowledge.types import Chunk, ContextText, FoundChunk, SearchQuestion
from answerdesk.providers.embedder import EmbeddedPassage, Passage

MOST_PASSAGES: Final = 24
"""Maximum passages to embed for one question: those that share most with it, by words."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A passage of a context, what the embedder reads of it, and its words for the lexical score.

    `words` includes the context's name, as the words of a chunk include its document's title.
    """

    chunk: Chunk
    passage: Passage
    words: str


class ContextPassages:
    """The passages of one question's contexts, embedded once for each space that asks for them."""

    def __init__(self, passages: Sequence[_Read], vectors: QuestionVectors) -> None:
        self._passages = passages
        self._vectors = vectors
        self._embedded: dict[str, Sequence[EmbeddedPassage] | None] = {}
        self._embedding = asyncio.Lock()

    @classmethod
    async def read(
        cls, contexts: Sequence[ContextText], asked: str, vectors: QuestionVectors
    ) -> "ContextPassages":
        """Split the contexts, and keep the passages that share most words with the question."""
        passages = await asyncio.to_thread(_nearest, contexts, asked) if contexts else ()
        return cls(passages, vectors)

    async def found(self, question: SearchQuestion) -> list[FoundChunk]:
        """Return every passage with its scores, as search returns those of the knowledge."""
        if not self._passages:
            return []
        embedded = await self._embed(question.space)
        return [
            _found(one, question, None if embedded is None else embedded[place])
            for place, one in enumerate(self._passages)
        ]

    async def _embed(self, space: str) -> Sequence[EmbeddedPassage] | None:
        async with self._embedding:
            if space not in self._embedded:
                passages = [one.passage for one in self._passages]
                self._embedded[space] = await self._vectors.embed_passages(space, passages)
            return self._embedded[space]


def _nearest(contexts: Sequence[ContextText], asked: str) -> Sequence[_Read]:
    read = [passage for context in contexts for passage in _passages(context)]
    if len(read) <= MOST_PASSAGES:
        return read
    language = _known(detect_language(asked))
    wanted = set(analyse(asked, language))
    weights = [term_weights(analyse(one.words, language)) for one in read]
    worth = {
        term: share_of(term)
        * inverse_document_frequency(len(read), sum(term in one for one in weights))
        for term in wanted
    }
    scores = [sum(worth[term] * one.get(term, 0.0) for term in wanted) for one in weights]
    best = sorted(range(len(read)), key=lambda place: -scores[place])[:MOST_PASSAGES]
    return [read[place] for place in sorted(best)]


def _passages(context: ContextText) -> list[_Read]:
    """Split a context as a document of plain text: never as what its first bytes look like."""
    language = detect_language(context.text)
    title = " ".join(context.name.split())
    blocks = parse_plain_text(context.text, is_rst=False).close()
    return [
        _Read(
            _chunk(draft, title, language),
            Passage(*embedding_text(draft, title)),
            " ".join((title, *draft.heading_path, draft.text)),
        )
        for draft in split(ParsedDocument(title, blocks, language))
    ]


def _chunk(draft: ChunkDraft, title: str, language: str) -> Chunk:
    return Chunk(
        id=new_id(),
        document_id=new_id(),
        path=title,
        title=title,
        url=None,
        kind=draft.kind,
        text=draft.text,
        heading_path=draft.heading_path,
        anchor=draft.anchor,
        language=language,
        sentences=draft.sentences,
    )


def _found(one: _Read, question: SearchQuestion, vectors: EmbeddedPassage | None) -> FoundChunk:
    weights = term_weights(analyse(one.words, _known(question.language)))
    wanted = {**question.widened, **question.idf}
    bm25 = sum(worth * weights.get(term, 0.0) for term, worth in wanted.items())
    if vectors is None:
        return FoundChunk(one.chunk, bm25, 0.0, _zeros(one, question))
    tokens = None if vectors.tokens is None else vectors.tokens.rows
    return FoundChunk(
        one.chunk,
        bm25,
        float(vectors.vector @ question.vector),
        vectors.sentences,
        tokens,
    )


def _zeros(one: _Read, question: SearchQuestion) -> NDArray[np.float32]:
    return np.zeros((len(one.chunk.sentences), len(question.vector)), np.float32)


def _known(language: str) -> str:
    return DEFAULT_LANGUAGE if language == UNKNOWN else language
