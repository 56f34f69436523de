"""Reads and writes visitors as contacts."""

import json
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.types import VisitorId
from answerdesk.core.database import tenant_of
from answerdesk.inbox.contacts.types import InboxContact

# Only Orac's widget writes `external_id`.
_GET: Final = (
    "select v.id, v.project_id, v.identity, coalesce(v.external_id, v.outside_id) as external_id,"
    "  coalesce(v.dialect, case when v.external_id is not null then 'orac' end) as dialect,"
    "  v.name, v.email, v.attributes, v.created_at, v.seen_at,"
    "  (select count(*) from conversation c where c.account_id = v.account_id"
    "   and c.visitor_id = v.id) as conversation_count,"
    "  (select count(*) from lead l join conversation c"
    "    on c.account_id = l.account_id and c.id = l.conversation_id"
    "   where c.account_id = v.account_id and c.visitor_id = v.id) as lead_count"
    " from visitor v join project p on p.account_id = v.account_id and p.id = v.project_id"
    " where v.account_id = :account_id and v.id = :id and p.deleted_at is null"
)
_READ: Final = text(_GET)
_LOCK: Final = text(f"{_GET} for update of v")
_CHANGE: Final = text(
    "update visitor set name = :name, email = :email,"
    "  attributes = cast(:attributes as jsonb)"
    " where account_id = :account_id and id = :id"
)
# Locked in a fixed order, as whatever locks several. Their versions rise by a trigger.
_TELL: Final = text(
    "with own as materialized ("
    "  select id from conversation where account_id = :account_id and visitor_id = :id"
    "   order by id for update"
    "), touched as ("
    "  update conversation set version = version from own"
    "   where conversation.account_id = :account_id and conversation.id = own.id"
    "  returning conversation.id, conversation.project_id"
    ") insert into event (account_id, project_id, type, payload)"
    "  select :account_id, project_id, :type, jsonb_build_object("
    "    'conversation_id', 'conv_' || replace(cast(id as text), '-', ''), 'aspect', 'contact')"
    "   from touched"
)


def _contact(row: Row[Any]) -> InboxContact:
    return InboxContact(**row._asdict())


async def get(
    session: AsyncSession, visitor_id: VisitorId, *, lock: bool = False
) -> InboxContact | None:
    """Return a contact; with `lock` it stays as it is until we commit."""
    parameters = {"account_id": tenant_of(session), "id": visitor_id}
    row = (await session.execute(_LOCK if lock else _READ, parameters)).first()
    return None if row is None else _contact(row)


async def change(session: AsyncSession, changed: InboxContact) -> None:
    """Store what people may change of a locked contact."""
    parameters = {
        "account_id": tenant_of(session),
        "id": changed.id,
        "name": changed.name,
        "email": changed.email,
        "attributes": json.dumps(dict(changed.attributes), allow_nan=False),
    }
    await session.execute(_CHANGE, parameters)


async def tell(session: AsyncSession, visitor_id: VisitorId, event_type: str) -> None:
    """Raise the versions of a visitor's conversations, and record an event for each."""
    parameters = {"account_id": tenant_of(session), "id": visitor_id, "type": event_type}
    await session.execute(_TELL, parameters)
