"""Projects: find, list, create, change and delete them."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.limits import consume
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.service import account_of, register_public_id
from answerdesk.core import faults
from answerdesk.core.database import Database, tenant_of
from answerdesk.core.errors import InvalidInput, require_version
from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId, ProjectId, new_id, parse_public_id, public_id
from answerdesk.kit.merge_patch import merge_patch
from answerdesk.projects import repository
from answerdesk.projects.errors import (
    identity_secret_missing,
    project_not_found,
    widget_key_not_found,
)
from answerdesk.projects.events import PROJECT_CREATED, PROJECT_DELETED, ProjectChange
from answerdesk.projects.identity import identity_secret_set_at
from answerdesk.projects.models import WidgetKeyRow
from answerdesk.projects.tasks import schedule_erasure
from answerdesk.projects.types import (
    PROJECT_PREFIX,
    WIDGET_KEY_PREFIX,
    Project,
    ProjectSettings,
    WidgetKey,
)

NAME_LENGTH: Final = 200


async def get_project(session: AsyncSession, project_id: ProjectId) -> Project:
    """Return a project of the session's tenant; raises NotFound for any other id."""
    project = await repository.get(session, project_id)
    if project is None:
        raise project_not_found()
    return project


async def own_project(database: Database, account_id: AccountId, project_id: ProjectId) -> Project:
    """Return a project of an account in one round trip; raises NotFound for any other id."""
    project = await repository.get_single(database.single(account_id), project_id)
    if project is None:
        raise project_not_found()
    return project


async def find_owner(database: Database, text: str) -> tuple[AccountId, ProjectId]:
    """Return the account and id of the project that a public id names; raises NotFound.

    Cheaper than `find_project` if the project is read later anyway.
    """
    project_id = parse_public_id(PROJECT_PREFIX, text)
    account_id = None if project_id is None else await account_of(database, project_id)
    if project_id is None or account_id is None:
        raise project_not_found()
    return account_id, ProjectId(project_id)


async def find_project(database: Database, text: str) -> Project:
    """Return the project that a public id names, whoever owns it; raises NotFound."""
    account_id, project_id = await find_owner(database, text)
    async with database.transaction(account_id) as session:
        return await get_project(session, project_id)


async def list_projects(session: AsyncSession) -> Sequence[Project]:
    """Return the tenant's projects, oldest first."""
    return await repository.list_all(session)


async def list_after(
    session: AsyncSession,
    only: Collection[ProjectId] | None,
    after: repository.Place,
    limit: int,
) -> Sequence[Project]:
    """Return tenant's projects behind `after`, oldest first; only those in `only`, unless None."""
    return await repository.list_after(session, only, after, limit)


async def lock_projects(session: AsyncSession) -> None:
    """Allow only one transaction at a time to find no project and create the first one."""
    await repository.lock_first_project(session)


async def create_project(
    session: AsyncSession,
    account_id: AccountId,
    name: str,
    *,
    settings: ProjectSettings | None = None,
    demo: bool = False,
) -> Project:
    """Create a project. Raises InvalidInput for an invalid name or settings, and LimitReached.

    It has no agent yet: `agents.service.begin_project` creates both.
    """
    settings = settings or ProjectSettings()
    if settings.identity.enforce:
        raise identity_secret_missing()
    project_id, name = ProjectId(new_id()), _checked_name(name)
    await consume(session, tenant_of(session), "projects")
    await register_public_id(session, account_id, project_id)
    project = await repository.add(session, account_id, project_id, name, settings, demo=demo)
    payload = ProjectChange(project_id=public_id(PROJECT_PREFIX, project_id))
    await record(session, account_id, project_id, PROJECT_CREATED, payload)
    return project


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise InvalidInput(f"A project's name must have 1 to {NAME_LENGTH} characters", code="name")
    return name


async def change_project(
    session: AsyncSession,
    caller: Principal,
    project_id: ProjectId,
    patch: Mapping[str, Any],
    expected: AbstractSet[int] | None = None,
) -> Project:
    """Change a project by a merge patch of `name` and `settings`; omitted fields stay.

    Patching a setting with null resets it to its default. Raises InvalidInput naming each invalid
    field, NotFound, and PreconditionFailed if the project's version is not in `expected`.
    """
    project = await _locked(session, project_id, expected)
    name = _checked_name(patch["name"]) if "name" in patch else project.name
    settings = patched(project.settings, patch.get("settings", {}))
    begins = settings.identity.enforce and not project.settings.identity.enforce
    if begins and await identity_secret_set_at(session, project_id) is None:
        raise identity_secret_missing()
    before, after = (one.model_dump(mode="json") for one in (project.settings, settings))
    changed = [f"settings.{field}" for field in after if after[field] != before[field]]
    if name != project.name:
        changed.insert(0, "name")
    if not changed:
        return project
    stored = await repository.change(session, project_id, name, settings)
    detail = {"name": name, "changed": [*changed]}
    await _audit(session, caller, "project.changed", project_id, detail)
    return stored


