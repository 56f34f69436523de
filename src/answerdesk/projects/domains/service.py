"""Domains: add, find, list, change and remove the websites of a project."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.limits import consume
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.service import account_of, forget_public_ids, register_public_id
from answerdesk.core.database import Database, tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId, parse_public_id, public_id
from answerdesk.projects import repository as project_rows
from answerdesk.projects.domains import repository
from answerdesk.projects.domains.types import (
    DOMAIN_PREFIX,
    LABEL_LENGTH,
    WEBSITE_PREFIX,
    Changes,
    Domain,
    DomainDraft,
    Place,
    normalise_url,
)
from answerdesk.projects.errors import (
    domain_label_too_long,
    domain_not_found,
    project_not_found,
    website_url_invalid,
)
from answerdesk.projects.types import PROJECT_PREFIX

_ERASED_AT_ONCE: Final = 200


async def add_domain(
    session: AsyncSession, caller: Principal, project_id: ProjectId, draft: DomainDraft
) -> tuple[Domain, bool]:
    """Bind a website to a project; return its domain, and whether it is new.

    A website that is bound already stays as it is. Raises NotFound, InvalidInput and LimitReached.
    """
    try:
        website_url = normalise_url(draft.website_url)
    except ValueError as error:
        raise website_url_invalid(str(error)) from error
    # The lock also lets one transaction at a time bind a website.
    if await project_rows.lock(session, project_id) is None:
        raise project_not_found()
    bound = await repository.at(session, project_id, website_url)
    if bound is not None:
        return bound, False
    label = _checked_label(draft.label)
    await consume(session, tenant_of(session), "domains")
    draft = replace(draft, website_url=website_url, label=label)
    domain = await repository.add(session, project_id, draft)
    await register_public_id(session, tenant_of(session), domain.token)
    await _audit(session, caller, "domain.added", domain)
    return domain, True


def _checked_label(label: str) -> str:
    label = label.strip()
    if len(label) > LABEL_LENGTH:
        raise domain_label_too_long(LABEL_LENGTH)
    return label


async def list_domains(
    session: AsyncSession,
    project_id: ProjectId,
    *,
    after: Place = None,
    offset: int = 0,
    limit: int,
) -> Sequence[Domain]:
    """Return at most `limit` of a project's domains, oldest first.

    A part begins behind `after`, or behind the first `offset` domains.
    """
    return await repository.list_after(session, project_id, after, offset, limit)


async def count_domains(session: AsyncSession, project_id: ProjectId) -> int:
    return await repository.count(session, project_id)


async def get_domain(session: AsyncSession, project_id: ProjectId, domain_id: UUID) -> Domain:
    """Return a domain of the project; raises NotFound for any other id."""
    domain = await repository.get(session, project_id, domain_id)
    if domain is None:
        raise domain_not_found()
    return domain


async def domain_of_token(
    session: AsyncSession, project_id: ProjectId, website_token: str
) -> Domain:
    """Return the project's domain that a website token names, active or not; raises NotFound."""
    token = parse_public_id(WEBSITE_PREFIX, website_token)
    domain = None if token is None else await repository.by_token(session, token)
    if domain is None or domain.project_id != project_id:
        raise domain_not_found()
    return domain


async def find_domain(database: Database, website_token: str) -> tuple[AccountId, Domain]:
    """Return the account and the domain that a website token names, active or not.

    Raises NotFound if the token is unknown, or its domain or project is gone.
    """
    token = parse_public_id(WEBSITE_PREFIX, website_token)
    account_id = None if token is None else await account_of(database, token)
    if token is None or account_id is None:
        raise domain_not_found()
    async with database.transaction(account_id) as session:
        domain = await repository.by_token(session, token)
    if domain is None:
        raise domain_not_found()
    return account_id, domain


async def change_domain(
    session: AsyncSession,
    caller: Principal,
    project_id: ProjectId,
    domain_id: UUID,
    changes: Changes,
) -> Domain:
    """Change a domain's label, agent or state. Raises NotFound and InvalidInput."""
    domain = await _locked(session, project_id, domain_id)
    changed = replace(domain, **changes)
    changed = replace(changed, label=_checked_label(changed.label))
    if changed == domain:
        return domain
    stored = await repository.change(session, changed)
    await _audit(session, caller, "domain.changed", stored)
    return stored


async def delete_domain(
    session: AsyncSession, caller: Principal, project_id: ProjectId, domain_id: UUID
) -> None:
    """Remove a domain: its token begins no more conversations. Raises NotFound."""
    domain = await _locked(session, project_id, domain_id)
    await repository.remove(session, [domain.id])
    await forget_public_ids(session, [domain.token])
    await _audit(session, caller, "domain.deleted", domain)


async def erase_domains(session: AsyncSession, project_id: ProjectId) -> int:
    """Remove some of the project's domains; return how many, 0 if none is left."""
    found = await repository.lock_some(session, project_id, _ERASED_AT_ONCE)
    if found:
        await forget_public_ids(session, [token for _, token in found])
        await repository.remove(session, [domain_id for domain_id, _ in found])
    return len(found)


async def _locked(session: AsyncSession, project_id: ProjectId, domain_id: UUID) -> Domain:
    domain = await repository.lock(session, project_id, domain_id)
    if domain is None:
        raise domain_not_found()
    return domain


async def _audit(session: AsyncSession, caller: Principal, action: str, domain: Domain) -> None:
    detail = {
        "project_id": public_id(PROJECT_PREFIX, domain.project_id),
        "website_url": domain.website_url,
    }
    target = public_id(DOMAIN_PREFIX, domain.id)
    await record_audit(session, caller, action, "domain", target, detail)
