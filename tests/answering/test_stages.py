"""Stages: each can be replaced and is timed; a reranker brings passages forward."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from answerdesk.answering.considering import merged_by_rank
from answerdesk.answering.errors import AnswerCut
from answerdesk.answering.queries import MOST_QUERIES, Queries, queries, rewrite
from answerdesk.answering.retrieving import Retrieved, retrieve
from answerdesk.answering.service import Answering
from answerdesk.answering.stages import BUILT_IN, Stages, StageTimes
from answerdesk.answering.types import Abstain, Answer, AnswerRequest, Exchange
from answerdesk.answering.weighing import Reranked, Reranking
from answerdesk.answering.weighing import rerank as built_in
from answerdesk.answering.writing import Writing
from answerdesk.knowledge.search.contexts import ContextPassages
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.types import FoundChunk, SearchQuestion
from answerdesk.providers.fake_chat_model import FakeChatModel
from answerdesk.providers.fake_reranker import FakeReranker
from answerdesk.providers.model_chain import Breaker, Link, ModelChain
from tests.answering.test_weighing import ranked_as
from tests.knowledge.search.library import Library

COURIER = "# Courier\n\nThe courier to Iceland costs forty euros for each parcel."
CUSTOMS = "# Customs\n\nThe customs office in Reykjavik checks each shipment for six days."
FEES = "# Fees\n\nThe courier to Iceland costs nothing for each parcel of a member."
BOTH = (
    "What does the courier to Iceland cost and how long does the customs office in Reykjavik check "
    "each shipment?"
)


def answering(library: Library, stages: Stages = BUILT_IN) -> Answering:
    return Answering(Search(library.database, library.embedder), stages=stages)


async def ask(
    library: Library, text: str, stages: Stages = BUILT_IN, writing: Writing | None = None
) -> Answer | Abstain:
    request = AnswerRequest(library.account_id, library.project_id, text, writing=writing)
    return await answering(library, stages).answer_whole(request)


def candidates(answer: Answer | Abstain) -> list[dict[str, object]]:
    found = answer.trace["candidates"]
    assert isinstance(found, list)
    return found


class Preferring(FakeReranker):
    """Prefers texts with a word."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word

    async def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        await super().rerank(question, texts)
        return [float(self.word in text) for text in texts]


async def test_a_stage_can_be_replaced(library: Library) -> None:
    await library.add("Courier", COURIER)

    async def nothing(question: SearchQuestion, found: Sequence[FoundChunk]) -> Reranked:
        del found
        return await built_in(question, [])

    question = "What does the courier to Iceland cost?"
    assert isinstance(await ask(library, question), Answer)
    replaced = await ask(library, question, replace(BUILT_IN, rerank=nothing))
    assert isinstance(replaced, Abstain)
    assert candidates(replaced) == []


async def test_each_stage_is_timed(library: Library) -> None:
    await library.add("Courier", COURIER)
    question = "What does the courier to Iceland cost?"
    stages = (await ask(library, question)).trace["stages"]
    assert isinstance(stages, dict)
    assert list(stages) == ["rewrite", "retrieve", "rerank", "decide"]
    writing = Writing(ModelChain([Link(FakeChatModel(latency=0.05), Breaker())]))
    stages = (await ask(library, question, writing=writing)).trace["stages"]
    assert isinstance(stages, dict)
    assert stages["generate"] > max(stages["verify"], 50)
    assert stages["verify"] > 0


async def test_a_cut_answer_is_timed_too(library: Library) -> None:
    await library.add("Courier", COURIER)
    model = FakeChatModel(faults=["cut_after_1"])
    writing = Writing(ModelChain([Link(model, Breaker())]))
    with pytest.raises(AnswerCut) as cut:
        await ask(library, "What does the courier to Iceland cost?", writing=writing)
    assert "generate" in str(cut.value.instead.trace["stages"])


def test_a_stage_that_runs_twice_at_a_time_counts_once() -> None:
    times = StageTimes()
    with times.of("rerank"):
        with times.of("rerank"):
            pass
        assert times.milliseconds == {}
    assert list(times.milliseconds) == ["rerank"]