def patched(settings: ProjectSettings, patch: Mapping[str, Any]) -> ProjectSettings:
    """Return settings with a merge patch. Raises InvalidInput naming each invalid field."""
    try:
        return ProjectSettings.model_validate(merge_patch(settings.model_dump(mode="json"), patch))
    except ValidationError as error:
        raise InvalidInput(
            faults.describe(error.errors(), within="settings", model=ProjectSettings)
        ) from error


async def delete_project(
    session: AsyncSession,
    caller: Principal,
    project_id: ProjectId,
    expected: AbstractSet[int] | None = None,
) -> None:
    """Delete a project: nobody sees it after the commit, and a job removes everything it had.

    Raises NotFound, and PreconditionFailed if its version is not in `expected`.
    """
    project = await _locked(session, project_id, expected)
    await repository.mark_deleted(session, project_id)
    await _audit(session, caller, "project.deleted", project_id, {"name": project.name})
    # Recorded for those who are watching: the erasure removes the event, too.
    payload = ProjectChange(project_id=public_id(PROJECT_PREFIX, project_id))
    await record(session, project.account_id, project_id, PROJECT_DELETED, payload)
    await schedule_erasure(session, project.account_id, project_id)


async def make_widget_key(
    session: AsyncSession, caller: Principal, project_id: ProjectId, name: str
) -> WidgetKey:
    """Create a public key for the project's web pages."""
    row = WidgetKeyRow(
        account_id=tenant_of(session), id=new_id(), project_id=project_id, name=name.strip()
    )
    await register_public_id(session, tenant_of(session), row.id)
    key = await repository.add_widget_key(session, row)
    await _audit_key(session, caller, "widget_key.created", key)
    return key


async def list_widget_keys(
    session: AsyncSession, project_id: ProjectId, after: repository.Place, limit: int
) -> Sequence[WidgetKey]:
    """Return a project's widget keys behind `after`, oldest first, including revoked ones."""
    return await repository.widget_keys(session, project_id, after, limit)


async def revoke_widget_key(
    session: AsyncSession, caller: Principal, project_id: ProjectId, key_id: UUID
) -> None:
    """Revoke a project's widget key: it starts no more sessions. Repeating this changes nothing.

    Raises NotFound for a key of another project.
    """
    key = await repository.get_widget_key(session, key_id)
    if key is None or key.project_id != project_id:
        raise widget_key_not_found()
    if await repository.revoke_widget_key(session, key_id):
        await _audit_key(session, caller, "widget_key.revoked", key)


async def _audit_key(session: AsyncSession, caller: Principal, action: str, key: WidgetKey) -> None:
    target = public_id(WIDGET_KEY_PREFIX, key.id)
    detail = {"project_id": public_id(PROJECT_PREFIX, key.project_id), "name": key.name}
    await record_audit(session, caller, action, "widget_key", target, detail)


async def project_of_widget_key(database: Database, text: str) -> tuple[AccountId, ProjectId]:
    """Return the account and id of the project that a widget key opens.

    Raises NotFound if the key is unknown or revoked, or its project is deleted.
    """
    key_id = parse_public_id(WIDGET_KEY_PREFIX, text)
    account_id = None if key_id is None else await account_of(database, key_id)
    if key_id is None or account_id is None:
        raise widget_key_not_found()
    async with database.transaction(account_id) as session:
        project_id = await repository.project_of_widget_key(session, key_id)
    if project_id is None:
        raise widget_key_not_found()
    return account_id, project_id


async def _locked(
    session: AsyncSession, project_id: ProjectId, expected: AbstractSet[int] | None
) -> Project:
    project = await repository.lock(session, project_id)
    if project is None:
        raise project_not_found()
    require_version(project.version, expected)
    return project


async def _audit(
    session: AsyncSession,
    caller: Principal,
    action: str,
    project_id: ProjectId,
    detail: Mapping[str, Any],
) -> None:
    target = public_id(PROJECT_PREFIX, project_id)
    await record_audit(session, caller, action, "project", target, detail)


def project_public_id(project: Project) -> str:
    return public_id(PROJECT_PREFIX, project.id)
