"""Answering: one question in, a stream of typed events out, the decision last."""

from collections.abc import AsyncIterator, Container, Sequence
from contextlib import aclosing
from dataclasses import replace
from time import perf_counter
from typing import Final
from uuid import UUID

from answerdesk.answering.abstention import abstention, is_near, nearest_topics
from answerdesk.answering.blocks import Block, Paragraph, paragraphs
from answerdesk.answering.citing import section_title
from answerdesk.answering.considering import Considered, Considering
from answerdesk.answering.errors import AnswerCut
from answerdesk.answering.events import AnswerBlocks, AnswerEvent, AnswerFinished
from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.answering.extractive.showing import blocks_shown
from answerdesk.answering.generation.service import MOST_PASSAGES
from answerdesk.answering.generation.types import Given, Prepared, Verify
from answerdesk.answering.message import read_message
from answerdesk.answering.other_language import told_language
from answerdesk.answering.rewrite import standalone
from answerdesk.answering.small_talk import Host, small_talk_reply, without_small_talk
from answerdesk.answering.stages import BUILT_IN, Stages, StageTimes
from answerdesk.answering.types import (
    Abstain,
    Answer,
    AnswerRequest,
    Citation,
    FoundDocument,
    HandOff,
    SmallTalk,
)
from answerdesk.answering.verification import Evidence, Verdict
from answerdesk.answering.writing import Writing
from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.kit.spans import quote
from answerdesk.knowledge.search.service import Search
from answerdesk.providers.chat_model import ChatModel
from answerdesk.providers.embedders import MULTILINGUAL_SPACE
from answerdesk.providers.model_chain import Breaker, Link, ModelChain

_TRACED: Final = 10


_ANY_HOST: Final = Host()


def decide_at_once(text: str, host: Host = _ANY_HOST) -> HandOff | SmallTalk | None:
    """Return the decision that a message alone allows; None if the knowledge must decide.

    `host` is who replies to small talk.
    """
    read = read_message(text)
    if read.kind == "person":
        return HandOff("asked")
    if read.small_talk is None:
        return None
    return SmallTalk(paragraphs(small_talk_reply(read.small_talk, read.language, host)))


class Answering:
    """Answers questions from a project's knowledge, in its own words or (`model`) a model's."""

    def __init__(
        self, search: Search, model: ChatModel | None = None, stages: Stages = BUILT_IN
    ) -> None:
        """Take a `model` for the questions that name none, and what does the work."""
        self._search = search
        self._stages = stages
        self._considering = Considering(search, stages)
        chain = None if model is None else ModelChain([Link(model, Breaker())])
        self._writing = None if chain is None else Writing(chain)

    @property
    def generates(self) -> bool:
        """Tell whether a model writes the answers to questions that name none."""
        return self._writing is not None

    @property
    def without_model(self) -> "Answering":
        """The same without a model for the questions that name none."""
        return Answering(self._search, None, self._stages)

    async def answer(self, request: AnswerRequest) -> AsyncIterator[AnswerEvent]:
        """Yield the answer to a question from the knowledge, then the decision.

        The question must be one that `decide_at_once` left open. Holds no transaction between two
        events.
        """
        began = perf_counter()
        referring = replace(request, history=without_small_talk(request.history))
        times = StageTimes()
        considered = await self._considering.consider(referring, times)
        trace = _trace(considered, times, perf_counter() - began)
        language = detect_language(request.text)
        if language == UNKNOWN:
            language = considered.question.language
        decision = _decide(language, considered, trace, people=request.people)
        writing = request.writing or self._writing
        given = [] if writing is None else _given(decision, considered, writing)
        if writing is None or not (given or writing.knowledge == "open" or writing.tools):
            yield AnswerBlocks(decision.blocks)
            yield AnswerFinished(decision)
            return
        asked = replace(request, text=considered.asked)
        nothing = _nothing(language, considered, trace, people=request.people)
        prepared = Prepared(given, decision, nothing, language, _timed(self._stages.verify, times))
        times.begin("generate")
        try:
            async with aclosing(self._stages.generate(asked, writing, prepared)) as events:
                async for event in events:
                    if isinstance(event, AnswerFinished) and not isinstance(
                        event.decision, SmallTalk
                    ):
                        times.end("generate")
                        yield AnswerFinished(_with_times(event.decision, times))
                    else:
                        yield event
        except AnswerCut as cut:
            times.end("generate")
            raise AnswerCut(_with_times(cut.instead, times)) from cut

    async def answer_whole(self, request: AnswerRequest) -> Answer | Abstain:
        """Return the decision, for callers that don't stream."""
        async for event in self.answer(request):
            if isinstance(event, AnswerFinished) and not isinstance(event.decision, SmallTalk):
                return event.decision
        msg = "answering ended without an answer"
        raise RuntimeError(msg)

    async def find_documents(self, request: AnswerRequest, limit: int) -> list[FoundDocument]:
        """Return the best documents for a question, best first, each with its best passage."""
        question, found = await self._search.find(
            request.account_id,
            request.project_id,
            standalone(request.text, without_small_talk(request.history)),
        )
        best: dict[object, FoundDocument] = {}
        reranked = await self._stages.rerank(question, found)
        for one in reranked.ranked:
            chunk = one.found.chunk
            best.setdefault(
                chunk.document_id,
                FoundDocument(chunk.path, chunk.title, chunk.url, one.score, chunk.text),
            )
        return list(best.values())[:limit]


