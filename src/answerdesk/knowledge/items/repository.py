"""Reads and writes Q&A items; each is a document with additional columns in `item`."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ProjectId
from answerdesk.knowledge.items.types import (
    CategoryCount,
    Item,
    ItemDraft,
    ItemFilter,
    LockedItem,
    Place,
)
from answerdesk.knowledge.types import QA_MEDIA_TYPE

_COLUMNS: Final = (
    "select i.id, i.question, i.answer, i.category, i.tags, i.version, i.created_at, i.updated_at,"
    " i.content_hash, d.status, d.error_code, d.error, d.path"
)
_DOCUMENT: Final = " join document d on d.account_id = i.account_id and d.id = i.id"
_SELECT: Final = (
    f"{_COLUMNS} from item i{_DOCUMENT}"
    " where i.account_id = :account_id and i.project_id = :project_id"
)
_GET: Final = text(f"{_SELECT} and i.id = :id")
_LOCK: Final = text(f"{_SELECT} and i.id = :id for update of i")
_SAME: Final = text(f"{_SELECT} and i.content_hash = any(cast(:hashes as bytea[]))")
# A generic plan, made without the hashes, compares each item with each hash: 10,000 items and 1,000
# rows took 2 s. A custom plan looks them up.
_PLAN_ANEW: Final = text("set local plan_cache_mode = force_custom_plan")
_LOCK_SOURCE: Final = text(
    "select 1 from source where account_id = :account_id and id = :source_id for no key update"
)
_CONDITIONS: Final[Mapping[str, str]] = {
    "category": " and i.category = :category",
    "uncategorised": " and i.category is null",
    "tag": " and cast(:tag as text) = any(i.tags)",
    "query": " and (strpos(lower(i.question), lower(:query)) > 0"
    " or strpos(lower(i.answer), lower(:query)) > 0)",
    "after": " and (i.created_at, i.id) > (:after_time, :after_id)",
}
_PART: Final = text(f"{_SELECT} order by i.created_at, i.id offset :offset limit :limit")
_NAMED: Final = text(f"{_SELECT} and i.id = any(cast(:ids as uuid[]))")
_COUNT: Final = text(
    "select count(*) from item where account_id = :account_id and project_id = :project_id"
)
_CATEGORIES: Final = text(
    "select category, count(*) as count from item"
    " where account_id = :account_id and project_id = :project_id and category > :after"
    " group by category order by category limit :limit"
)
_UNCATEGORISED: Final = text(
    "select count(*) from item"
    " where account_id = :account_id and project_id = :project_id and category is null"
)
_ASKING: Final = text(
    "select q from unnest(cast(:questions as text[])) as q where exists ("
    "  select from item i where i.account_id = :account_id"
    "   and question_key(i.project_id, i.question) = question_key(:project_id, q))"
)
_ADD_DOCUMENTS: Final = text(
    "insert into document"
    " (account_id, id, project_id, source_id, path, media_type, content, content_hash, status)"
    " select :account_id, n.id, :project_id, :source_id, cast(n.id as text), :media_type,"
    "  n.content, n.hash, 'pending'"
    " from unnest(cast(:ids as uuid[]), cast(:contents as bytea[]), cast(:hashes as bytea[]))"
    "  as n (id, content, hash)"
)
# A microsecond apart, so that a list shows them in the order in which they were sent.
_ADD: Final = text(
    "insert into item (account_id, id, project_id, question, answer, category, tags, content_hash,"
    "  created_at, updated_at)"
    " select :account_id, n.id, :project_id, n.question, n.answer, n.category,"
    "  array(select jsonb_array_elements_text(n.tags)), n.hash, n.at, n.at"
    " from (select u.*, clock.at + make_interval(secs => u.place * 0.000001) as at"
    "  from (select statement_timestamp() as at) clock,"
    "   unnest(cast(:ids as uuid[]), cast(:questions as text[]), cast(:answers as text[]),"
    "    cast(:categories as text[]), cast(:tags as jsonb[]), cast(:hashes as bytea[]))"
    "   with ordinality as u (id, question, answer, category, tags, hash, place)) n"
)
_CHANGE: Final = text(
    "update item set question = :question, answer = :answer, category = cast(:category as text),"
    " tags = cast(:tags as text[]), content_hash = :hash, version = version + 1,"
    " updated_at = clock_timestamp()"
    " where account_id = :account_id and project_id = :project_id and id = :id"
)


def _item(row: Row[Any]) -> Item:
    return Item(
        id=row.id,
        question=row.question,
        answer=row.answer,
        category=row.category,
        tags=tuple(row.tags),
        status=row.status,
        error_code=row.error_code,
        error=row.error,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _of(session: AsyncSession, project_id: ProjectId) -> dict[str, Any]:
    return {"account_id": tenant_of(session), "project_id": project_id}


async def lock_source(session: AsyncSession, source_id: UUID) -> None:
    """Let only one transaction at a time decide the texts of a project's items."""
    parameters = {"account_id": tenant_of(session), "source_id": source_id}
    await session.execute(_LOCK_SOURCE, parameters)


