"""A question for a phone number is answered by a number, or by a text about the phone."""

import pytest

from answerdesk.answering.extractive.choose import lacks_phone
from tests.answering.extractive.shelf import shelf

SUPPORT = "# Support\n\nOur support doesn't fully cover accounts of other providers: see 202 and 8."
NUMBER = "# Support\n\nReach our support from nine to five: +49 30 1234567."
NONE = "# Support\n\nOur support has no telephone. Write to us."


@pytest.mark.parametrize(
    "asked", ["What is the phone number of your support?", "your support's telephone number?"]
)
async def test_a_text_without_a_number_is_no_answer(asked: str) -> None:
    assert (await (await shelf(support=SUPPORT)).ask(asked)).choice.parts == ()


@pytest.mark.parametrize(("page", "lacks"), [(SUPPORT, True), (NUMBER, False), (NONE, False)])
async def test_a_number_is_one_and_so_is_that_there_is_none(page: str, lacks: bool) -> None:
    outcome = await (await shelf(support=page)).ask("What is the phone number of your support?")
    assert lacks_phone(outcome.asked, outcome.ranked[0].found.chunk) is lacks


async def test_who_asks_how_to_change_a_number_needs_none() -> None:
    page = "# Profile\n\nTo change your phone number, open the profile and choose Edit."
    outcome = await (await shelf(profile=page)).ask("How do I change my phone number?")
    assert "choose Edit" in outcome.text
