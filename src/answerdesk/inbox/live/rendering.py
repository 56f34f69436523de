"""Turns an account's events into what people see of the inbox: read once for all who look."""

import asyncio
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from answerdesk.accounts.types import USER_PREFIX
from answerdesk.conversations.events import (
    CONVERSATION_ERASED,
    FEEDBACK_NEGATIVE,
    FEEDBACK_POSITIVE,
    MESSAGE_RECEIVED,
    MESSAGE_SENT,
)
from answerdesk.conversations.history import service as history
from answerdesk.conversations.history.types import RatedMessage
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX
from answerdesk.core.database import Database
from answerdesk.core.events import Event
from answerdesk.core.live import Batch, Frame, Passing, Rendered, Topic
from answerdesk.core.tenancy import (
    ConversationId,
    MessageId,
    ProjectId,
    UserId,
    parse_public_id,
    public_id,
)
from answerdesk.inbox.events import INBOX_CHANGED, NOTICED, OWN_CHANGED
from answerdesk.inbox.listing import service as listing
from answerdesk.inbox.listing.types import Own
from answerdesk.inbox.live.counting import Counting
from answerdesk.inbox.live.types import OwnTopic, View
from answerdesk.inbox.notes import service as notes
from answerdesk.inbox.notes.schemas import NoteOut
from answerdesk.inbox.notices.types import TEXTS
from answerdesk.inbox.schemas import EntryOut, LiveMessageOut, OwnOut, public_projects
from answerdesk.inbox.types import NOTE_PREFIX, Entry, Note, Viewer
from answerdesk.projects.events import TYPES as PROJECT_TYPES

_MESSAGES: Final = frozenset(
    one.name for one in (MESSAGE_RECEIVED, MESSAGE_SENT, FEEDBACK_POSITIVE, FEEDBACK_NEGATIVE)
)


_PROJECTS: Final = frozenset(one.name for one in PROJECT_TYPES)

_ITS_ID: Final = "<id>"
"""Stands in a notice's frame for each person's own."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a batch of events is about."""

    conversations: AbstractSet[ConversationId]
    """Of which something changed that everybody sees."""
    own: AbstractSet[tuple[UserId, ConversationId]]
    messages: Mapping[int, MessageId]
    notes: Mapping[int, tuple[UUID, ConversationId]]
    """By the id of the event."""
    erased: Mapping[ConversationId, ProjectId]
    projects_changed: bool
    noticed: Mapping[UserId, Sequence[Frame]]

    @classmethod
    def by(cls, events: Iterable[Event]) -> "Named":
        """Read the events' payloads. Those of no conversation name nothing."""
        conversations: set[ConversationId] = set()
        own: set[tuple[UserId, ConversationId]] = set()
        messages: dict[int, MessageId] = {}
        about: dict[int, tuple[UUID, ConversationId]] = {}
        noticed: dict[UserId, list[Frame]] = {}
        erased: dict[ConversationId, ProjectId] = {}
        projects_changed = False
        for event in events:
            projects_changed |= event.type in _PROJECTS
            if event.type == NOTICED.name:
                _note_people(event, noticed)
                continue
            found = named(event, "conversation_id", CONVERSATION_PREFIX)
            if found is None:
                continue
            conversation_id = ConversationId(found)
            if event.type == OWN_CHANGED.name:
                user_id = named(event, "user_id", USER_PREFIX)
                if user_id is not None:
                    own.add((UserId(user_id), conversation_id))
                continue
            conversations.add(conversation_id)
            if event.type == CONVERSATION_ERASED.name:
                erased[conversation_id] = event.project_id
            message_id = named(event, "message_id", MESSAGE_PREFIX)
            if event.type in _MESSAGES and message_id is not None:
                messages[event.id] = MessageId(message_id)
            note_id = named(event, "note_id", NOTE_PREFIX)
            if event.type == INBOX_CHANGED.name and note_id is not None:
                about[event.id] = (note_id, conversation_id)
        return cls(conversations, own, messages, about, erased, projects_changed, noticed)


