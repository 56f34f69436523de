"""Asks of which nothing is kept: refusals, history, contexts, and errors that repeat nothing."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from answerdesk.answering.errors import AnswerFailed
from answerdesk.answering.events import AnswerEvent, AnswerFinished
from answerdesk.answering.service import Answering
from answerdesk.answering.stateless import (
    MOST_CONTEXTS,
    MOST_MESSAGES,
    Said,
    answer_stateless,
    answer_stateless_whole,
    stateless_request,
)
from answerdesk.answering.types import Abstain, Answer, AnswerRequest, Exchange, SmallTalk
from answerdesk.core.errors import InvalidInput, Unavailable
from answerdesk.core.tenancy import AccountId, ProjectId, new_id
from answerdesk.knowledge.search.contexts import MOST_PASSAGES
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.types import ContextText
from answerdesk.providers.embedder import EmbeddedPassage, Passage
from answerdesk.providers.fake_chat_model import FakeChatModel
from answerdesk.providers.fake_embedder import FakeEmbedder
from tests.knowledge.search.library import Library

COURIER = "# Courier\n\nThe courier to Iceland costs forty euros for each parcel."
FERRY = ContextText("Ferry", "The ferry to Norway leaves on Tuesday at nine from pier seven.")


def request(*messages: tuple[Any, str], contexts: Sequence[ContextText] = ()) -> AnswerRequest:
    account, project = AccountId(new_id()), ProjectId(new_id())
    return stateless_request(account, project, [Said(*one) for one in messages], contexts=contexts)


async def ask(
    library: Library, *messages: tuple[Any, str], contexts: Sequence[ContextText] = ()
) -> Answer | Abstain:
    answering = Answering(Search(library.database, library.embedder))
    asked = stateless_request(
        library.account_id,
        library.project_id,
        [Said(*one) for one in messages],
        contexts=contexts,
    )
    decided = await answer_stateless_whole(answering, asked)
    assert not isinstance(decided, SmallTalk)
    return decided


@pytest.mark.parametrize(
    ("messages", "contexts", "code"),
    [
        ([], 0, "messages_invalid"),
        ([("user", "x")] * (MOST_MESSAGES + 1), 0, "messages_invalid"),
        ([("user", "x"), ("assistant", "y")], 0, "messages_invalid"),
        ([("user", "x"), ("system", "y")], 0, "messages_invalid"),
        ([("user", "x"), ("user", " \n")], 0, "messages_invalid"),
        ([("user", "x")], MOST_CONTEXTS + 1, "contexts_invalid"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    messages: list[tuple[Any, str]], contexts: int, code: str
) -> None:
    with pytest.raises(InvalidInput) as raised:
        request(*messages, contexts=[FERRY] * contexts)
    assert raised.value.code == code


def test_the_most_messages_are_accepted_and_the_latest_are_read() -> None:
    messages = [("user", f"Q{number}") for number in range(MOST_MESSAGES)]
    asked = request(*messages)
    assert asked.text == f"Q{MOST_MESSAGES - 1}"
    long = [("user", "q" * 15_000), ("assistant", "a" * 15_000)]
    asked = request(*long, *long, ("user", "And now?"))
    assert [len(one.answer) for one in asked.history] == [15_000]


def test_messages_become_exchanges_and_system_messages_guidance() -> None:
    asked = request(
        ("assistant", "Welcome!"),
        ("system", "Be brief."),
        ("user", "Hello."),
        ("user", "What does the courier cost?"),
        ("assistant", "Forty euros."),
        ("assistant", "For each parcel."),
        ("user", "And the ferry?"),
        ("user", "Please."),
    )
    assert asked.history == (
        Exchange("Hello.\nWhat does the courier cost?", "Forty euros.\nFor each parcel."),
        Exchange("And the ferry?", ""),
    )
    assert (asked.text, asked.guidance) == ("Please.", "Be brief.")


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("I want to talk to a human please", "I can't connect you"),
        ("Ich möchte mit einem Menschen sprechen", "Ich kann Sie hier nicht"),
    ],
)
async def test_a_request_for_a_person_is_answered_in_words(
    library: Library, text: str, begins: str
) -> None:
    answer = await ask(library, ("user", text))
    assert isinstance(answer, Abstain)
    assert answer.text.startswith(begins)


async def test_without_knowledge_and_contexts_it_abstains(library: Library) -> None:
    answer = await ask(library, ("user", "When does the ferry leave?"))
    assert isinstance(answer, Abstain)
    # Nobody could be asked for.
    assert answer.text.endswith("You can ask in other words.")


async def test_a_follow_up_is_understood_from_the_given_history(library: Library) -> None:
    await library.add("Courier", COURIER)
    answer = await ask(
        library,
        ("user", "Is there a courier to Iceland?"),
        ("assistant", "Yes."),
        ("user", "How much does it cost?"),
    )
    assert "forty euros" in answer.text
    assert answer.trace == {}


async def test_a_context_answers_where_the_project_has_no_knowledge(library: Library) -> None:
    question = ("user", "When does the ferry to Norway leave?")
    answer = await ask(library, question, contexts=[FERRY])
    assert isinstance(answer, Answer)
    assert "Tuesday at nine" in answer.text
    assert answer.citations[0].title == "Ferry"
    # It came with that one request.
    assert isinstance(await ask(library, question), Abstain)


async def test_knowledge_and_contexts_answer_side_by_side(library: Library) -> None:
    await library.add("Courier", COURIER)
    contexts = [FERRY]
    ferry = await ask(library, ("user", "When does the ferry to Norway leave?"), contexts=contexts)
    courier = await ask(
        library, ("user", "What does the courier to Iceland cost?"), contexts=contexts
    )
    assert "Tuesday at nine" in ferry.text
    assert "forty euros" in courier.text


async def test_a_context_is_text_whatever_its_first_bytes_look_like(library: Library) -> None:
    context = ContextText("Ferry", f"%PDF-1.7 PK\x03\x04\n\n{FERRY.text}")
    answer = await ask(
        library, ("user", "When does the ferry to Norway leave?"), contexts=[context]
    )
    assert "Tuesday at nine" in answer.text


async def test_of_long_contexts_only_the_nearest_passages_are_embedded(library: Library) -> None:
    assert isinstance(library.embedder, FakeEmbedder)
    filler = "\n\n".join(
        f"Paragraph {number} speaks of gardens, lawns and hedges. " * 30 for number in range(12)
    )
    contexts = [ContextText(f"Garden {number}", filler) for number in range(3)]
    answer = await ask(
        library,
        ("user", "When does the ferry to Norway leave?"),
        contexts=[*contexts, FERRY],
    )
    assert "Tuesday at nine" in answer.text
    assert library.embedder.embedded_passages == MOST_PASSAGES


class _WithoutPassages(FakeEmbedder):
    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        raise Unavailable(f"Away for {len(passages)}", code="embedding_service_unavailable")


async def test_contexts_are_found_by_their_words_while_the_embedder_is_away(
    library: Library,
) -> None:
    search = Search(library.database, _WithoutPassages())
    text = "When does the ferry to Norway leave?"
    question, _ = await search.find(library.account_id, library.project_id, text)
    with capture_logs() as logs:
        contexts = await search.read_contexts([FERRY], text)
        (found,) = await contexts.found(question)
    assert found.bm25 > 0
    assert not found.sentence_vectors.any()
    assert [one["event"] for one in logs] == ["searching_by_words_only"]
    assert "ferry" not in str(logs).lower()


async def test_a_model_is_given_contexts_and_history_without_empty_turns(
    library: Library,
) -> None:
    model = FakeChatModel()
    answering = Answering(Search(library.database, library.embedder), model)
    asked = stateless_request(
        library.account_id,
        library.project_id,
        [
            Said("system", "Be brief."),
            Said("user", "Hello."),
            Said("user", "When does the ferry to Norway leave?"),
        ],
        guidance="You are Anna.",
        contexts=[FERRY],
    )
    events = [event async for event in answer_stateless(answering, asked)]
    [call] = model.calls
    assert all(turn.text for turn in call.turns)
    assert call.turns[0].text.startswith("You are Anna.\n\nBe brief.")
    assert FERRY.text in call.turns[0].text
    assert [turn.text for turn in call.turns[1:]] == ["Hello.", asked.text]
    assert isinstance(events[-1], AnswerFinished)
    assert events[-1].decision.trace == {}
    assert isinstance(events[-1].decision, Answer)


class _Failing(Answering):
    """An engine with a defect whose message quotes what was asked."""

    async def answer(self, request: AnswerRequest) -> AsyncIterator[AnswerEvent]:
        if request.text:
            raise RuntimeError(f"cannot read {request.text}")
        yield AnswerFinished(Abstain((), 0.0))


async def test_an_unexpected_error_repeats_nothing(library: Library) -> None:
    failing = _Failing(Search(library.database, library.embedder))
    with capture_logs() as logs, pytest.raises(AnswerFailed) as raised:
        await answer_stateless_whole(failing, request(("user", "the canary sings at dawn")))
    assert "canary" not in str(raised.value)
    assert raised.value.__suppress_context__
    [line] = logs
    assert (line["event"], line["error"]) == ("stateless_answer_failed", "RuntimeError")
    assert "canary" not in str(line)
