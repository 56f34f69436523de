"""Finds what answers a message: its questions, each judged by itself.

Greeting, signature and story never count against an answer. They help to find one where the
question alone finds none, and so does the previous question of the conversation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final
from uuid import UUID

from answerdesk.answering.compound import Halves, combined, merged_parts
from answerdesk.answering.extractive.choose import LEAST_CONFIDENCE, Choice
from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.answering.queries import Queries
from answerdesk.answering.retrieving import Retrieved
from answerdesk.answering.stages import Stages, StageTimes
from answerdesk.answering.types import AnswerRequest
from answerdesk.answering.weighing import Weighed, in_other_languages
from answerdesk.kit.together import together
from answerdesk.knowledge.search.contexts import ContextPassages
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.types import FoundChunk, SearchQuestion
from answerdesk.providers.embedders import MULTILINGUAL_SPACE

_STORY: Final = 6
"""Words from which the rest of a message may tell what the question is about."""


@dataclass(frozen=True, slots=True)
class Considered:
    """A question, its candidates (best first, without copies), and the choice among them.

    `asked` is the question as it was looked for, without what is only said around it. `halves` are
    given if their answers were combined. `candidates` are those of all queries, `searched`, merged
    by their best rank: what a model may read.
    """

    asked: str
    question: SearchQuestion
    ranked: list[Ranked]
    choice: Choice
    halves: Halves | None
    candidates: list[Ranked]
    searched: tuple[str, ...]


class Considering:
    """Looks for answers in a project's knowledge and in the texts that come with a question."""

    def __init__(self, search: Search, stages: Stages) -> None:
        self._search = search
        self._stages = stages

    async def consider(self, request: AnswerRequest, times: StageTimes) -> Considered:
        """Return what answers a message; without parts in its choice if nothing does."""
        with times.of("rewrite"):
            rewritten = self._stages.rewrite(request)
        questions = rewritten.questions
        asked = "\n".join(one.text for one in questions)
        with times.of("retrieve"):
            contexts = await self._search.read_contexts(request.contexts, asked)
        run = _Run(self._search, self._stages, times, request, contexts)
        considered = _as_one(await together([run.question(one) for one in questions]))
        if considered.choice.parts or len(rewritten.rest.split()) < _STORY:
            return considered
        told = f"{rewritten.rest}\n{questions[0].text}"
        return await run.question(Queries(considered.asked, also=told))


@dataclass(frozen=True, slots=True)
class _Run:
    """What all questions of a message have in common."""

    search: Search
    stages: Stages
    times: StageTimes
    request: AnswerRequest
    contexts: ContextPassages

    @property
    def least(self) -> float:
        """The confidence from which the passages answer."""
        threshold = self.request.threshold
        return LEAST_CONFIDENCE if threshold is None else threshold

    async def question(self, queries: Queries) -> Considered:
        """Look for an answer to a question, and to its halves if it has two."""
        with self.times.of("retrieve"):
            found = await self.stages.retrieve(self.search, self.request, queries, self.contexts)
        weighed = await together([self._weighed(one) for one in found])
        whole = weighed[0]
        considered = Considered(
            queries.text,
            found[0].question,
            whole.ranked,
            whole.choice,
            None,
            merged_by_rank([one.ranked for one in weighed]),
            queries.texts,
        )
        if queries.halves is None:
            return considered
        first, second = weighed[1:]
        both = combined(whole.choice, first.choice, second.choice, queries.halves)
        if both is None:
            return considered
        return replace(considered, choice=both, halves=queries.halves)

    async def _weighed(self, retrieved: Retrieved) -> Weighed:
        """Weigh candidates; those in other languages if none in the question's own answers."""
        question, found = retrieved.question, retrieved.found
        weighed = await self._decided(question, found)
        if weighed.choice.parts or question.foreign or question.space != MULTILINGUAL_SPACE:
            return weighed
        others = await self._decided(*in_other_languages(question, found))
        return others if others.choice.parts else weighed

    async def _decided(self, question: SearchQuestion, found: Sequence[FoundChunk]) -> Weighed:
        with self.times.of("rerank"):
            reranked = await self.stages.rerank(question, found)
        with self.times.of("decide"):
            return await self.stages.decide(question, reranked, self.least)


def merged_by_rank(rankings: Sequence[Sequence[Ranked]]) -> list[Ranked]:
    """Return the candidates of several rankings, each once, by the best rank it has in any."""
    if len(rankings) == 1:
        return list(rankings[0])
    merged: dict[UUID, Ranked] = {}
    for row in zip_longest(*rankings):
        for one in row:
            if one is not None:
                merged.setdefault(one.found.chunk.id, one)
    return list(merged.values())


def _as_one(found: Sequence[Considered]) -> Considered:
    """Return several questions as one, with the answers of those that have one."""
    first = found[0]
    if len(found) == 1:
        return first
    candidates = merged_by_rank([one.candidates for one in found])
    searched = tuple(dict.fromkeys(text for one in found for text in one.searched))
    answered = [one for one in found if one.choice.parts]
    if not answered:
        best = max(found, key=lambda one: one.choice.confidence)
        return replace(best, candidates=candidates, searched=searched)
    return replace(
        answered[0],
        asked="\n".join(one.asked for one in found),
        ranked=_every(one.ranked for one in answered),
        choice=Choice(
            merged_parts([part for one in answered for part in one.choice.parts]),
            min(one.choice.confidence for one in answered),
        ),
        candidates=candidates,
        searched=searched,
    )


def _every(rankings: Iterable[Sequence[Ranked]]) -> list[Ranked]:
    return list({one.found.chunk.id: one for each in rankings for one in each}.values())
