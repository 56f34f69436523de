"""Search: from a question to the chunks that may answer it, each with its scores."""

import asyncio
from collections import Counter
from typing import Final

from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.bm25 import inverse_document_frequency
from answerdesk.kit.language import detect_language
from answerdesk.kit.terms import analyse
from answerdesk.knowledge.search import repository
from answerdesk.knowledge.types import FoundChunk, SearchQuestion
from answerdesk.knowledge.vectors import halfvec_literal, sparsevec_literal
from answerdesk.providers.embedder import Embedder

CANDIDATES: Final = 40
"""Chunks proposed by each of the two ways, words and vectors. Their union is scored again."""

_DEFAULT_LANGUAGE: Final = "en"
_MOST_TERMS: Final = 64
"""Distinct terms of a question that are looked up; a longer one is a pasted text."""


class Search:
    """Finds candidates for a question in one project's live revision."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self._embedder = embedder

    async def find(
        self, account_id: AccountId, project_id: ProjectId, text: str
    ) -> tuple[SearchQuestion, list[FoundChunk]]:
        """Return the question as search sees it, and its candidates in no particular order.

        No transaction is held while the embedder works, which may be a service far away.
        """
        language = detect_language(text)
        language = _DEFAULT_LANGUAGE if language == "und" else language
        counts = Counter(analyse(text, language))
        terms = tuple(term for term, _ in counts.most_common(_MOST_TERMS))
        statistics, vectors = await asyncio.gather(
            self._statistics(account_id, project_id, terms),
            self._embedder.embed_questions([text]),
        )
        idf = {
            term: inverse_document_frequency(
                statistics.chunk_count, statistics.document_frequency.get(term, 0)
            )
            for term in terms
        }
        question = SearchQuestion(text, language, terms, idf, vectors[0])
        if not statistics.chunk_count:
            return question, []
        known = [term for term in terms if term in statistics.document_frequency]
        async with self._database.transaction(account_id) as session:
            scores = await repository.candidates(
                session,
                project_id,
                self._embedder.space,
                known,
                sparsevec_literal({term: idf[term] * counts[term] for term in known}),
                halfvec_literal(question.vector),
                CANDIDATES,
            )
            found = await repository.found_chunks(
                session, account_id, self._embedder.space, self._embedder.dimensions, scores
            )
        return question, found

    async def _statistics(
        self, account_id: AccountId, project_id: ProjectId, terms: tuple[str, ...]
    ) -> repository.TermStatistics:
        async with self._database.transaction(account_id) as session:
            return await repository.term_statistics(session, account_id, project_id, terms)
