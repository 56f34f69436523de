"""The native API of drafts of Q&A items."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from answerdesk.core.tenancy import parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.etag import ReadTagOf, WriteTagOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import PagingOf
from answerdesk.inbox.dependencies import ConversationWrite, Writer
from answerdesk.insights.drafts.dependencies import DraftingOf, DraftsRead, DraftsWrite
from answerdesk.insights.drafts.errors import draft_not_found
from answerdesk.insights.drafts.schemas import (
    DrawnDrafts,
    ItemDraftChange,
    ItemDraftList,
    ItemDraftOut,
)
from answerdesk.insights.drafts.service import Drafts
from answerdesk.insights.drafts.types import DRAFT_PREFIX, ORDER, DraftStatus
from answerdesk.knowledge.dependencies import IngestionOf, ShelfOf
from answerdesk.knowledge.items.service import ingest_now


async def _draft_id(draft_id: str) -> UUID:
    value = parse_public_id(DRAFT_PREFIX, draft_id)
    if value is None:
        raise draft_not_found()
    return value


DraftIdOf = Annotated[UUID, Depends(_draft_id)]
"""The id in a path, which may be anybody's."""


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(prefix="/v1", route_class=bounded_route(max_json_bytes), tags=["learning"])
    every = "/projects/{project_id}/item-drafts"
    one = f"{every}/{{draft_id}}"
    taken = problems(409)
    router.add_api_route(
        "/conversations/{conversation_id}/item-drafts",
        draw_item_drafts,
        methods=["POST"],
        responses=taken,
    )
    router.add_api_route(every, list_item_drafts)
    router.add_api_route(one, get_item_draft)
    router.add_api_route(one, change_item_draft, methods=["PATCH"], responses=taken)
    router.add_api_route(f"{one}/approve", approve_item_draft, methods=["POST"])
    router.add_api_route(f"{one}/reject", reject_item_draft, methods=["POST"], responses=taken)
    return router


async def draw_item_drafts(
    conversation_id: ConversationWrite, caller: Writer, drafting: DraftingOf
) -> DrawnDrafts:
    """Draw questions with their answers from what people told a visitor, for review.

    They are in the conversation's own words. What the knowledge says already, what was drawn before
    and what has personal data is left out. Repeating this draws only what is new.
    """
    found = await drafting.draw(caller.account_id, conversation_id)
    return DrawnDrafts(items=[ItemDraftOut.of(one) for one in found])


async def list_item_drafts(
    project_id: str,
    drafts: DraftsRead,
    page: PagingOf,
    status: Annotated[DraftStatus, Query(description="Only these.")] = "pending",
) -> ItemDraftList:
    """List a project's drafts of Q&A items, newest first; those to review unless you say so."""
    of = f"item-drafts:{project_id}:{status}"
    found = await drafts.page(status, page.after(of, *ORDER), page.fetch)
    shown, cursor = page.cut(of, found, lambda one: (one.created_at, one.id))
    return ItemDraftList(items=[ItemDraftOut.of(one) for one in shown], next_cursor=cursor)


async def get_item_draft(
    draft_id: DraftIdOf, drafts: DraftsRead, reading: ReadTagOf
) -> ItemDraftOut:
    """Show a draft."""
    found = await drafts.get(draft_id)
    reading.tell(found.version)
    return ItemDraftOut.of(found)


async def change_item_draft(
    draft_id: DraftIdOf, body: ItemDraftChange, drafts: DraftsWrite, writing: WriteTagOf
) -> ItemDraftOut:
    """Change a draft that waits for review: its question, answer, category or tags."""
    changed = await drafts.change(draft_id, body.changes(), writing.expected)
    writing.tell(changed.version)
    return ItemDraftOut.of(changed)


async def approve_item_draft(
    draft_id: DraftIdOf, shelf: ShelfOf, ingestion: IngestionOf, writing: WriteTagOf
) -> ItemDraftOut:
    """Approve a draft: it becomes a Q&A item, which answers from now on.

    Repeating this changes nothing. If an item has this question and answer already, that one stands
    for it. A rejected draft can be approved, too.
    """
    async with shelf.open() as knowledge:
        approved, to_ingest = await Drafts(knowledge).approve(draft_id, writing.expected)
    if to_ingest is not None:
        await ingest_now(ingestion, shelf.account_id, to_ingest)
    writing.tell(approved.version)
    return ItemDraftOut.of(approved)


async def reject_item_draft(
    draft_id: DraftIdOf, drafts: DraftsWrite, writing: WriteTagOf
) -> ItemDraftOut:
    """Reject a draft: its question is not drawn again. Repeating this changes nothing."""
    rejected = await drafts.reject(draft_id, writing.expected)
    writing.tell(rejected.version)
    return ItemDraftOut.of(rejected)