def _note_people(event: Event, noticed: dict[UserId, list[Frame]]) -> None:
    """Add the frames of a notice to those of the people whom it is for."""
    if "people" not in event.payload:
        return  # Of an earlier release, which named one person.
    kind = event.payload["kind"]
    data = {
        "id": _ITS_ID,
        "kind": kind,
        "conversation_id": event.payload.get("conversation_id"),
        "lead_id": event.payload.get("lead_id"),
        "text": TEXTS[kind],
    }
    # Alike for all but the id; it is written once, since an event names two hundred people.
    before, after = json_bytes(data).split(_ITS_ID.encode())
    for one in event.payload["people"]:
        user_id = parse_public_id(USER_PREFIX, one["user_id"])
        if user_id is not None:
            frame = Frame("notice", before + one["notice_id"].encode() + after)
            noticed.setdefault(UserId(user_id), []).append(frame)


def named(event: Event, field_name: str, prefix: str) -> UUID | None:
    """Return the id that an event's payload names, if it does."""
    return parse_public_id(prefix, event.payload.get(field_name) or "")


@dataclass(frozen=True, slots=True)
class Changed:
    """The rows that a batch is about, as they are now."""

    named: Named
    entries: Mapping[ConversationId, Entry]
    own: Mapping[UserId, Sequence[Own]]
    messages: Mapping[MessageId, RatedMessage]
    notes: Mapping[UUID, Note]
    projects: Sequence[ProjectId] = field(default=())

    def project_of(self, conversation_id: ConversationId) -> ProjectId | None:
        entry = self.entries.get(conversation_id)
        return None if entry is None else entry.summary.project_id


class InboxRenderer:
    """What people see: entries, messages, notes, marks, and counts a little later."""

    kind: Final = "inbox"

    def __init__(self, database: Database) -> None:
        self._database = database
        self.counting: Counting | None = None

    async def render(self, batch: Batch) -> Rendered:
        """Return what each view and each person is told, the person's own first."""
        about = Named.by(batch.events)
        users = {one.user_id for one in batch.topics if isinstance(one, OwnTopic) and one.user_id}
        changed = await self._read(batch, about, users)
        if self.counting is not None and (
            about.conversations or about.own or about.projects_changed
        ):
            self.counting.due(batch.account_id)
        views: dict[Topic, Sequence[Frame]] = {
            one: _ending_at(batch.upto, [*_view_frames(changed, one)])
            for one in batch.topics
            if isinstance(one, View)
        }
        followed = {
            one.projects for one, frames in views.items() if frames and isinstance(one, View)
        }
        told: dict[Topic, Sequence[Frame]] = {}
        for one in batch.topics:
            if isinstance(one, OwnTopic):
                frames = [*_own_frames(changed, one)]
                told[one] = frames if one.projects in followed else _ending_at(batch.upto, frames)
        return {**told, **views}

    async def _read(self, batch: Batch, about: Named, users: AbstractSet[UserId]) -> Changed:
        own = [one for one in about.own if one[0] in users]
        marked = {*about.conversations, *(conversation for _, conversation in own)}
        reads = self._database.reserved(batch.account_id)
        found, marks, said, noted = await asyncio.gather(
            listing.entries_by_id(reads, about.conversations),
            listing.own_of(reads, marked, users),
            history.messages_of(reads, {*about.messages.values()}),
            notes.notes_of(reads, {note for note, _ in about.notes.values()}),
        )
        entries = {one.summary.id: one for one in found}
        return Changed(
            named=about,
            entries=entries,
            own=_by_person(own, marks, entries.keys()),
            messages={one.message.id: one for one in said},
            notes={one.id: one for one in noted},
            projects=(
                await listing.projects_of(reads, Viewer(None, None))
                if about.projects_changed
                else ()
            ),
        )

    def passing(self, message: Passing, topics: Collection[Topic]) -> Rendered:
        """Return the frames for somebody who types, or comes or goes."""
        views = [one for one in topics if isinstance(one, View)]
        if message.get("kind") == "typing":
            data = {key: message.get(key) for key in ("conversation_id", "who", "user_id", "name")}
            shown = [Frame("typing", json_bytes(data))]
            project = ProjectId(UUID(message["project"]))
            return {one: shown for one in views if one.shows(project)}
        if message.get("kind") == "presence":
            return {one: [_presence_frame(message, one)] for one in views}
        return {}


