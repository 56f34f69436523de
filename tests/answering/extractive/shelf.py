"""A few documents, split, embedded and scored as in a project, but in memory."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from answerdesk.answering.extractive.choose import Choice, choose
from answerdesk.answering.extractive.question import Asked
from answerdesk.answering.extractive.rerank import Ranked, rerank
from answerdesk.answering.extractive.weights import weights_for
from answerdesk.kit.bm25 import inverse_document_frequency, term_weights
from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.kit.spans import quote
from answerdesk.kit.terms import analyse
from answerdesk.knowledge.ingestion.prepare import (
    QuestionAndAnswer,
    chunk_terms,
    passage_of,
    prepare,
)
from answerdesk.knowledge.types import QA_MEDIA_TYPE, Chunk, FoundChunk, SearchQuestion
from answerdesk.providers.embedder import EmbeddedPassage, Embedder
from answerdesk.providers.fake_embedder import FakeEmbedder


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question."""

    asked: Asked
    ranked: list[Ranked]
    choice: Choice

    @property
    def text(self) -> str:
        return "\n\n".join(quote(one.found.chunk.text, spans) for one, spans in self.choice.parts)

    @property
    def confidence(self) -> float:
        return self.choice.confidence


@dataclass(slots=True)
class Shelf:
    """Documents that can be asked about."""

    embedder: Embedder = field(default_factory=FakeEmbedder)
    chunks: list[tuple[Chunk, dict[str, float], EmbeddedPassage]] = field(default_factory=list)

    async def put(self, name: str, markdown: str) -> None:
        await self._put(name, markdown.encode(), "text/markdown")

    async def put_text(self, name: str, text: str) -> None:
        await self._put(name, text.encode(), "text/plain")

    async def put_item(self, question: str, answer: str) -> None:
        content = QuestionAndAnswer(question=question, answer=answer).to_bytes()
        await self._put(question, content, QA_MEDIA_TYPE)

    async def _put(self, name: str, content: bytes, media_type: str) -> None:
        document = prepare(content, media_type, name)
        passages = [passage_of(document, draft) for draft in document.drafts]
        embedded = await self.embedder.embed_passages(passages)
        document_id = UUID(int=len(self.chunks))
        for draft, vectors in zip(document.drafts, embedded, strict=True):
            chunk = Chunk(
                id=UUID(int=len(self.chunks)),
                document_id=document_id,
                path=name,
                title=document.title,
                url=None,
                kind=draft.kind,
                text=draft.text,
                heading_path=draft.heading_path,
                anchor=draft.anchor,
                language=document.language,
                sentences=draft.sentences,
            )
            self.chunks.append((chunk, term_weights(chunk_terms(document, draft)), vectors))

    async def ask(self, text: str) -> Outcome:
        language = detect_language(text)
        language = "en" if language == UNKNOWN else language
        counts = Counter(analyse(text, language))
        idf = {
            term: inverse_document_frequency(
                len(self.chunks), sum(term in weights for _, weights, _ in self.chunks)
            )
            for term in counts
        }
        (embedded,) = await self.embedder.embed_questions([text])
        question = SearchQuestion(
            text,
            language,
            tuple(counts),
            idf,
            embedded.vector,
            text,
            {},
            tokens=None if embedded.tokens is None else embedded.tokens.rows,
            token_weights=None if embedded.tokens is None else embedded.tokens.weights,
        )
        found = [
            FoundChunk(
                chunk,
                sum(idf[term] * weights.get(term, 0.0) for term in counts),
                float(vectors.vector @ embedded.vector),
                vectors.sentences,
                None if vectors.tokens is None else vectors.tokens.rows,
            )
            for chunk, weights, vectors in self.chunks
        ]
        asked, ranked = rerank(question, found)
        return Outcome(asked, ranked, choose(weights_for(language), asked, ranked))


async def shelf(**documents: str) -> Shelf:
    """Return a shelf with Markdown documents by name."""
    filled = Shelf()
    for name, markdown in documents.items():
        await filled.put(name, markdown)
    return filled
