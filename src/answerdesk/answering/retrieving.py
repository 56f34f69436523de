"""Retrieves the candidates for a question: one search for each of its queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from answerdesk.answering.queries import Queries
from answerdesk.answering.types import AnswerRequest
from answerdesk.kit.together import together
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
    return await together(
        [_retrieved(search, request, text, queries.also, contexts) for text in queries.judged]
    )


async def _retrieved(
    search: Search,
    request: AnswerRequest,
    text: str,
    also: str | None,
    contexts: ContextPassages,
) -> Retrieved:
    texts = (text,) if also is None else (text, also)
    found = await together(
        [search.find(request.account_id, request.project_id, one) for one in texts]
    )
    question, candidates = found[0]
    for _, more in found[1:]:
        known = {one.chunk.id for one in candidates}
        # The words of another text say nothing of the question.
        candidates += [replace(one, bm25=0.0) for one in more if one.chunk.id not in known]
    return Retrieved(question, [*candidates, *await contexts.found(question)])
