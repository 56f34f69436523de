"""Erasing what is known of one person, with a receipt that doesn't say who it was; or one lead."""

import hmac
import json
import secrets
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.secrets import delete_secret, get_secret, put_secret
from answerdesk.accounts.users.email import parse_email
from answerdesk.conversations.types import VISITOR_PREFIX, VisitorId
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database, tenant_of
from answerdesk.core.due import schedule
from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId, ProjectId, new_id, parse_public_id, public_id
from answerdesk.leads.errors import lead_not_found
from answerdesk.leads.types import LEAD_PREFIX
from answerdesk.privacy import erasing, repository
from answerdesk.privacy.errors import erasure_not_found, subject_ambiguous, subject_invalid
from answerdesk.privacy.events import PERSON_ERASED, ErasedPerson
from answerdesk.privacy.types import ERASURE_PREFIX, Counts, Erasure, Person, Subject
from answerdesk.projects.types import PROJECT_PREFIX
from answerdesk.webhooks.deliveries import service as deliveries

ERASE: Final = "privacy.erase"

_PERSON: Final = "privacy.person"
_KEY: Final = "privacy.receipts"
_KEY_BYTES: Final = 32
_AT_ONCE: Final = 50


def subject_of(subject: Subject) -> Subject:
    """Return the subject in the form that is looked for. Raises InvalidInput."""
    if subject.kind == "email":
        try:
            return Subject("email", parse_email(subject.value).key)
        except ValueError as error:
            raise subject_invalid("email", str(error)) from error
    if subject.kind == "visitor_id":
        found = parse_public_id(VISITOR_PREFIX, subject.value)
        if found is None:
            raise subject_invalid("visitor_id", "is not the id of a visitor (visitor_…)")
        return Subject("visitor_id", str(found))
    return subject


async def person_of(session: AsyncSession, project_id: ProjectId, subject: Subject) -> Person:
    """Return who is meant; a person of whom nothing is known has no visitor.

    Raises Conflict (`subject_ambiguous`) if an outside id is that of several, in several dialects.
    """
    emails = _spellings(subject.value) if subject.kind == "email" else ()
    found = await repository.visitors_of(session, project_id, subject, emails)
    if subject.dialect is not None:
        found = [one for one in found if one[1] == subject.dialect]
    dialects = {dialect for _, dialect in found if dialect is not None}
    if subject.kind == "external_id" and len(dialects) > 1:
        raise subject_ambiguous(dialects)
    visitors = {visitor for visitor, _ in found}
    if emails:
        visitors.update(await repository.who_left(session, project_id, emails))
    return Person(sorted(visitors), emails)


def _spellings(email: str) -> Sequence[str]:
    parsed = parse_email(email)
    return sorted({parsed.key, parsed.address.lower(), email.lower()})


async def request_erasure(
    session: AsyncSession,
    sealer: Sealer,
    caller: Principal,
    project_id: ProjectId,
    subject: Subject,
) -> Erasure:
    """Have a person erased, as soon as the transaction has committed; return the receipt.

    While an erasure of the same person is not done, that one is returned. Raises InvalidInput and
    Conflict.
    """
    subject = subject_of(subject)
    person = await person_of(session, project_id, subject)
    subject_hash = await hash_of(session, sealer, project_id, subject)
    known = await repository.pending(session, project_id, subject_hash)
    if known is not None:
        return known
    added = await repository.add(session, new_id(), project_id, subject.kind, subject_hash)
    await put_secret(session, sealer, added.id, _PERSON, _written(person))
    # By its id only: whom it is about is what is to be forgotten.
    erasure_id = public_id(ERASURE_PREFIX, added.id)
    await record_audit(session, caller, "erasure.requested", "erasure", erasure_id)
    await schedule(
        session,
        ERASE,
        account_id=tenant_of(session),
        payload={"erasure_id": str(added.id)},
        key=f"{ERASE}:{added.id}",
    )
    return added


