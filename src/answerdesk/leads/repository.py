"""Reads and writes leads."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Collection, Sequence
from dataclasses import astuple
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, ProjectId, new_id
from answerdesk.leads.models import LeadRow
from answerdesk.leads.types import Circumstances, Consent, Contact, Lead, LeadFilter, Place

_COLUMNS: Final = (
    "id, project_id, conversation_id, email, phone, message, name, page_url, excerpt,"
    " consent_text, consented_at, consent_page_url, created_at, updated_at"
)
# On conflict it changes nothing: it locks the lead and returns it.
_ADD: Final = text(
    "insert into lead (account_id, id, project_id, conversation_id, email, phone, message, name,"
    "  page_url, excerpt, consent_text, consented_at, consent_page_url)"
    " values (:account_id, :id, :project_id, :conversation_id, :email, :phone, :message, :name,"
    "  :page_url, :excerpt, :consent_text, :consented_at, :consent_page_url)"
    " on conflict (account_id, conversation_id) do update set updated_at = lead.updated_at"
    f" returning {_COLUMNS}"
)
_CHANGE: Final = text(
    "update lead set email = :email, phone = :phone, message = :message, name = :name,"
    "  page_url = :page_url, excerpt = :excerpt, consent_text = :consent_text,"
    "  consented_at = :consented_at, consent_page_url = :consent_page_url, updated_at = now()"
    " where account_id = :account_id and id = :id"
)
_GET: Final = text(f"select {_COLUMNS} from lead where account_id = :account_id and id = :id")
_REMOVE: Final = text(
    "delete from lead where account_id = :account_id and id = any(:ids)"
    " returning project_id, conversation_id"
)
# A deleted project's leads are gone immediately, though a job removes the rows later.
_STANDS: Final = (
    "exists (select from project where project.account_id = lead.account_id"
    " and project.id = lead.project_id and project.deleted_at is null)"
)


def _lead(row: LeadRow | Row[Any]) -> Lead:
    consent = None
    if row.consent_text is not None and row.consented_at is not None:
        consent = Consent(row.consent_text, row.consented_at, row.consent_page_url)
    alone = row.conversation_id == row.id
    return Lead(
        id=row.id,
        project_id=ProjectId(row.project_id),
        conversation_id=None if alone else ConversationId(row.conversation_id),
        contact=Contact(row.email, row.phone, row.message, row.name),
        circumstances=Circumstances(row.page_url, row.excerpt, consent),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _values(contact: Contact, circumstances: Circumstances) -> dict[str, object]:
    consent_text, consented_at, consent_page_url = (
        (None, None, None) if circumstances.consent is None else astuple(circumstances.consent)
    )
    return {
        "email": contact.email,
        "phone": contact.phone,
        "message": contact.message,
        "name": contact.name,
        "page_url": circumstances.page_url,
        "excerpt": circumstances.excerpt,
        "consent_text": consent_text,
        "consented_at": consented_at,
        "consent_page_url": consent_page_url,
    }


async def add(
    session: AsyncSession,
    project_id: ProjectId,
    conversation_id: ConversationId | None,
    contact: Contact,
    circumstances: Circumstances,
) -> tuple[Lead, bool]:
    """Store a lead unless the conversation has one; return the lead and whether it is new.

    It is locked until the transaction ends.
    """
    lead_id = new_id()
    rows = await session.execute(
        _ADD,
        {
            "account_id": tenant_of(session),
            "id": lead_id,
            "project_id": project_id,
            "conversation_id": conversation_id or lead_id,
            **_values(contact, circumstances),
        },
    )
    lead = _lead(rows.one())
    return lead, lead.id == lead_id


async def change(
    session: AsyncSession, lead_id: UUID, contact: Contact, circumstances: Circumstances
) -> None:
    """Replace all that a lead contains."""
    values = _values(contact, circumstances)
    await session.execute(_CHANGE, {"account_id": tenant_of(session), "id": lead_id, **values})


async def get(session: AsyncSession, lead_id: UUID) -> Lead | None:
    row = (await session.execute(_GET, {"account_id": tenant_of(session), "id": lead_id})).first()
    return None if row is None else _lead(row)


async def remove(
    session: AsyncSession, lead_ids: Sequence[UUID]
) -> Sequence[tuple[ProjectId, ConversationId]]:
    """Remove leads; return the conversations that they were left in."""
    parameters = {"account_id": tenant_of(session), "ids": [*lead_ids]}
    return [
        (ProjectId(row.project_id), ConversationId(row.conversation_id))
        for row in await session.execute(_REMOVE, parameters)
        if row.conversation_id is not None
    ]


async def list_after(
    session: AsyncSession,
    projects: Collection[ProjectId] | None,
    only: LeadFilter,
    after: Place,
    offset: int,
    limit: int,
) -> Sequence[Lead]:
    """Return at most `limit` leads behind `after`, newest first; None means every project's."""
    query = (
        select(LeadRow)
        .where(text(_STANDS), *_wanted(only))
        .order_by(LeadRow.created_at.desc(), LeadRow.id.desc())
        .offset(offset)
        .limit(limit)
    )
    if projects is not None:
        query = query.where(LeadRow.project_id.in_(projects))
    if after is not None:
        query = query.where(tuple_(LeadRow.created_at, LeadRow.id) < after)
    return [_lead(row) for row in await session.scalars(query)]


def _wanted(only: LeadFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if only.query is not None:
        parts = (LeadRow.name, LeadRow.email, LeadRow.phone, LeadRow.message)
        wanted.append(or_(*(one.icontains(only.query, autoescape=True) for one in parts)))
    if only.begins is not None:
        wanted.append(LeadRow.created_at >= only.begins)
    if only.ends is not None:
        wanted.append(LeadRow.created_at < only.ends)
    if only.consent is not None:
        wanted.append(LeadRow.consent_text.is_not(None) == only.consent)
    if only.reachable is not None:
        contact = func.num_nonnulls(LeadRow.email, LeadRow.phone)
        wanted.append((contact > 0) == only.reachable)
    return wanted


async def count(session: AsyncSession, projects: Collection[ProjectId]) -> int:
    query = select(func.count(LeadRow.id)).where(text(_STANDS), LeadRow.project_id.in_(projects))
    return await session.scalar(query) or 0
