"""Answering: nothing invented, copies seen through, errors forgiven, two halves put together."""

from answerdesk.answering.abstention import abstention
from answerdesk.answering.compound import Halves, halves_of
from answerdesk.answering.service import Answering
from answerdesk.answering.types import Abstain, Answer, AnswerRequest
from answerdesk.knowledge.search.service import Search
from tests.knowledge.search.library import Library

RETURNS = """# Returns

## Deadline

You can send parcels back within thirty days of the delivery.

## Refund

The refund is paid to your bank account on the next Monday.
"""
COURIER = "# Courier\n\nThe courier to Iceland costs forty euros for each parcel."
CUSTOMS = "# Customs\n\nThe customs office in Reykjavik checks each shipment for six days."


async def _ask(library: Library, text: str) -> Answer | Abstain:
    answering = Answering(Search(library.database, library.embedder))
    return await answering.answer_whole(AnswerRequest(library.account_id, library.project_id, text))


async def test_an_empty_project_has_no_topics_to_offer(library: Library) -> None:
    answer = await _ask(library, "How long may I send parcels back?")
    assert isinstance(answer, Abstain)
    assert answer.text == abstention("en")
    assert answer.citations == ()


async def test_a_question_of_something_else_altogether_is_offered_no_topics(
    library: Library,
) -> None:
    await library.add("Returns", RETURNS)
    answer = await _ask(library, "Who composed Parsifal?")
    assert isinstance(answer, Abstain)
    assert answer.text == abstention("en")
    assert answer.text.startswith("I don't have that")
    assert answer.citations == ()


async def test_an_abstention_names_the_nearest_topics_and_cites_nothing(library: Library) -> None:
    await library.add("Returns", RETURNS)
    await library.add("Courier", COURIER)
    answer = await _ask(library, "Why was the refund scandal of 1987 not in the newspapers?")
    assert isinstance(answer, Abstain)
    assert answer.text.startswith("I don't have that in what I know. The nearest I have: “Returns")
    assert "Courier" not in answer.text
    assert answer.text.endswith("talk to a person.")
    assert answer.citations == ()


async def test_an_abstention_speaks_the_questions_language(library: Library) -> None:
    await library.add("Returns", RETURNS)
    answer = await _ask(library, "Wer hat die Oper Parsifal komponiert?")
    assert isinstance(answer, Abstain)
    assert answer.text == abstention("de") != abstention("en")
    answer = await _ask(library, "Kto skomponował operę Parsifal i kiedy?")
    assert answer.text == abstention("en")


async def test_a_mistyped_question_is_answered_and_the_trace_says_how_it_was_read(
    library: Library,
) -> None:
    await library.add("Returns", RETURNS)
    await library.add("Courier", COURIER)
    answer = await _ask(library, "When is the refudn paid?")
    assert isinstance(answer, Answer)
    assert "next Monday" in answer.text
    assert answer.trace["corrections"] == {"refudn": "refund"}


async def test_copies_of_a_page_are_one_source(library: Library) -> None:
    for number in range(3):
        await library.add(f"Copy {number}", COURIER)
    await library.add("Customs", CUSTOMS)
    answer = await _ask(library, "What does the courier to Iceland cost?")
    assert len(answer.citations) == 1
    candidates = answer.trace["candidates"]
    assert isinstance(candidates, list)
    assert len([one for one in candidates if one["document"].startswith("Copy")]) == 1


async def test_pages_that_differ_in_a_number_are_no_copies(library: Library) -> None:
    common = (
        "costs {} euros a month, is billed on the first day of each month, can be cancelled at any "
        "time in your account, and includes support by telephone, chat and letter for everybody."
    )
    for name, price in (("Small", 10), ("Large", 20)):
        await library.add(name, f"The plan {common.format(price)}")
    answer = await _ask(library, "Which plan includes support by telephone?")
    candidates = answer.trace["candidates"]
    assert isinstance(candidates, list)
    assert len(candidates) == 2


