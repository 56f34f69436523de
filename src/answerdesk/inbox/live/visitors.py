"""Turns events into what a visitor is told of their own conversation, and nothing else."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.events import CONVERSATION_ERASED, MESSAGE_RECEIVED, MESSAGE_SENT
from answerdesk.conversations.history import service as history
from answerdesk.conversations.schemas import VisitorsMessageOut
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX, Message
from answerdesk.core.database import Database
from answerdesk.core.events import Event
from answerdesk.core.live import Batch, Frame, Passing, Rendered, Topic
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId, parse_public_id
from answerdesk.inbox.events import INBOX_CHANGED
from answerdesk.inbox.live import repository
from answerdesk.inbox.live.rendering import json_bytes, model_bytes, named
from answerdesk.inbox.live.types import InHand, OneConversation

_STATES: Final = "conversation."
"""The beginning of the names of events that tell who has a conversation."""

_MESSAGES: Final = frozenset({MESSAGE_RECEIVED.name, MESSAGE_SENT.name})


class ConversationRenderer:
    """What visitors see: messages, who has the conversation, and that a person types."""

    kind: Final = "visitor"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def render(self, batch: Batch) -> Rendered:
        """Return what each conversation's visitor is told."""
        topics = [one for one in batch.topics if isinstance(one, OneConversation)]
        watched = {one.conversation_id for one in topics}
        events: dict[ConversationId, list[Event]] = {}
        for event in batch.events:
            found = named(event, "conversation_id", CONVERSATION_PREFIX)
            if found in watched and (_is_message(event) or _is_state(event)):
                events.setdefault(ConversationId(found), []).append(event)
        if not events:
            return {}
        messages, hands = await self._read(batch, events)
        return {
            one: _ending_at(
                batch.upto,
                [*_frames(one, events[one.conversation_id], messages, hands)],
            )
            for one in topics
            if one.conversation_id in events
        }

    async def _read(
        self, batch: Batch, events: dict[ConversationId, list[Event]]
    ) -> tuple[dict[int, Message], dict[ConversationId, InHand]]:
        told = {
            event.id: MessageId(found)
            for several in events.values()
            for event in several
            if _is_message(event)
            and (found := named(event, "message_id", MESSAGE_PREFIX)) is not None
        }
        changed = {one for one, several in events.items() if any(map(_is_state, several))}
        reads = self._database.reserved(batch.account_id)
        rated, hands = await asyncio.gather(
            history.messages_of(reads, {*told.values()}), repository.in_hand(reads, changed)
        )
        by_id = {one.message.id: one.message for one in rated}
        messages = {at: by_id[one] for at, one in told.items() if one in by_id}
        return messages, {one.conversation_id: one for one in hands}

    def passing(self, message: Passing, topics: Collection[Topic]) -> Rendered:
        """Return the frame for a person who types; a visitor knows that they type themselves."""
        if message.get("kind") != "typing" or message.get("who") != "person":
            return {}
        found = parse_public_id(CONVERSATION_PREFIX, message["conversation_id"])
        shown = [Frame("typing", json_bytes({"name": message.get("name")}))]
        return {
            one: shown
            for one in topics
            if isinstance(one, OneConversation) and one.conversation_id == found
        }


def _is_message(event: Event) -> bool:
    return event.type in _MESSAGES


def _is_state(event: Event) -> bool:
    if event.type == INBOX_CHANGED.name:
        return event.payload.get("aspect") == "assignee"
    return event.type.startswith(_STATES)


def _frames(
    topic: OneConversation,
    events: Sequence[Event],
    messages: dict[int, Message],
    hands: dict[ConversationId, InHand],
) -> Iterator[Frame]:
    if any(event.type == CONVERSATION_ERASED.name for event in events):
        gone = conversation_not_found()
        yield Frame("ended", json_bytes({"code": gone.code, "detail": gone.message}))
        return
    hand = hands.get(topic.conversation_id)
    if hand is not None:
        yield state_frame(hand)
    for event in events:
        message = messages.get(event.id)
        if message is not None:
            shown = VisitorsMessageOut.of(message, ProjectId(event.project_id), topic.base_url)
            yield Frame("message", model_bytes(shown), event.id)


def state_frame(hand: InHand) -> Frame:
    """Return the frame that tells who has the conversation."""
    return Frame("state", json_bytes({"state": hand.state, "name": hand.name}))


def _ending_at(upto: int, frames: list[Frame]) -> list[Frame]:
    if frames:
        frames[-1] = replace(frames[-1], event_id=upto)
    return frames