async def test_a_reranker_brings_a_passage_forward(library: Library) -> None:
    await library.add("Courier", COURIER)
    await library.add("Fees", FEES)
    question = "What does the courier to Iceland cost for each parcel?"
    plain = await ask(library, question)
    other = "Fees" if plain.citations[0].title == "Courier" else "Courier"
    word = "member" if other == "Fees" else "forty"
    reranked = await ask(library, question, replace(BUILT_IN, rerank=Reranking(Preferring(word))))
    assert [one.title for one in reranked.citations] == [other]
    first, *_ = candidates(reranked)
    assert (first["title"], first["reranker"], first["chosen"]) == (other, 1.0, True)
    # The score and the confidence are those that the built-in evidence amounts to.
    known = {one["title"]: one["score"] for one in candidates(plain)}
    assert first["score"] == known[other]
    assert all(one["reranker"] is None for one in candidates(plain))


async def test_an_answer_is_never_lost_by_a_reranker(library: Library) -> None:
    await library.add("Courier", COURIER)
    await library.add("Customs", CUSTOMS)
    question = "What does the courier to Iceland cost?"
    stages = replace(BUILT_IN, rerank=Reranking(Preferring("Reykjavik")))
    answer = await ask(library, question, stages)
    assert candidates(answer)[0]["title"] == "Customs"
    assert [one.title for one in answer.citations] == ["Courier"]
    assert answer.confidence == (await ask(library, question)).confidence


async def test_without_its_reranker_the_built_in_order_answers(library: Library) -> None:
    await library.add("Courier", COURIER)
    await library.add("Customs", CUSTOMS)
    reranker = FakeReranker()
    reranker.is_away = True
    question = "What does the courier to Iceland cost?"
    answer = await ask(library, question, replace(BUILT_IN, rerank=Reranking(reranker)))
    plain = await ask(library, question)
    assert (answer.blocks, answer.confidence) == (plain.blocks, plain.confidence)
    assert candidates(answer) == candidates(plain)
    assert len(reranker.asked) == 1


async def test_a_reranker_gets_headings_and_no_personal_data(library: Library) -> None:
    await library.add("Courier", COURIER)
    await library.add("Customs", CUSTOMS)
    reranker = FakeReranker()
    question = "What does eve@example.com pay for the courier to Iceland?"
    await ask(library, question, replace(BUILT_IN, rerank=Reranking(reranker)))
    asked, texts = reranker.asked[0]
    assert "eve@example.com" not in asked
    assert any(text.startswith("Courier") and "forty euros" in text for text in texts)


def test_a_question_has_one_to_three_queries() -> None:
    history = (Exchange("What does the courier to Iceland cost?", "Forty euros."),)
    assert queries("What does the courier cost?", ()).texts == ("What does the courier cost?",)
    both = queries(BOTH, ())
    assert len(both.texts) == MOST_QUERIES
    assert both.judged == both.texts
    follow_up = queries("How long does it take?", history)
    assert follow_up.judged == ("How long does it take?",)
    assert follow_up.texts[1:] == ("What does the courier to Iceland cost? How long does it take?",)


async def test_a_message_is_rewritten_to_questions_that_stand_alone(library: Library) -> None:
    history = (Exchange("What does the Falcon plan cost?", "Ten euros."),)
    request = AnswerRequest(library.account_id, library.project_id, "Does it have offers?", history)
    [question] = rewrite(request).questions
    assert question.text == "Does it have offers? Falcon plan cost"


async def test_a_model_reads_what_any_query_found_best(library: Library) -> None:
    await library.add("Courier", COURIER)
    await library.add("Customs", CUSTOMS)

    async def one_each(
        search: Search, request: AnswerRequest, queries: Queries, contexts: ContextPassages
    ) -> list[Retrieved]:
        found = await retrieve(search, request, queries, contexts)
        titles = ("Courier", "Courier", "Customs")
        return [
            replace(one, found=[each for each in one.found if each.chunk.title == title])
            for one, title in zip(found, titles, strict=True)
        ]

    model = FakeChatModel()
    writing = Writing(ModelChain([Link(model, Breaker())]))
    answer = await ask(library, BOTH, replace(BUILT_IN, retrieve=one_each), writing)
    assert len(model.calls) == 1
    system = model.calls[0].turns[0].text
    assert "forty euros" in system
    assert "six days" in system
    first, second = BOTH.split(" and ")
    assert answer.trace["queries"] == [BOTH, f"{first}?", second]


def test_rankings_are_merged_by_the_best_rank() -> None:
    one, two, three, four = ranked_as(("a", 0.0), ("b", 0.0), ("c", 0.0), ("d", 0.0))
    assert merged_by_rank([[one, two, three], [four, one], []]) == [one, four, two, three]
    assert merged_by_rank([[one, two]]) == [one, two]
