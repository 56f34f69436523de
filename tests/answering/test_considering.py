"""The questions of a message are judged, and not what is only said around them."""

from answerdesk.answering.service import Answering
from answerdesk.answering.types import Abstain, Answer, AnswerRequest, Exchange
from answerdesk.knowledge.search.service import Search
from tests.answering.test_service import COURIER, RETURNS
from tests.knowledge.search.library import Library

INVOICES = "# Invoices\n\nYou can find your invoices on the page Orders, below each order."
GATE = "# Orchard gate\n\nTo open the orchard gate, turn the brass key twice to the left."


async def _ask(library: Library, text: str, *history: Exchange) -> Answer | Abstain:
    answering = Answering(Search(library.database, library.embedder))
    request = AnswerRequest(library.account_id, library.project_id, text, history)
    return await answering.answer_whole(request)


async def test_greeting_story_and_signature_cost_nothing(library: Library) -> None:
    await library.add("Invoices", INVOICES)
    await library.add("Courier", COURIER)
    bare = await _ask(library, "Where can I find my invoices?")
    assert isinstance(bare, Answer)
    for put in (
        "Hi there, hope you are well! Where can I find my invoices? Thanks, Anna",
        "I run a small shop with my sister. We like it very much. Where can I find my invoices?",
    ):
        answer = await _ask(library, put)
        assert isinstance(answer, Answer), put
        assert (answer.text, answer.confidence) == (bare.text, bare.confidence)
        assert answer.trace["rewritten"] == "Where can I find my invoices?"


async def test_a_complaint_is_answered_as_the_question_that_it_is(library: Library) -> None:
    await library.add("Invoices", INVOICES)
    await library.add("Courier", COURIER)
    answer = await _ask(library, "I can't find my invoices.")
    assert isinstance(answer, Answer)
    assert "below each order" in answer.text


async def test_several_questions_are_answered_one_after_another(library: Library) -> None:
    await library.add("Returns", RETURNS)
    await library.add("Invoices", INVOICES)
    answer = await _ask(
        library, "When is the refund paid to my bank account? Where can I find my invoices?"
    )
    assert isinstance(answer, Answer)
    assert answer.text.index("next Monday") < answer.text.index("below each order")
    assert [one.document for one in answer.citations] == ["Returns.md", "Invoices.md"]


async def test_of_several_questions_those_are_answered_that_can_be(library: Library) -> None:
    await library.add("Invoices", INVOICES)
    answer = await _ask(library, "Where can I find my invoices? Who composed the opera Parsifal?")
    assert isinstance(answer, Answer)
    assert "below each order" in answer.text


async def test_the_question_before_helps_to_find(library: Library) -> None:
    await library.add("Gate", GATE)
    await library.add("Courier", COURIER)
    before = Exchange("How do I open the orchard gate?", "Turn the brass key twice to the left.")
    answer = await _ask(library, "How often do I turn the brass key for it?", before)
    assert isinstance(answer, Answer)
    assert "twice" in answer.text
