"""Answering: one question in, a stream of typed events out, the decision last."""

from collections.abc import AsyncIterator
from dataclasses import replace
from time import perf_counter
from typing import Final

from answerdesk.answering.abstention import abstention, nearest_topics
from answerdesk.answering.blocks import Block, Paragraph, paragraphs
from answerdesk.answering.considering import Considered, Considering
from answerdesk.answering.events import AnswerBlocks, AnswerEvent, AnswerFinished
from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.answering.extractive.showing import blocks_shown
from answerdesk.answering.generative import MOST_PASSAGES, Generative, Given
from answerdesk.answering.message import read_message
from answerdesk.answering.other_language import told_language
from answerdesk.answering.rewrite import standalone
from answerdesk.answering.small_talk import Host, small_talk_reply, without_small_talk
from answerdesk.answering.types import (
    Abstain,
    Answer,
    AnswerRequest,
    Citation,
    FoundDocument,
    HandOff,
    SmallTalk,
)
from answerdesk.answering.weighing import order
from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.kit.spans import quote
from answerdesk.knowledge.search.service import Search
from answerdesk.providers.chat_model import ChatModel
from answerdesk.providers.embedders import MULTILINGUAL_SPACE

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

    def __init__(self, search: Search, model: ChatModel | None = None) -> None:
        self._search = search
        self._considering = Considering(search)
        self._generative = None if model is None else Generative(model)

    @property
    def generates(self) -> bool:
        """Tell whether a model writes the answers, which `guidance` can influence."""
        return self._generative is not None

    async def answer(self, request: AnswerRequest) -> AsyncIterator[AnswerEvent]:
        """Yield the answer to a question from the knowledge, then the decision.

        The question must be one that `decide_at_once` left open. Holds no transaction between two
        events.
        """
        began = perf_counter()
        referring = replace(request, history=without_small_talk(request.history))
        considered = await self._considering.consider(referring)
        trace = _trace(considered, perf_counter() - began)
        language = detect_language(request.text)
        if language == UNKNOWN:
            language = considered.question.language
        decision = _decide(language, considered, trace, people=request.people)
        if self._generative is not None and isinstance(decision, Answer):
            asked, given = replace(request, text=considered.asked), _given(decision, considered)
            async for event in self._generative.answer(asked, decision, given):
                yield event
            return
        yield AnswerBlocks(decision.blocks)
        yield AnswerFinished(decision)

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
        for one in await order(question, found):
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
        topics = nearest_topics(considered.ranked)
        text = abstention(language, topics, people=people)
        return Abstain(paragraphs(text), choice.confidence, trace)
    citations: list[Citation] = []
    blocks: list[Block] = []
    for source, (ranked, spans) in enumerate(choice.parts):
        citations.append(_citation(ranked, quote(ranked.found.chunk.text, spans)))
        told = _told_language(language, considered, source)
        blocks.extend([] if told is None else [Paragraph(told)])
        blocks.extend(blocks_shown(ranked, spans, source))
    return Answer(tuple(blocks), tuple(citations), choice.confidence, trace)


def _told_language(language: str, considered: Considered, source: int) -> str | None:
    """Return what is said before a source in another language than the visitor's; once for each."""
    if considered.question.space != MULTILINGUAL_SPACE:
        return None
    languages = [ranked.found.chunk.language for ranked, _ in considered.choice.parts]
    if source and languages[source] == languages[source - 1]:
        return None
    return told_language(language, languages[source])


def _given(answer: Answer, considered: Considered) -> list[Given]:
    """Return the passages for a model: the cited ones first, then the next best."""
    cited = {citation.chunk_id: citation for citation in answer.citations}
    by_id = {one.found.chunk.id: one for one in considered.ranked}
    order = dict.fromkeys([*cited, *by_id])
    return [
        Given(
            by_id[chunk_id].found.chunk.text,
            cited.get(chunk_id) or _citation(by_id[chunk_id], by_id[chunk_id].found.chunk.text),
        )
        for chunk_id in order
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


def _trace(considered: Considered, seconds: float) -> dict[str, object]:
    question, ranked, halves = considered.question, considered.ranked, considered.halves
    return {
        "rewritten": considered.asked,
        "language": question.language,
        "terms": list(question.terms),
        "corrections": dict(question.corrections),
        "synonyms": {one.asked: [*one.others] for one in question.synonyms},
        "halves": [] if halves is None else [halves.first, halves.second],
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
