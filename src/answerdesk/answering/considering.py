"""Finds what answers a message: its questions, each judged by itself.

Greeting, signature and story never count against an answer. They help to find one where the
question alone finds none, and so does the previous question of the conversation.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from answerdesk.answering.compound import Halves, combined, halves_of, merged_parts
from answerdesk.answering.extractive.choose import Choice
from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.answering.message import read_question
from answerdesk.answering.rewrite import joined, standalone
from answerdesk.answering.types import AnswerRequest, Exchange
from answerdesk.answering.weighing import weigh
from answerdesk.knowledge.search.contexts import ContextPassages
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.types import FoundChunk, SearchQuestion

_STORY: Final = 6
"""Words from which the rest of a message may tell what the question is about."""


@dataclass(frozen=True, slots=True)
class Considered:
    """A question, its candidates (best first, without copies), and the choice among them.

    `asked` is the question as it was looked for, without what is only said around it. `halves` are
    given if their answers were combined.
    """

    asked: str
    question: SearchQuestion
    ranked: list[Ranked]
    choice: Choice
    halves: Halves | None = None


class Considering:
    """Looks for answers in a project's knowledge and in the texts that come with a question."""

    def __init__(self, search: Search) -> None:
        self._search = search

    async def consider(self, request: AnswerRequest) -> Considered:
        """Return what answers a message; without parts in its choice if nothing does."""
        message = read_question(request.text)
        texts = [part.read_as for part in message.questions] or [request.text]
        request = replace(request, history=tuple(map(_asked_before, request.history)))
        asked = [standalone(text, request.history) for text in texts]
        contexts = await self._search.read_contexts(request.contexts, "\n".join(asked))
        found = await asyncio.gather(*(self._question(request, one, contexts) for one in asked))
        considered = _together(found)
        if considered.choice.parts or len(message.rest.split()) < _STORY:
            return considered
        told = f"{message.rest}\n{asked[0]}"
        return await self._judged(request, considered.asked, contexts, also=told)

    async def _question(
        self, request: AnswerRequest, text: str, contexts: ContextPassages
    ) -> Considered:
        """Look for an answer to a question, and to its halves if it has two."""
        halves = halves_of(text)
        if halves is None:
            also = joined(text, request.history)
            return await self._judged(request, text, contexts, also=also)
        whole, first, second = await asyncio.gather(
            *(self._judged(request, one, contexts) for one in (text, halves.first, halves.second))
        )
        both = combined(whole.choice, first.choice, second.choice, halves)
        return whole if both is None else replace(whole, choice=both, halves=halves)

    async def _judged(
        self,
        request: AnswerRequest,
        text: str,
        contexts: ContextPassages,
        *,
        also: str | None = None,
    ) -> Considered:
        """Judge the candidates for a question, and those of `also`, by the question."""
        found, more = await asyncio.gather(
            self._search.find(request.account_id, request.project_id, text),
            self._more(request, also),
        )
        question, candidates = found
        known = {one.chunk.id for one in candidates}
        candidates = [
            *candidates,
            *(one for one in more if one.chunk.id not in known),
            *await contexts.found(question),
        ]
        weighed = await weigh(question, candidates)
        return Considered(text, question, weighed.ranked, weighed.choice)

    async def _more(self, request: AnswerRequest, text: str | None) -> list[FoundChunk]:
        """Return the candidates of another text, whose words say nothing of the question."""
        if text is None:
            return []
        _, found = await self._search.find(request.account_id, request.project_id, text)
        return [replace(one, bm25=0.0) for one in found]


def _asked_before(exchange: Exchange) -> Exchange:
    """Return an earlier exchange with what its message asked."""
    asked = read_question(exchange.question).questions
    return replace(exchange, question=asked[-1].read_as) if asked else exchange


def _together(found: Sequence[Considered]) -> Considered:
    """Return several questions as one, with the answers of those that have one."""
    first = found[0]
    if len(found) == 1:
        return first
    answered = [one for one in found if one.choice.parts]
    if not answered:
        return max(found, key=lambda one: one.choice.confidence)
    parts = merged_parts([part for one in answered for part in one.choice.parts])
    ranked = {one.found.chunk.id: one for each in answered for one in each.ranked}
    return replace(
        answered[0],
        asked="\n".join(one.asked for one in found),
        ranked=list(ranked.values()),
        choice=Choice(parts, min(one.choice.confidence for one in answered)),
    )
