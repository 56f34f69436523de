"""Suggests a reply to a person: what the assistant would answer to what is open in a conversation.

What is open is what the visitor wrote since a person replied or the assistant answered. Nothing is
stored or sent; the person who asks for it decides what becomes of it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from answerdesk.accounts.principal import Principal
from answerdesk.agents.service import get_desk
from answerdesk.answering.blocks import plain_text
from answerdesk.answering.message import read_message
from answerdesk.answering.service import decide_at_once
from answerdesk.answering.types import HandOff
from answerdesk.conversations.errors import (
    all_answered,
    answer_in_progress,
    conversation_closed,
    nothing_written,
)
from answerdesk.conversations.rehearsing import (
    Rehearsal,
    Rehearsed,
    Rehearsing,
    callable_actions,
    in_time,
)
from answerdesk.conversations.reply.answer import exchanges
from answerdesk.conversations.reply.repository.messages import NewAnswer
from answerdesk.conversations.reply.repository.parties import parties_of
from answerdesk.conversations.repository.lately import LateMessage, said_lately
from answerdesk.conversations.repository.replies import Standing
from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.core.database import Database
from answerdesk.core.tenancy import MessageId
from answerdesk.kit.whitespace import squeezed

Withheld = Literal["no_answer", "for_a_person", "action", "said_before"]
"""Why no text is suggested: the knowledge holds no answer; the visitor asks for a person, or about
who they talk to; the assistant would need an action; it has said the same here already."""

_NUMBERS: Final = re.compile(r"\s?\[\d{1,3}\]")
"""The numbers of sources in what a model has said to the visitor."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A reply to what the visitor wrote up to a message; without `text`, `withheld` says why."""

    text: str | None
    withheld: Withheld | None
    answers_to: MessageId
    rehearsed: Rehearsed


@dataclass(frozen=True, slots=True)
class _Open:
    """What the visitor wrote that nobody has answered, up to `newest`, and what was said before."""

    wrote: Sequence[LateMessage]
    newest: MessageId
    before: Sequence[LateMessage]


class Suggestions:
    """Suggests replies."""

    def __init__(self, database: Database, rehearsing: Rehearsing) -> None:
        self._database = database
        self._rehearsing = rehearsing

    async def suggest(self, caller: Principal, conversation: Standing) -> Suggestion:
        """Return a reply to what is open in a conversation that the caller reaches.

        Raises Conflict if it is closed, nothing is open or the assistant is answering,
        NotPermitted for a reached cap on messages, Unavailable if it takes too long.
        """
        if conversation.hand.state == "closed":
            raise conversation_closed()
        return await in_time(self._suggest(caller, conversation))

    async def _suggest(self, caller: Principal, conversation: Standing) -> Suggestion:
        project_id = conversation.project_id
        async with self._database.transaction(caller.account_id) as session:
            said = await said_lately(session, conversation.id)
            found = _open(said)
            desk = await get_desk(session, project_id)
            actions = await callable_actions(session, caller, project_id)
        question = _asked(found.wrote)
        if question is None:
            rehearsed = Rehearsed(NewAnswer("hand_off", (), (), None, {}))
            return Suggestion(None, "for_a_person", found.newest, rehearsed)
        executor = self._database.single(caller.account_id)
        parties = await parties_of(executor, project_id, conversation.id)
        rehearsed = await self._rehearsing.answer(
            Rehearsal(
                caller,
                replace(desk, agent=parties.agent),
                actions,
                question,
                exchanges((one.author, one.content) for one in found.before),
                # Nobody writes the numbers of sources.
                numbered=False,
            )
        )
        text = plain_text(rehearsed.answer.blocks)[:MESSAGE_LENGTH]
        withheld = _withheld(rehearsed, text, said)
        return Suggestion(None if withheld else text, withheld, found.newest, rehearsed)


def _open(said: Sequence[LateMessage]) -> _Open:
    """Return what is open of a conversation; raises Conflict if nothing is."""
    begins = 1 + max((place for place, one in enumerate(said) if one.answers), default=-1)
    wrote = [one for one in said[begins:] if one.author == "visitor"]
    if any(one.in_progress for one in wrote):
        raise answer_in_progress()
    if not any(one.author == "visitor" for one in said):
        raise nothing_written()
    # Small talk was replied to, and says nothing about the rest.
    asked = [one for one in wrote if one.decision != "small_talk"]
    if not asked:
        raise all_answered()
    return _Open(asked, wrote[-1].id, said[:begins])


def _asked(wrote: Sequence[LateMessage]) -> str | None:
    """Return what is to be answered; None if it is for a person.

    As much as one message may have, the latest of it.
    """
    decided = [(one.content, decide_at_once(one.content)) for one in wrote]
    decided = [one for one in decided if not isinstance(one[1], HandOff)]
    asking = [content for content, decision in decided if decision is None]
    if not asking:
        # Nobody but the assistant can say that it is one.
        asking = [one for one, _ in decided[-1:] if read_message(one).small_talk != "who_are_you"]
    room = MESSAGE_LENGTH
    kept: list[str] = []
    for content in reversed(asking):
        room -= len(content) + 1
        if kept and room < 0:
            break
        kept.insert(0, content)
    return "\n".join(kept) or None


def _withheld(rehearsed: Rehearsed, text: str, said: Sequence[LateMessage]) -> Withheld | None:
    match rehearsed.answer.decision:
        case "abstain":
            return "no_answer"
        case "act":
            return "action"
        case "hand_off":
            return "for_a_person"
    before = (squeezed(_NUMBERS.sub("", one.content)) for one in said if one.author == "assistant")
    return "said_before" if any(squeezed(text) in one for one in before) else None
