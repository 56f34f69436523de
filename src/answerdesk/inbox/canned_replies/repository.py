"""Reads and writes canned replies."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import new_id
from answerdesk.inbox.canned_replies.types import CannedReplyDraft, Search
from answerdesk.inbox.types import CannedReply, Viewer

_COLUMNS: Final = "id, project_id, owner_id, shortcut, title, content, created_at, updated_at"
# What a viewer may see: of standing projects within reach or of all, of themselves or of everybody.
_SEEN: Final = (
    "account_id = :account_id"
    " and (owner_id is null or owner_id = cast(:viewer as uuid))"
    " and (project_id is null or ((cast(:projects as uuid[]) is null"
    "   or project_id = any(cast(:projects as uuid[])))"
    "  and exists (select from project p where p.account_id = canned_reply.account_id"
    "   and p.id = canned_reply.project_id and p.deleted_at is null)))"
)
_GET: Final = text(f"select {_COLUMNS} from canned_reply where {_SEEN} and id = :id")
_LOCK: Final = text(f"select {_COLUMNS} from canned_reply where {_SEEN} and id = :id for update")
# `query` has what is special in `like` escaped.
_LIST: Final = text(
    f"select {_COLUMNS} from canned_reply where {_SEEN}"
    "  and (cast(:project_id as uuid) is null or project_id is null"
    "   or project_id = cast(:project_id as uuid))"
    "  and (cast(:query as text) is null"
    "   or lower(shortcut) like lower(cast(:query as text)) || '%'"
    "   or ' ' || lower(title) like '% ' || lower(cast(:query as text)) || '%')"
    "  and (cast(:after as text) is null"
    "   or (lower(shortcut), id) > (lower(cast(:after as text)), cast(:after_id as uuid)))"
    " order by lower(shortcut), id limit :limit"
)
_COUNT: Final = text("select count(*) from canned_reply where account_id = :account_id")
_ADD: Final = text(
    "insert into canned_reply (account_id, id, project_id, owner_id, shortcut, title, content)"
    " values (:account_id, :id, :project_id, :owner_id, :shortcut, :title, :content)"
    f" on conflict do nothing returning {_COLUMNS}"
)
_CHANGE: Final = text(
    "update canned_reply set shortcut = :shortcut, title = :title, content = :content,"
    "  updated_at = clock_timestamp()"
    f" where account_id = :account_id and id = :id returning {_COLUMNS}"
)
_REMOVE: Final = text("delete from canned_reply where account_id = :account_id and id = :id")


def _canned_reply(row: Row[Any]) -> CannedReply:
    return CannedReply(**row._asdict())


def _seen(session: AsyncSession, viewer: Viewer) -> dict[str, Any]:
    return {
        "account_id": tenant_of(session),
        "viewer": viewer.user_id,
        "projects": None if viewer.projects is None else [*viewer.projects],
    }


def _escaped(query: str) -> str:
    for special in ("\\", "%", "_"):
        query = query.replace(special, f"\\{special}")
    return query


async def list_after(
    session: AsyncSession,
    viewer: Viewer,
    search: Search,
    after: tuple[str, UUID] | None,
    limit: int,
) -> Sequence[CannedReply]:
    """Return at most `limit` behind `after`, by shortcut, whatever its case."""
    shortcut, last = after or (None, None)
    parameters = {
        **_seen(session, viewer),
        "project_id": search.project_id,
        "query": None if search.query is None else _escaped(search.query),
        "after": shortcut,
        "after_id": last,
        "limit": limit,
    }
    return [_canned_reply(row) for row in await session.execute(_LIST, parameters)]


async def get(
    session: AsyncSession, viewer: Viewer, canned_reply_id: UUID, *, lock: bool = False
) -> CannedReply | None:
    """Return one that the viewer may see; with `lock` it stays as it is until we commit."""
    parameters = {**_seen(session, viewer), "id": canned_reply_id}
    row = (await session.execute(_LOCK if lock else _GET, parameters)).first()
    return None if row is None else _canned_reply(row)


async def count(session: AsyncSession) -> int:
    return int(await session.scalar(_COUNT, {"account_id": tenant_of(session)}))


async def add(session: AsyncSession, draft: CannedReplyDraft) -> CannedReply | None:
    """Store one; None if another one has its shortcut."""
    parameters = {
        "account_id": tenant_of(session),
        "id": new_id(),
        "project_id": draft.project_id,
        "owner_id": draft.owner_id,
        "shortcut": draft.shortcut,
        "title": draft.title,
        "content": draft.content,
    }
    row = (await session.execute(_ADD, parameters)).first()
    return None if row is None else _canned_reply(row)


async def change(session: AsyncSession, changed: CannedReply) -> CannedReply:
    """Store a locked one's texts; raises IntegrityError if another one has its shortcut."""
    parameters = {
        "account_id": tenant_of(session),
        "id": changed.id,
        "shortcut": changed.shortcut,
        "title": changed.title,
        "content": changed.content,
    }
    return _canned_reply((await session.execute(_CHANGE, parameters)).one())


async def remove(session: AsyncSession, canned_reply_id: UUID) -> None:
    await session.execute(_REMOVE, {"account_id": tenant_of(session), "id": canned_reply_id})