async def get(session: AsyncSession, project_id: ProjectId, item_id: UUID) -> Item | None:
    row = (await session.execute(_GET, {**_of(session, project_id), "id": item_id})).first()
    return None if row is None else _item(row)


async def lock(session: AsyncSession, project_id: ProjectId, item_id: UUID) -> LockedItem | None:
    """Return an item, locked until the transaction ends; None if the project has no such item."""
    row = (await session.execute(_LOCK, {**_of(session, project_id), "id": item_id})).first()
    return None if row is None else _locked(row)


async def with_hashes(
    session: AsyncSession, project_id: ProjectId, hashes: Sequence[bytes]
) -> Mapping[bytes, LockedItem]:
    """Return the project's items whose content hash is among the given, by hash."""
    await session.execute(_PLAN_ANEW)
    rows = await session.execute(_SAME, {**_of(session, project_id), "hashes": [*hashes]})
    return {found.content_hash: found for found in map(_locked, rows)}


def _locked(row: Row[Any]) -> LockedItem:
    return LockedItem(_item(row), row.path, bytes(row.content_hash))


async def page(
    session: AsyncSession, project_id: ProjectId, only: ItemFilter, after: Place, limit: int
) -> Sequence[Item]:
    """Return up to `limit` of the project's items after `after`, oldest first."""
    values = {
        "category": only.category or None,
        "uncategorised": True if only.category == "" else None,
        "tag": only.tag,
        "query": only.query or None,
        "after": after,
    }
    wanted = [name for name, value in values.items() if value is not None]
    conditions = "".join(_CONDITIONS[name] for name in wanted)
    parameters = {**_of(session, project_id), **values, "limit": limit}
    if after is not None:
        parameters |= {"after_time": after[0], "after_id": after[1]}
    statement = text(f"{_SELECT}{conditions} order by i.created_at, i.id limit :limit")
    return [_item(row) for row in await session.execute(statement, parameters)]


async def part(
    session: AsyncSession, project_id: ProjectId, offset: int, limit: int
) -> Sequence[Item]:
    """Return up to `limit` of the project's items behind the first `offset`, oldest first."""
    parameters = {**_of(session, project_id), "offset": offset, "limit": limit}
    return [_item(row) for row in await session.execute(_PART, parameters)]


async def count(session: AsyncSession, project_id: ProjectId) -> int:
    return int(await session.scalar(_COUNT, _of(session, project_id)))


async def named(
    session: AsyncSession, project_id: ProjectId, ids: Sequence[UUID]
) -> Mapping[UUID, Item]:
    """Return the project's items with these ids, by id."""
    rows = await session.execute(_NAMED, {**_of(session, project_id), "ids": [*ids]})
    return {row.id: _item(row) for row in rows}


async def asking(
    session: AsyncSession, project_id: ProjectId, questions: Sequence[str]
) -> Collection[str]:
    """Return those of these questions that an item of the project has."""
    parameters = {**_of(session, project_id), "questions": [*questions]}
    return {row.q for row in await session.execute(_ASKING, parameters)}


async def categories(
    session: AsyncSession, project_id: ProjectId, after: str, limit: int
) -> Sequence[CategoryCount]:
    """Return up to `limit` categories after the name `after`, each with its number of items."""
    parameters = {**_of(session, project_id), "after": after, "limit": limit}
    rows = await session.execute(_CATEGORIES, parameters)
    return [CategoryCount(category, count) for category, count in rows]


async def uncategorised(session: AsyncSession, project_id: ProjectId) -> int:
    return int(await session.scalar(_UNCATEGORISED, _of(session, project_id)))


async def add_documents(
    session: AsyncSession,
    project_id: ProjectId,
    source_id: UUID,
    documents: Mapping[UUID, tuple[bytes, bytes]],
) -> None:
    """Store the documents of new items as pending; `documents` maps id to (content, hash)."""
    await session.execute(
        _ADD_DOCUMENTS,
        {
            **_of(session, project_id),
            "source_id": source_id,
            "media_type": QA_MEDIA_TYPE,
            "ids": [*documents],
            "contents": [content for content, _ in documents.values()],
            "hashes": [digest for _, digest in documents.values()],
        },
    )


async def add(
    session: AsyncSession, project_id: ProjectId, items: Mapping[UUID, tuple[ItemDraft, bytes]]
) -> None:
    """Store new items in order; `items` maps the id of an existing document to (draft, hash)."""
    drafts = [draft for draft, _ in items.values()]
    await session.execute(
        _ADD,
        {
            **_of(session, project_id),
            "ids": [*items],
            "questions": [draft.question for draft in drafts],
            "answers": [draft.answer for draft in drafts],
            "categories": [draft.category for draft in drafts],
            "tags": [json.dumps(draft.tags) for draft in drafts],
            "hashes": [digest for _, digest in items.values()],
        },
    )


async def change(
    session: AsyncSession, project_id: ProjectId, item_id: UUID, draft: ItemDraft, digest: bytes
) -> None:
    """Change a locked item, and increase its version."""
    await session.execute(
        _CHANGE,
        {
            **_of(session, project_id),
            "id": item_id,
            "question": draft.question,
            "answer": draft.answer,
            "category": draft.category,
            "tags": [*draft.tags],
            "hash": digest,
        },
    )