def _decide(
    language: str, considered: Considered, trace: dict[str, object], *, people: bool
) -> Answer | Abstain:
    choice = considered.choice
    if not choice.parts:
        return _nothing(language, considered, trace, people=people)
    citations: list[Citation] = []
    blocks: list[Block] = []
    for source, (ranked, spans) in enumerate(choice.parts):
        citations.append(_citation(ranked, quote(ranked.found.chunk.text, spans)))
        told = _told_language(language, considered, source)
        blocks.extend([] if told is None else [Paragraph(told)])
        blocks.extend(blocks_shown(ranked, spans, source))
    return Answer(tuple(blocks), tuple(citations), choice.confidence, trace)


def _nothing(
    language: str, considered: Considered, trace: dict[str, object], *, people: bool
) -> Abstain:
    """Return what is said if the knowledge has no answer."""
    topics = nearest_topics(considered.ranked)
    text = abstention(language, topics, people=people)
    return Abstain(paragraphs(text), considered.choice.confidence, trace, topics)


def _told_language(language: str, considered: Considered, source: int) -> str | None:
    """Return what is said before a source in another language than the visitor's; once for each."""
    if considered.question.space != MULTILINGUAL_SPACE:
        return None
    languages = [ranked.found.chunk.language for ranked, _ in considered.choice.parts]
    if source and languages[source] == languages[source - 1]:
        return None
    return told_language(language, languages[source])


def _given(decision: Answer | Abstain, considered: Considered, writing: Writing) -> list[Given]:
    """Return the passages for a model: the cited ones first, then the next best.

    Where extraction finds no answer, a model may still read one in passages that are near.
    """
    cited = {citation.chunk_id: citation for citation in decision.citations}
    by_id = {
        one.found.chunk.id: one
        for one in considered.candidates
        if cited or is_near(one) or writing.knowledge == "open"
    }
    return [
        Given(
            by_id[chunk_id].found.chunk.text,
            cited.get(chunk_id) or _citation(by_id[chunk_id], by_id[chunk_id].found.chunk.text),
        )
        for chunk_id in dict.fromkeys([*cited, *by_id])
        if chunk_id in by_id
    ][:MOST_PASSAGES]


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


def _with_times(decision: Answer | Abstain, times: StageTimes) -> Answer | Abstain:
    return replace(decision, trace={**decision.trace, "stages": times.milliseconds})


def _timed(verify: Verify, times: StageTimes) -> Verify:
    def timed(
        sentence: str, evidence: Evidence, /, *, cited: Sequence[int], question: str
    ) -> Verdict:
        with times.of("verify"):
            return verify(sentence, evidence, cited=cited, question=question)

    return timed


def _trace(considered: Considered, times: StageTimes, seconds: float) -> dict[str, object]:
    question, halves = considered.question, considered.halves
    chosen = {ranked.found.chunk.id for ranked, _ in considered.choice.parts}
    return {
        "rewritten": considered.asked,
        "language": question.language,
        "terms": list(question.terms),
        "corrections": dict(question.corrections),
        "synonyms": {one.asked: [*one.others] for one in question.synonyms},
        "halves": [] if halves is None else [halves.first, halves.second],
        "queries": list(considered.searched),
        "milliseconds": round(seconds * 1000, 1),
        "stages": times.milliseconds,
        "candidates": [_traced(one, chosen) for one in considered.candidates[:_TRACED]],
    }


def _traced(one: Ranked, chosen: Container[UUID]) -> dict[str, object]:
    chunk = one.found.chunk
    return {
        "chunk": str(chunk.id),
        "document": chunk.path,
        "title": section_title(chunk.title, chunk.heading_path[-1:]),
        "score": round(one.score, 4),
        "bm25": round(one.found.bm25, 4),
        "similarity": round(one.found.similarity, 4),
        "reranker": None if one.service is None else round(one.service, 4),
        "chosen": chunk.id in chosen,
    }