def _by_person(
    named: Iterable[tuple[UserId, ConversationId]],
    marks: Mapping[tuple[UserId, ConversationId], Own],
    changed: AbstractSet[ConversationId],
) -> Mapping[UserId, Sequence[Own]]:
    """Return by people what is their own in what changed, and what is named, even if it is gone."""
    told = {key: Own(key[1], key[0], None, ()) for key in named}
    told |= {key: one for key, one in marks.items() if key in told or key[1] in changed}
    own: dict[UserId, list[Own]] = {}
    for (user_id, _), one in told.items():
        own.setdefault(user_id, []).append(one)
    return own


def _own_frames(changed: Changed, topic: OwnTopic) -> Iterator[Frame]:
    user_id = topic.user_id
    if user_id is None:
        return
    for own in changed.own.get(user_id, ()):
        yield Frame("own", model_bytes(OwnOut.of(own)))
    yield from changed.named.noticed.get(user_id, ())


def _view_frames(changed: Changed, view: View) -> Iterator[Frame]:
    if changed.named.projects_changed:
        yield projects_frame([one for one in changed.projects if view.shows(one)])
    for entry in changed.entries.values():
        if view.shows(entry.summary.project_id):
            shown = EntryOut.entry(entry, to_person=view.is_for_people)
            yield Frame("conversation", model_bytes(shown))
    for conversation_id, project_id in changed.named.erased.items():
        if view.shows(project_id):
            gone = {"id": public_id(CONVERSATION_PREFIX, conversation_id), "deleted": True}
            yield Frame("conversation", json_bytes(gone))
    by_event: dict[int, Frame | None] = {
        **{at: _message_frame(changed, one, view) for at, one in changed.named.messages.items()},
        **{at: _note_frame(changed, *one, view) for at, one in changed.named.notes.items()},
    }
    for event_id in sorted(by_event):
        frame = by_event[event_id]
        if frame is not None:
            yield replace(frame, event_id=event_id)


def _message_frame(changed: Changed, message_id: MessageId, view: View) -> Frame | None:
    found = changed.messages.get(message_id)
    project_id = None if found is None else changed.project_of(found.message.conversation_id)
    if found is None or project_id is None or not view.shows(project_id):
        return None
    shown = LiveMessageOut.rated(found, project_id, view.base_url)
    return Frame("message", model_bytes(shown))


def _note_frame(
    changed: Changed, note_id: UUID, conversation_id: ConversationId, view: View
) -> Frame | None:
    project_id = changed.project_of(conversation_id)
    if project_id is None or not view.shows(project_id):
        return None
    found = changed.notes.get(note_id)
    if found is not None:
        return Frame("note", model_bytes(NoteOut.of(found)))
    gone = {
        "id": public_id(NOTE_PREFIX, note_id),
        "conversation_id": public_id(CONVERSATION_PREFIX, conversation_id),
        "deleted": True,
    }
    return Frame("note", json_bytes(gone))


def _ending_at(upto: int, frames: list[Frame]) -> list[Frame]:
    """Let whoever has the last frame continue behind the batch."""
    if frames:
        frames[-1] = replace(frames[-1], event_id=upto)
    return frames


def projects_frame(projects: Sequence[ProjectId]) -> Frame:
    """Return the frame that tells which projects there are."""
    return Frame("projects", json_bytes({"ids": public_projects(projects)}))


def _presence_frame(message: Passing, view: View) -> Frame:
    opened = [
        conversation
        for conversation, project in message["conversations"]
        if view.shows(ProjectId(UUID(project)))
    ]
    data = {
        "user_id": message["user_id"],
        "online": message["online"],
        "conversation_ids": opened,
    }
    return Frame("presence", json_bytes(data))


def json_bytes(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def model_bytes(model: BaseModel) -> bytes:
    return model.model_dump_json().encode()
