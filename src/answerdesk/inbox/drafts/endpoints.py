"""The native API of drafts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.core.errors import InvalidInput
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import CleanText
from answerdesk.inbox.dependencies import (
    ConversationRead,
    ConversationWrite,
    Reader,
    ReadingPerson,
    Writer,
    WritingPerson,
)
from answerdesk.inbox.drafts import service
from answerdesk.inbox.drafts.schemas import DraftOut
from answerdesk.inbox.types import NOTE_LENGTH, DraftKind

_LENGTHS: Final[Mapping[DraftKind, int]] = {"reply": MESSAGE_LENGTH, "note": NOTE_LENGTH}
_HIGHEST: Final = 2**53 - 1

Version = Annotated[int, Field(ge=0, le=_HIGHEST)]


class DraftIn(BaseModel):
    """What you have written so far; empty content deletes the draft."""

    model_config = ConfigDict(extra="forbid")

    content: CleanText = Field(
        max_length=max(_LENGTHS.values()),
        description=f"A reply has at most {MESSAGE_LENGTH:,} characters.",
    )
    version: Version = Field(description="Of the draft that this is based on; 0 if there was none.")


class DraftsInConversation(BaseModel):
    """Your drafts in a conversation: a reply, a note, both or none."""

    items: list[DraftOut]


class DraftList(Listing[DraftOut]):
    """Your drafts, newest first."""


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(prefix="/v1", route_class=bounded_route(max_json_bytes), tags=["inbox"])
    every = "/conversations/{conversation_id}/drafts"
    one = f"{every}/{{kind}}"
    gone = status.HTTP_204_NO_CONTENT
    router.add_api_route("/drafts", list_drafts)
    router.add_api_route(every, list_conversation_drafts)
    router.add_api_route(one, get_draft)
    router.add_api_route(one, save_draft, methods=["PUT"], responses=problems(409))
    router.add_api_route(
        one, delete_draft, methods=["DELETE"], status_code=gone, responses=problems(409)
    )
    return router


async def list_drafts(
    caller: Reader, person: ReadingPerson, database: DatabaseOf, page: PagingOf
) -> DraftList:
    """List all your drafts, newest first."""
    of = f"drafts:{person}"
    after = page.after(of, datetime, UUID, str)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_drafts(session, person, after, page.fetch)
    shown, next_cursor = page.cut(
        of, found, lambda one: (one.updated_at, one.conversation_id, one.kind)
    )
    items = [DraftOut.of(one, one.conversation_id, one.kind) for one in shown]
    return DraftList(items=items, next_cursor=next_cursor)


async def list_conversation_drafts(
    conversation_id: ConversationRead, person: ReadingPerson, caller: Reader, database: DatabaseOf
) -> DraftsInConversation:
    """List your drafts in a conversation."""
    async with database.transaction(caller.account_id) as session:
        found = await service.drafts_in(session, person, conversation_id)
    return DraftsInConversation(
        items=[DraftOut.of(one, conversation_id, one.kind) for one in found]
    )


async def get_draft(
    kind: DraftKind,
    conversation_id: ConversationRead,
    person: ReadingPerson,
    caller: Reader,
    database: DatabaseOf,
) -> DraftOut:
    """Show your draft; `version` 0 and empty content if you have none."""
    async with database.transaction(caller.account_id) as session:
        found = await service.get_draft(session, person, conversation_id, kind)
    return DraftOut.of(found, conversation_id, kind)


async def save_draft(
    kind: DraftKind,
    body: DraftIn,
    conversation_id: ConversationWrite,
    person: WritingPerson,
    caller: Writer,
    database: DatabaseOf,
) -> DraftOut:
    """Save your draft; empty content deletes it.

    Say which `version` it is based on. If the draft has changed since, in another browser, it is
    refused with `draft_changed`: read the draft, and save again with its version.
    """
    if len(body.content) > _LENGTHS[kind]:
        raise InvalidInput(f"`content` has more than {_LENGTHS[kind]:,} characters")
    async with database.transaction(caller.account_id) as session:
        saved = await service.save_draft(
            session, person, conversation_id, kind, body.content, body.version
        )
    return DraftOut.of(saved, conversation_id, kind)


async def delete_draft(
    kind: DraftKind,
    conversation_id: ConversationWrite,
    person: WritingPerson,
    caller: Writer,
    database: DatabaseOf,
    version: Annotated[
        int | None,
        Query(ge=0, le=_HIGHEST, description="Only this version; otherwise `draft_changed`."),
    ] = None,
) -> None:
    """Delete your draft, if there is one."""
    async with database.transaction(caller.account_id) as session:
        await service.delete_draft(session, person, conversation_id, kind, version)