async def test_search_lists_each_document_even_if_it_is_a_copy(library: Library) -> None:
    for number in range(3):
        await library.add(f"Copy {number}", COURIER)
    answering = Answering(Search(library.database, library.embedder))
    request = AnswerRequest(library.account_id, library.project_id, "courier to Iceland")
    assert len(await answering.find_documents(request, 10)) == 3


async def test_two_questions_in_one_are_answered_from_two_sources(library: Library) -> None:
    await library.add("Courier", COURIER)
    await library.add("Customs", CUSTOMS)
    await library.add("Returns", RETURNS)
    first = "What does the courier to Iceland cost"
    second = "how long does the customs office in Reykjavik check each shipment?"
    answer = await _ask(library, f"{first} and {second}")
    assert "forty euros" in answer.text
    assert "six days" in answer.text
    assert {citation.title for citation in answer.citations} == {"Courier", "Customs"}
    assert answer.trace["halves"] == [f"{first}?", second]
    alone = [(await _ask(library, one)).confidence for one in (first, second)]
    assert answer.confidence == min(alone)


async def test_a_half_that_nothing_answers_leaves_the_answer_to_the_whole(
    library: Library,
) -> None:
    await library.add("Courier", COURIER)
    text = "What does the courier to Iceland cost and who composed the opera Parsifal?"
    answer = await _ask(library, text)
    assert answer.trace["halves"] == []
    assert {citation.title for citation in answer.citations} <= {"Courier"}


PLANS = """# Plans

## Basic

The basic plan is a contract for one gardener with a small lawn. Whoever
has it can call us in the morning, and we come by train on the next day but one.

## Falcon

The falcon plan is a contract for companies with ten gardeners. Whoever
has it can call us at night, and we come by car in the hour after the call.

## Offers

Neither the basic nor the falcon plan has an offer in May, a difference to last year, when
there were three of them. Ask at the counter what there will be in the years to come.
"""
COMPARED = """# Plans

The difference is that the basic plan ends in May and the falcon plan ends in June.

## Gardens

The basic plan is for lawns. Falcon is a plan for companies.
"""


async def test_things_that_have_sections_are_compared_by_these(library: Library) -> None:
    await library.add("Plans", PLANS)
    answer = await _ask(library, "What is the difference between Basic and Falcon?")
    assert "one gardener" in answer.text
    assert "ten gardeners" in answer.text
    assert "offer" not in answer.text


async def test_a_sentence_that_compares_is_enough(library: Library) -> None:
    await library.add("Plans", COMPARED)
    answer = await _ask(
        library, "What is the difference between the basic plan and the falcon plan?"
    )
    assert "ends in May" in answer.text
    assert answer.trace["halves"] == []


def test_questions_that_ask_one_thing_are_left_whole() -> None:
    for text in (
        "What do salt and pepper cost?",
        "When and where was she born?",
        "Terms and conditions",
        "Who founded the company and its sister?",
        "Hi! How are you today?",
        "What is the name of the band and?",
        "Was kosten Salz und Pfeffer?",
        "",
    ):
        assert halves_of(text) is None, text


def test_questions_that_ask_two_things_are_taken_apart() -> None:
    assert halves_of("What does Basic cost, and when does the office open?") == Halves(
        "What does Basic cost?", "when does the office open?"
    )
    assert halves_of("Was kostet der Versand und wann kommt das Paket?") == Halves(
        "Was kostet der Versand?", "wann kommt das Paket?"
    )
    assert halves_of("Do you ship to Peru? How long does shipping take?") == Halves(
        "Do you ship to Peru?", "How long does shipping take?"
    )
    assert halves_of("What is the difference between the free and the pro plan?") == Halves(
        "What is free plan?", "What is pro plan?", ("the free plan", "the pro plan")
    )


def test_the_second_half_may_speak_of_what_the_first_named() -> None:
    halves = halves_of("What is the Falcon router and where can I buy it?")
    assert halves is not None
    assert "Falcon" in halves.second
