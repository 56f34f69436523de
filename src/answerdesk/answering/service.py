"""Answering: one question in, a stream of typed events out."""

import re
from collections.abc import AsyncIterator
from time import perf_counter
from typing import Final

from answerdesk.answering.events import AnswerEvent, AnswerFinished, AnswerToken
from answerdesk.answering.extractive.choose import Choice, choose
from answerdesk.answering.extractive.rerank import Ranked, rerank
from answerdesk.answering.rewrite import standalone
from answerdesk.answering.types import Answer, AnswerRequest, Citation, FoundDocument
from answerdesk.kit.spans import quote
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.types import SearchQuestion

ABSTENTION: Final = (
    "I don't have that in what I know. You can ask in other words, or ask to talk to a person."
)
_PIECES: Final = re.compile(r"\S+\s*")
_TRACED: Final = 10


class Answering:
    """Answers questions from a project's knowledge, in the knowledge's own words."""

    def __init__(self, search: Search) -> None:
        self._search = search

    async def answer(self, request: AnswerRequest) -> AsyncIterator[AnswerEvent]:
        """Yield the answer's text piece by piece, then the whole answer.

        Holds no transaction between two events.
        """
        began = perf_counter()
        rewritten = standalone(request.text, request.history)
        question, found = await self._search.find(request.account_id, request.project_id, rewritten)
        asked, ranked = rerank(question, found)
        choice = choose(question.language, asked, ranked)
        trace = _trace(rewritten, question, ranked, perf_counter() - began)
        answer = _answer(choice, trace)
        for piece in _PIECES.findall(answer.text):
            yield AnswerToken(piece)
        yield AnswerFinished(answer)

    async def answer_whole(self, request: AnswerRequest) -> Answer:
        """Return the finished answer, for callers that do not stream."""
        async for event in self.answer(request):
            if isinstance(event, AnswerFinished):
                return event.answer
        msg = "answering ended without an answer"
        raise RuntimeError(msg)

    async def find_documents(self, request: AnswerRequest, limit: int) -> list[FoundDocument]:
        """Return the best documents for a question, best first, each by its best passage."""
        question, found = await self._search.find(
            request.account_id, request.project_id, standalone(request.text, request.history)
        )
        best: dict[object, FoundDocument] = {}
        for one in rerank(question, found)[1]:
            chunk = one.found.chunk
            best.setdefault(
                chunk.document_id,
                FoundDocument(chunk.path, chunk.title, chunk.url, one.score, chunk.text),
            )
        return list(best.values())[:limit]


def _answer(choice: Choice, trace: dict[str, object]) -> Answer:
    if not choice.parts:
        return Answer(ABSTENTION, (), choice.confidence, abstained=True, trace=trace)
    citations = tuple(
        _citation(ranked, quote(ranked.found.chunk.text, spans)) for ranked, spans in choice.parts
    )
    text = "\n\n".join(citation.quote for citation in citations)
    return Answer(text, citations, choice.confidence, abstained=False, trace=trace)


def _citation(ranked: Ranked, quote: str) -> Citation:
    chunk = ranked.found.chunk
    return Citation(
        chunk_id=chunk.id,
        document_id=chunk.document_id,
        document=chunk.path,
        title=chunk.title,
        heading_path=chunk.heading_path,
        anchor=chunk.anchor,
        url=chunk.url,
        quote=quote,
        score=ranked.score,
    )


def _trace(
    rewritten: str, question: SearchQuestion, ranked: list[Ranked], seconds: float
) -> dict[str, object]:
    return {
        "rewritten": rewritten,
        "language": question.language,
        "terms": list(question.terms),
        "milliseconds": round(seconds * 1000, 1),
        "candidates": [
            {
                "chunk": str(one.found.chunk.id),
                "document": one.found.chunk.path,
                "score": round(one.score, 4),
                "bm25": round(one.found.bm25, 4),
                "similarity": round(one.found.similarity, 4),
            }
            for one in ranked[:_TRACED]
        ],
    }
