"""Leads: contacts captured in conversations, or brought in by programs."""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.users.email import find_email, parse_email
from answerdesk.core.database import tenant_of
from answerdesk.core.events import EventType, record
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId, public_id
from answerdesk.leads import events, repository
from answerdesk.leads.errors import (
    consent_missing,
    contact_missing,
    email_invalid,
    lead_not_found,
)
from answerdesk.leads.events import LeadChange
from answerdesk.leads.types import (
    EXCERPT_LENGTH,
    LEAD_PREFIX,
    Circumstances,
    Consent,
    Contact,
    Lead,
    LeadFilter,
    Place,
)
from answerdesk.projects.types import Project

_T = TypeVar("_T", Contact, Circumstances)
_UNKNOWN = Circumstances()
_ALL = LeadFilter()


async def capture(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    conversation_id: ConversationId,
    contact: Contact,
    circumstances: Circumstances = _UNKNOWN,
) -> UUID:
    """Store or complete the conversation's lead; return its id.

    What is given replaces what was there, and nothing already given is lost. The first capture
    records `lead.created`, a later one with a new contact detail `lead.updated`. The events hold
    only ids, so erasing a person only requires erasing the lead. Raises InvalidInput
    (`email_invalid`).
    """
    contact = _checked(contact)
    lead, is_new = await repository.add(
        session, project_id, conversation_id, contact, circumstances
    )
    if is_new:
        await _tell(session, account_id, lead, events.LEAD_CREATED)
        return lead.id
    completed = _over(contact, lead.contact)
    described = _over(circumstances, lead.circumstances)
    if (completed, described) != (lead.contact, lead.circumstances):
        await repository.change(session, lead.id, completed, described)
    if completed != lead.contact:
        await _tell(session, account_id, lead, events.LEAD_UPDATED)
    return lead.id


async def capture_from_text(
    session: AsyncSession,
    project: Project,
    conversation_id: ConversationId,
    said: str,
    page_url: str | None = None,
) -> UUID | None:
    """Make a lead of an e-mail address in what a visitor said, and return its id.

    Returns None, without any statement, if the project doesn't capture leads, or asks for consent
    first, or if there is no address in the text. An address that the conversation's lead has
    already is kept.
    """
    capture = project.settings.lead_capture
    takes = capture.enabled and capture.consent_text is None
    email = find_email(said) if takes else None
    if email is None:
        return None
    contact, excerpt = Contact(email=email.address), said.strip()[:EXCERPT_LENGTH]
    circumstances = Circumstances(page_url=page_url, excerpt=excerpt)
    lead, is_new = await repository.add(
        session, project.id, conversation_id, contact, circumstances
    )
    if is_new:
        await _tell(session, project.account_id, lead, events.LEAD_CREATED)
    elif lead.contact.email is None:
        described = _over(lead.circumstances, circumstances)
        completed = replace(lead.contact, email=email.address)
        await repository.change(session, lead.id, completed, described)
        await _tell(session, project.account_id, lead, events.LEAD_UPDATED)
    return lead.id


async def add_lead(
    session: AsyncSession,
    project_id: ProjectId,
    contact: Contact,
    circumstances: Circumstances = _UNKNOWN,
) -> Lead:
    """Store a lead that comes from no conversation, and record `lead.created`.

    The project has to be the tenant's. Raises InvalidInput (`email_invalid`, `contact_missing`).
    """
    contact = _checked(contact)
    require_reachable(contact)
    lead, _ = await repository.add(session, project_id, None, contact, circumstances)
    await _tell(session, tenant_of(session), lead, events.LEAD_CREATED)
    return lead


async def erase_leads(
    session: AsyncSession, lead_ids: Sequence[UUID]
) -> Sequence[tuple[ProjectId, ConversationId]]:
    """Remove leads; what tells of them elsewhere is the caller's.

    Return the conversations that the contacts were left in, with their projects.
    """
    return await repository.remove(session, lead_ids)


def require_consent(project: Project, contact: Contact, consent: Consent | None) -> None:
    """Raise InvalidInput (`consent_missing`) for contact details that the project may not take."""
    asks = project.settings.lead_capture.consent_text is not None
    if asks and consent is None and (contact.email or contact.phone):
        raise consent_missing()


def require_reachable(contact: Contact) -> None:
    """Raise InvalidInput (`contact_missing`) for a contact without an address and a number."""
    if not (contact.email or "").strip() and not (contact.phone or "").strip():
        raise contact_missing()


async def get_lead(session: AsyncSession, lead_id: UUID) -> Lead | None:
    """Return a lead of the session's tenant; None if it was erased."""
    return await repository.get(session, lead_id)


async def lead_of(session: AsyncSession, project_id: ProjectId, lead_id: UUID) -> Lead:
    """Return a lead of a project; raises NotFound."""
    found = await repository.get(session, lead_id)
    if found is None or found.project_id != project_id:
        raise lead_not_found()
    return found


async def leads_of(
    session: AsyncSession,
    projects: Collection[ProjectId] | None,
    *,
    only: LeadFilter = _ALL,
    after: Place = None,
    offset: int = 0,
    limit: int,
) -> Sequence[Lead]:
    """Return at most `limit` leads of these projects, newest first; None means every project.

    `projects` may be what a caller can reach (`Principal.projects`). A part begins behind `after`,
    or behind the first `offset` leads.
    """
    return await repository.list_after(session, projects, only, after, offset, limit)


async def count_leads(session: AsyncSession, projects: Collection[ProjectId]) -> int:
    """Return how many leads these projects have."""
    return await repository.count(session, projects)


def _checked(contact: Contact) -> Contact:
    """Return the contact with its address in the form that mail is sent to, and without blanks."""
    stripped = {
        one.name: (getattr(contact, one.name) or "").strip() or None for one in fields(contact)
    }
    contact = Contact(**stripped)
    if contact.email is None:
        return contact
    try:
        return replace(contact, email=parse_email(contact.email).address)
    except ValueError as error:
        raise email_invalid(str(error)) from error


def _over(given: _T, before: _T) -> _T:
    """Return `before` with the parts of `given` that are there."""
    parts = {one.name: getattr(given, one.name) for one in fields(given)}
    return replace(before, **{name: part for name, part in parts.items() if part is not None})


async def _tell(
    session: AsyncSession, account_id: AccountId, lead: Lead, event_type: EventType[LeadChange]
) -> None:
    conversation_id = lead.conversation_id
    payload = LeadChange(
        lead_id=public_id(LEAD_PREFIX, lead.id),
        conversation_id=None if conversation_id is None else public_id("conv", conversation_id),
    )
    await record(session, account_id, lead.project_id, event_type, payload)
