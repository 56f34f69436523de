"""The native API of notes."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.core.tenancy import parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import FilledText
from answerdesk.inbox.dependencies import ConversationRead, ConversationWrite, Reader, Writer
from answerdesk.inbox.errors import note_not_found
from answerdesk.inbox.notes import service
from answerdesk.inbox.notes.schemas import NoteOut
from answerdesk.inbox.types import NOTE_LENGTH, NOTE_PREFIX


class NoteIn(BaseModel):
    """A note for colleagues."""

    model_config = ConfigDict(extra="forbid")

    content: FilledText = Field(max_length=NOTE_LENGTH)


class NoteList(Listing[NoteOut]):
    """A conversation's notes, oldest first."""


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(
        prefix="/v1/conversations/{conversation_id}/notes",
        route_class=bounded_route(max_json_bytes),
        tags=["inbox"],
    )
    router.add_api_route("", list_notes)
    router.add_api_route("", add_note, methods=["POST"], status_code=status.HTTP_201_CREATED)
    router.add_api_route(
        "/{note_id}", delete_note, methods=["DELETE"], status_code=status.HTTP_204_NO_CONTENT
    )
    return router


async def list_notes(
    conversation_id: ConversationRead, caller: Reader, database: DatabaseOf, page: PagingOf
) -> NoteList:
    """List a conversation's notes, oldest first."""
    of = f"notes:{conversation_id}"
    after = page.after(of, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_notes(session, conversation_id, after, page.fetch)
    shown, next_cursor = page.cut(of, found, lambda one: (one.created_at, one.id))
    return NoteList(items=[NoteOut.of(one) for one in shown], next_cursor=next_cursor)


async def add_note(
    body: NoteIn, conversation_id: ConversationWrite, caller: Writer, database: DatabaseOf
) -> NoteOut:
    """Note something for colleagues. No visitor ever sees it."""
    async with database.transaction(caller.account_id) as session:
        note = await service.add_note(session, caller, conversation_id, body.content)
    return NoteOut.of(note)


async def delete_note(
    note_id: str, conversation_id: ConversationWrite, caller: Writer, database: DatabaseOf
) -> None:
    """Delete a note of your own; admins and owners delete anybody's."""
    value = parse_public_id(NOTE_PREFIX, note_id)
    if value is None:
        raise note_not_found()
    async with database.transaction(caller.account_id) as session:
        await service.delete_note(session, caller, conversation_id, value)
