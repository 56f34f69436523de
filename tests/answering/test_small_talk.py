"""Replies to small talk: in the visitor's language, and by name where one is known."""

from typing import get_args

import pytest

from answerdesk.answering.message.manners import MANNERS
from answerdesk.answering.message.types import SmallTalkKind
from answerdesk.answering.service import decide_at_once
from answerdesk.answering.small_talk import Host, small_talk_reply, without_small_talk
from answerdesk.answering.types import Exchange, HandOff, SmallTalk
from answerdesk.conversations.texts import TRANSLATED


def test_every_language_that_we_speak_has_every_reply() -> None:
    assert set(MANNERS) == TRANSLATED
    replies = {
        small_talk_reply(kind, language, Host())
        for kind in get_args(SmallTalkKind)
        for language in MANNERS
    }
    assert len(replies) == len(get_args(SmallTalkKind)) * len(MANNERS)


@pytest.mark.parametrize(
    ("language", "host", "said"),
    [
        ("de", Host(language="fr"), "Hallo! Womit"),
        ("und", Host(language="fr"), "Bonjour !"),
        ("und", Host(language="pt-BR"), "Olá!"),
        ("fi", Host(language="fi"), "Hello!"),
        ("fi", Host(language="it"), "Buongiorno!"),
    ],
)
def test_the_language_is_the_messages_or_else_the_hosts(
    language: str, host: Host, said: str
) -> None:
    assert small_talk_reply("hello", language, host).startswith(said)


def test_it_says_who_it_is_and_that_people_are_there_only_where_they_are() -> None:
    assert "of Café {agent} & Co." in small_talk_reply(
        "who_are_you", "en", Host(project="Café {agent} & Co.")
    )
    assert small_talk_reply("who_are_you", "en", Host(agent="Ada")).startswith("I'm Ada,")
    assert "person" in small_talk_reply("who_are_you", "en", Host())
    alone = small_talk_reply("who_are_you", "en", Host(people=False))
    assert alone.startswith("I'm an automated assistant.")
    assert "person" not in alone


def test_a_message_alone_decides_small_talk_and_requests_for_a_person() -> None:
    said = decide_at_once("Danke!", Host(language="en"))
    assert isinstance(said, SmallTalk)
    assert said.text.startswith("Gern geschehen!")
    assert decide_at_once("Hello! I want to talk to a human.") == HandOff("asked")
    assert decide_at_once("Thanks! Where are my invoices?") is None
    assert decide_at_once("Do I get thanks for a review?") is None


def test_small_talk_is_no_question_to_come_back_to() -> None:
    asked = Exchange("What does the Pro plan cost?", "9 euros.")
    history = (Exchange("hello", "Hello!"), asked, Exchange("thanks", "You're welcome!"))
    assert without_small_talk(history) == (asked,)
