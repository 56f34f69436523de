"""The secret with which a site's own backend signs its visitors' identities."""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.secrets import delete_secret, get_secret, put_secret, secret_set_at
from answerdesk.core.crypto import Sealer
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.projects import repository
from answerdesk.projects.errors import identity_enforced, project_not_found
from answerdesk.projects.types import PROJECT_PREFIX, Project

_NAME: Final = "identity"
_BYTES: Final = 32


async def make_identity_secret(
    session: AsyncSession, sealer: Sealer, caller: Principal, project_id: ProjectId
) -> str:
    """Create the secret, which is never shown again; it replaces the previous one.

    Tokens are signed with its characters as UTF-8 (HS256). Raises NotFound.
    """
    await _locked(session, project_id)
    secret = secrets.token_urlsafe(_BYTES)
    await put_secret(session, sealer, project_id, _NAME, secret.encode())
    await _audit(session, caller, "identity_secret.created", project_id)
    return secret


async def delete_identity_secret(
    session: AsyncSession, caller: Principal, project_id: ProjectId
) -> None:
    """Delete the secret, if there is one. Raises Conflict while identities are enforced."""
    project = await _locked(session, project_id)
    if project.settings.identity.enforce:
        raise identity_enforced()
    if await identity_secret_set_at(session, project_id) is not None:
        await delete_secret(session, project_id, _NAME)
        await _audit(session, caller, "identity_secret.deleted", project_id)


async def identity_secret_set_at(session: AsyncSession, project_id: ProjectId) -> datetime | None:
    """Return when the project's secret was created; None if it has none."""
    return await secret_set_at(session, project_id, _NAME)


async def identity_secret(
    session: AsyncSession, sealer: Sealer, project_id: ProjectId
) -> bytes | None:
    """Return the secret that checks tokens' signatures; None if there is none."""
    return await get_secret(session, sealer, project_id, _NAME)


async def forget_identity_secret(session: AsyncSession, project_id: ProjectId) -> None:
    """Delete the secret of a deleted project."""
    await delete_secret(session, project_id, _NAME)


async def _locked(session: AsyncSession, project_id: ProjectId) -> Project:
    """Lock the project, so that enforcing identities and deleting the secret can't overlap."""
    project = await repository.lock(session, project_id)
    if project is None:
        raise project_not_found()
    return project


async def _audit(
    session: AsyncSession, caller: Principal, action: str, project_id: ProjectId
) -> None:
    target = public_id(PROJECT_PREFIX, project_id)
    await record_audit(session, caller, action, "project", target)
