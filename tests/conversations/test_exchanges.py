"""What the assistant knows of the earlier course of a conversation."""

import pytest

from answerdesk.answering.types import Exchange
from answerdesk.conversations.reply.answer import exchanges
from answerdesk.providers.fake_chat_model import FakeChatModel
from tests.conversations.program import Program


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], []),
        ([("visitor", "a")], []),
        ([("visitor", "a"), ("assistant", "b")], [Exchange("a", "b")]),
        ([("visitor", "a"), ("visitor", "b"), ("human", "c")], [Exchange("b", "c")]),
        (
            [("visitor", "a"), ("human", "b"), ("human", "c")],
            [Exchange("a", "b\nc")],
        ),
        (
            [("visitor", "a"), ("assistant", "b"), ("human", "c"), ("visitor", "d")],
            [Exchange("a", "b\nc")],
        ),
        ([("human", "a"), ("visitor", "b"), ("assistant", "c")], [Exchange("b", "c")]),
    ],
)
def test_each_question_with_its_replies(
    said: list[tuple[str, str]], expected: list[Exchange]
) -> None:
    assert list(exchanges(said)) == expected


async def test_the_assistant_goes_on_with_a_persons_last_words(program: Program) -> None:
    """What it said itself about who has the conversation is no answer to anything."""
    program.desk.add_text("Prices", "The small plan costs nine euros a month.")
    conversation_id = await program.tell("ada", "I want to talk to a human, please.")
    program.do(conversation_id, "messages", content="Ana here: what is it?")
    await program.tell("ada", "Do you ship to Norway?")
    program.do(conversation_id, "messages", content="Yes, we do.")
    program.do(conversation_id, "messages", content="It takes a week.")
    program.do(conversation_id, "hand-back")
    model = FakeChatModel()
    await program.of(model=model).say("ada", "What does the small plan cost?")
    turns = [(one.role, one.text) for one in model.calls[-1].turns]
    assert ("user", "Do you ship to Norway?") in turns
    assert ("assistant", "Yes, we do.\nIt takes a week.") in turns
    assert not any("handed this conversation back" in text for _, text in turns)
