"""Notes in the ledger what ingestion has made of a page's content, in ingestion's transaction."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId


@dataclass(frozen=True, slots=True)
class Ingested:
    """What taking in a document has changed: chunks added and removed, and whether its text has."""

    chunks_added: int
    chunks_removed: int
    text_changed: bool


# The sync is named by the document until its content is ingested, so that nothing counts twice.
_SYNC_OF: Final = (
    " select sync_id from document where account_id = :account_id and id = :document_id"
)
_SETTLE: Final = text(
    "update document set sync_id = null where account_id = :account_id and id = :document_id"
)
_COUNT: Final = text(
    "update sync set parsed = parsed + 1, chunks_embedded = chunks_embedded + :added,"
    " unchanged = unchanged + :unchanged"
    " where account_id = :account_id and id = :sync_id"
)
_COUNT_FAILED: Final = text(
    "update sync set failed = failed + 1 where account_id = :account_id and id = :sync_id"
)
# Whether the page is good was said by who looked at it, perhaps again since.
_INGESTED: Final = text(
    "with noted as (update page g set title = d.title,"
    " changed_at = case when :text_changed then now() else g.changed_at end"
    " from document d where g.account_id = :account_id and g.document_id = :document_id"
    "  and g.state <> 'gone' and d.account_id = :account_id and d.id = :document_id)"
    f"{_SYNC_OF}"
)
_CHANGE: Final = text(
    "update sync_change c set chunks_added = :added, chunks_removed = :removed, title = g.title"
    " from page g where c.account_id = :account_id and c.sync_id = :sync_id"
    "  and c.change in ('added', 'changed') and c.page_id = g.id"
    "  and g.account_id = :account_id and g.document_id = :document_id"
)
# Other bytes with the same text, such as a new build number in the head, are no change.
_NO_CHANGE: Final = text(
    "delete from sync_change c using page g"
    " where c.account_id = :account_id and c.sync_id = :sync_id and c.change = 'changed'"
    "  and c.page_id = g.id and g.account_id = :account_id and g.document_id = :document_id"
    " returning 1"
)
_UNREADABLE: Final = text(
    "with noted as (update page set state = 'failed', reason_code = :code, reason = :reason"
    " where account_id = :account_id and document_id = :document_id and state <> 'gone')"
    f"{_SYNC_OF}"
)
_FAILED_CHANGE: Final = text(
    "update sync_change c set change = 'failed', reason = :reason from page g"
    " where c.account_id = :account_id and c.sync_id = :sync_id and c.page_id = g.id"
    "  and g.account_id = :account_id and g.document_id = :document_id"
)


async def note_ingested(
    session: AsyncSession, account_id: AccountId, document_id: UUID, result: Ingested
) -> None:
    """Note that a document's content is in the index now; of no effect where no page has it."""
    document = {"account_id": account_id, "document_id": document_id}
    sync_id = await session.scalar(_INGESTED, {**document, "text_changed": result.text_changed})
    if sync_id is None:
        return
    sync = {**document, "sync_id": sync_id}
    unchanged = 0
    if result.text_changed:
        counts = {"added": result.chunks_added, "removed": result.chunks_removed}
        await session.execute(_CHANGE, {**sync, **counts})
    else:
        unchanged = len((await session.execute(_NO_CHANGE, sync)).all())
    counted = {"added": result.chunks_added, "unchanged": unchanged}
    await session.execute(_COUNT, {"account_id": account_id, "sync_id": sync_id, **counted})
    await session.execute(_SETTLE, document)


async def note_unreadable(
    session: AsyncSession, account_id: AccountId, document_id: UUID, code: str, reason: str
) -> None:
    """Note that a document's content could not be taken in; what it held before still answers."""
    document = {"account_id": account_id, "document_id": document_id}
    sync_id = await session.scalar(_UNREADABLE, {**document, "code": code, "reason": reason})
    if sync_id is None:
        return
    await session.execute(_COUNT_FAILED, {"account_id": account_id, "sync_id": sync_id})
    await session.execute(_FAILED_CHANGE, {**document, "sync_id": sync_id, "reason": reason})
    await session.execute(_SETTLE, document)