async def hash_of(
    session: AsyncSession, sealer: Sealer, project_id: ProjectId, subject: Subject
) -> bytes:
    """Return what a receipt keeps of a person: it can be checked, and not be turned back.

    Its key is sealed with the installation's keys and so outlives each of them.
    """
    account_id = tenant_of(session)
    key = await get_secret(session, sealer, account_id, _KEY)
    if key is None:
        await repository.lock_key(session)
        key = await get_secret(session, sealer, account_id, _KEY)
    if key is None:
        key = secrets.token_bytes(_KEY_BYTES)
        await put_secret(session, sealer, account_id, _KEY, key)
    named = json.dumps([str(project_id), subject.kind, subject.value, subject.dialect])
    return hmac.digest(key, named.encode(), "sha256")


async def get_erasure(session: AsyncSession, project_id: ProjectId, erasure_id: UUID) -> Erasure:
    """Return a receipt. Raises NotFound."""
    found = await repository.get(session, erasure_id)
    if found is None or found.project_id != project_id:
        raise erasure_not_found()
    return found


async def delete_lead(
    session: AsyncSession, caller: Principal, project_id: ProjectId, lead_id: UUID
) -> None:
    """Erase one lead of a project, everywhere; raises NotFound."""
    if not await repository.lock_lead(session, project_id, lead_id):
        raise lead_not_found()
    await erasing.erase_leads(session, [lead_id])
    detail = {"project_id": public_id(PROJECT_PREFIX, project_id)}
    target = public_id(LEAD_PREFIX, lead_id)
    await record_audit(session, caller, "lead.deleted", "lead", target, detail)


async def list_erasures(
    session: AsyncSession,
    sealer: Sealer,
    project_id: ProjectId,
    subject: Subject | None,
    after: repository.Place,
    limit: int,
) -> Sequence[Erasure]:
    """Return at most `limit` receipts, newest first; only those of one person if given."""
    found = None
    if subject is not None:
        found = await hash_of(session, sealer, project_id, subject_of(subject))
    return await repository.list_after(session, project_id, found, after, limit)


async def erase(
    database: Database, sealer: Sealer, account_id: AccountId, erasure_id: UUID
) -> None:
    """Erase a person step by step; each step commits with what it counts.

    It may be called again after a crash, and by several at once: one takes its step at a time.
    """
    while True:
        async with database.transaction(account_id) as session:
            if await step(session, sealer, erasure_id):
                return


async def step(session: AsyncSession, sealer: Sealer, erasure_id: UUID) -> bool:
    """Take one step; tell whether nothing is left to do."""
    erasure = await repository.get(session, erasure_id, lock=True)
    if erasure is None or erasure.state == "done":
        return True
    sealed = await get_secret(session, sealer, erasure_id, _PERSON)
    if sealed is None:
        return True
    person, project_id = _read(sealed), erasure.project_id
    erased = await _conversations(session, project_id, person)
    if erased == Counts():
        left = await repository.lock_leads(session, project_id, person.emails, (), _AT_ONCE)
        erased = await erasing.erase_leads(session, left)
    if erased == Counts():
        visitors = await repository.remove_visitors(session, project_id, person.visitors)
        erased = Counts(visitors=visitors)
    if erased == Counts():
        await _complete(session, erasure)
        return True
    await repository.count(session, erasure_id, erased)
    return False


async def _conversations(session: AsyncSession, project_id: ProjectId, person: Person) -> Counts:
    locked = await repository.lock_some_of(session, project_id, person, _AT_ONCE)
    if not locked:
        return Counts()
    of_them = await repository.lock_leads(session, project_id, (), locked, len(locked))
    erased = await erasing.erase_leads(session, of_them)
    return erased + await erasing.erase_conversations(session, project_id, locked)


async def _complete(session: AsyncSession, erasure: Erasure) -> None:
    await deliveries.forget_cancelled(session)
    await delete_secret(session, erasure.id, _PERSON)
    await repository.complete(session, erasure.id)
    told = ErasedPerson(
        erasure_id=public_id(ERASURE_PREFIX, erasure.id),
        conversations=erasure.counts.conversations,
        messages=erasure.counts.messages,
        leads=erasure.counts.leads,
    )
    await record(session, tenant_of(session), erasure.project_id, PERSON_ERASED, told)


def _written(person: Person) -> bytes:
    visitors = [one.hex for one in person.visitors]
    return json.dumps({"visitors": visitors, "emails": [*person.emails]}).encode()


def _read(sealed: bytes) -> Person:
    stored = json.loads(sealed)
    return Person([VisitorId(UUID(one)) for one in stored["visitors"]], stored["emails"])
