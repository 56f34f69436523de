"""Retrieves the candidates for a question: one search for each of its queries."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from answerdesk.answering.queries import Queries
from answerdesk.answering.types import AnswerRequest
from answerdesk.knowledge.search.contexts import ContextPassages
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.types import FoundChunk, SearchQuestion


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A query as search reads it, and its candidates in no particular order."""

    question: SearchQuestion
    found: Sequence[FoundChunk]


async def retrieve(
    search: Search, request: AnswerRequest, queries: Queries, contexts: ContextPassages
) -> list[Retrieved]:
    """Return the candidates for each text of a question that is judged, the whole one first."""
    return await asyncio.gather(
        *(_retrieved(search, request, text, queries.also, contexts) for text in queries.judged)
    )


async def _retrieved(
    search: Search,
    request: AnswerRequest,
    text: str,
    also: str | None,
    contexts: ContextPassages,
) -> Retrieved:
    found, more = await asyncio.gather(
        search.find(request.account_id, request.project_id, text), _more(search, request, also)
    )
    question, candidates = found
    known = {one.chunk.id for one in candidates}
    return Retrieved(
        question,
        [
            *candidates,
            *(one for one in more if one.chunk.id not in known),
            *await contexts.found(question),
        ],
    )


async def _more(search: Search, request: AnswerRequest, text: str | None) -> list[FoundChunk]:
    """Return the candidates of another text, whose words say nothing of the question."""
    if text is None:
        return []
    _, found = await search.find(request.account_id, request.project_id, text)
    return [replace(one, bm25=0.0) for one in found]
