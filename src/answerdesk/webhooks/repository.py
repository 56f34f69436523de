"""Reads and writes endpoints. Their deliveries are in `deliveries/repository`."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.webhooks.types import DisabledReason, Endpoint, EndpointDraft, Format, Place

COLUMNS: Final = (
    "account_id, id, project_id, url, description, format, events, enabled, disabled_reason,"
    " failing_since, old_secret_until, created_at, updated_at"
)
"""The columns that `endpoint_of` reads."""

# A deleted endpoint's row stays until its deliveries are gone.
_OF_ACCOUNT: Final = (
    f"select {COLUMNS} from webhook_endpoint where account_id = :account_id and deleted_at is null"
)
_GET: Final = text(f"{_OF_ACCOUNT} and id = :id")
_LOCK: Final = text(f"{_OF_ACCOUNT} and id = :id for update")
_ENABLED: Final = text(f"{_OF_ACCOUNT} and enabled")
_IN_PROJECTS: Final = " and project_id = any(cast(:projects as uuid[]))"
_IN_FORMATS: Final = " and format = any(cast(:formats as text[]))"
_AFTER: Final = " and (created_at, id) > (:after_time, :after_id)"
_IN_ORDER: Final = " order by created_at, id limit :limit"
_LOCK_ACCOUNT: Final = text(
    "select pg_advisory_xact_lock(hashtextextended('webhooks:' || cast(:account_id as text), 0))"
)
_COUNT: Final = text(
    "select count(*) from webhook_endpoint where account_id = :account_id and deleted_at is null"
)
_ADD: Final = text(
    "insert into webhook_endpoint (account_id, id, project_id, url, description, format, events)"
    " values (:account_id, :id, :project_id, :url, :description, :format,"
    f"  cast(:events as text[])) returning {COLUMNS}"
)
_CHANGE: Final = text(
    "update webhook_endpoint set url = :url, description = :description,"
    " events = cast(:events as text[]), updated_at = now()"
    f" where account_id = :account_id and id = :id returning {COLUMNS}"
)
_ENABLE: Final = text(
    "update webhook_endpoint set enabled = true, disabled_reason = null, failing_since = null,"
    " resting_until = null, updated_at = now()"
    f" where account_id = :account_id and id = :id returning {COLUMNS}"
)
_DISABLE: Final = text(
    "update webhook_endpoint set enabled = false, disabled_reason = :reason, updated_at = now()"
    f" where account_id = :account_id and id = :id returning {COLUMNS}"
)
_ROTATED: Final = text(
    "update webhook_endpoint set updated_at = now(),"
    " old_secret_until = now() + make_interval(hours => cast(:hours as integer))"
    f" where account_id = :account_id and id = :id returning {COLUMNS}"
)
_OLD_IS_VALID: Final = text(
    "select old_secret_until > now() from webhook_endpoint"
    " where account_id = :account_id and id = :id"
)
_MARK_DELETED: Final = text(
    "update webhook_endpoint set enabled = false, deleted_at = now()"
    " where account_id = :account_id and id = any(:ids)"
)
_OF_PROJECT: Final = text(
    "select id from webhook_endpoint where account_id = :account_id and project_id = :project_id"
)
# Those that are being sent are left to the next round, or go with their endpoint or project.
_ERASE_SOME: Final = (
    "with gone as (delete from webhook_delivery where account_id = :account_id and id = any(array("
    " select id from webhook_delivery where account_id = :account_id and {of}"
    " limit :limit for update skip locked)) returning 1) select count(*) from gone"
)
_ERASE_OF_ENDPOINT: Final = text(_ERASE_SOME.format(of="endpoint_id = :of"))
_ERASE_OF_PROJECT: Final = text(_ERASE_SOME.format(of="project_id = :of"))
_REMOVE: Final = text(
    "delete from webhook_endpoint where account_id = :account_id and id = any(:ids)"
)


def endpoint_of(row: Row[Any]) -> Endpoint:
    return Endpoint(
        account_id=AccountId(row.account_id),
        id=row.id,
        project_id=None if row.project_id is None else ProjectId(row.project_id),
        url=row.url,
        description=row.description,
        format=row.format,
        events=None if row.events is None else tuple(row.events),
        enabled=row.enabled,
        disabled_reason=row.disabled_reason,
        failing_since=row.failing_since,
        old_secret_until=row.old_secret_until,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def lock_account(session: AsyncSession) -> None:
    """Let no other transaction change endpoints of the account until this one ends.

    Taken before any endpoint's row, so that nobody can deadlock.
    """
    await session.execute(_LOCK_ACCOUNT, {"account_id": tenant_of(session)})


async def get(session: AsyncSession, endpoint_id: UUID, *, lock: bool = False) -> Endpoint | None:
    parameters = {"account_id": tenant_of(session), "id": endpoint_id}
    row = (await session.execute(_LOCK if lock else _GET, parameters)).first()
    return None if row is None else endpoint_of(row)


async def list_after(
    session: AsyncSession,
    only: Collection[ProjectId] | None,
    formats: Sequence[Format],
    after: Place,
    limit: int,
) -> Sequence[Endpoint]:
    """Return at most `limit` endpoints of these formats behind `after`, oldest first.

    Only those of the projects in `only`, unless it is None.
    """
    statement = _OF_ACCOUNT + _IN_FORMATS
    parameters: dict[str, object] = {
        "account_id": tenant_of(session),
        "formats": list(formats),
        "limit": limit,
    }
    if only is not None:
        statement += _IN_PROJECTS
        parameters["projects"] = list(only)
    if after is not None:
        statement += _AFTER
        parameters["after_time"], parameters["after_id"] = after
    rows = await session.execute(text(statement + _IN_ORDER), parameters)
    return [endpoint_of(row) for row in rows]


async def enabled(session: AsyncSession) -> Sequence[Endpoint]:
    """Return all of the account's endpoints that events are sent to."""
    rows = await session.execute(_ENABLED, {"account_id": tenant_of(session)})
    return [endpoint_of(row) for row in rows]


async def count(session: AsyncSession) -> int:
    return int(await session.scalar(_COUNT, {"account_id": tenant_of(session)}))


async def add(session: AsyncSession, endpoint_id: UUID, draft: EndpointDraft) -> Endpoint:
    parameters = {
        "account_id": tenant_of(session),
        "id": endpoint_id,
        "project_id": draft.project_id,
        "url": draft.url,
        "description": draft.description,
        "format": draft.format,
        "events": None if draft.events is None else list(draft.events),
    }
    return endpoint_of((await session.execute(_ADD, parameters)).one())


async def change(session: AsyncSession, endpoint: Endpoint) -> Endpoint:
    """Store a locked endpoint's address, description and events; return it as stored."""
    return await _changed(
        session,
        _CHANGE,
        endpoint.id,
        url=endpoint.url,
        description=endpoint.description,
        events=None if endpoint.events is None else list(endpoint.events),
    )


async def enable(session: AsyncSession, endpoint_id: UUID) -> Endpoint:
    return await _changed(session, _ENABLE, endpoint_id)


async def disable(session: AsyncSession, endpoint_id: UUID, reason: DisabledReason) -> Endpoint:
    return await _changed(session, _DISABLE, endpoint_id, reason=reason)


async def rotated(session: AsyncSession, endpoint_id: UUID, hours: int) -> Endpoint:
    """Note that the old secret is valid for `hours` from now."""
    return await _changed(session, _ROTATED, endpoint_id, hours=hours)


async def _changed(
    session: AsyncSession,
    statement: Any,  # noqa: ANN401  # A text clause.
    endpoint_id: UUID,
    **values: object,
) -> Endpoint:
    parameters = {"account_id": tenant_of(session), "id": endpoint_id, **values}
    return endpoint_of((await session.execute(statement, parameters)).one())


async def old_secret_is_valid(session: AsyncSession, endpoint_id: UUID) -> bool:
    parameters = {"account_id": tenant_of(session), "id": endpoint_id}
    return bool(await session.scalar(_OLD_IS_VALID, parameters))


async def mark_deleted(session: AsyncSession, endpoint_ids: Sequence[UUID]) -> None:
    """Make endpoints unknown to everybody; nothing is sent to them any more."""
    parameters = {"account_id": tenant_of(session), "ids": [*endpoint_ids]}
    await session.execute(_MARK_DELETED, parameters)


async def of_project(session: AsyncSession, project_id: ProjectId) -> Sequence[UUID]:
    """Return a project's endpoints, also those that are deleted."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id}
    return [row.id for row in await session.execute(_OF_PROJECT, parameters)]


async def erase_deliveries(session: AsyncSession, endpoint_id: UUID, limit: int) -> int:
    """Delete some deliveries of an endpoint; return how many."""
    return await _erased(session, _ERASE_OF_ENDPOINT, endpoint_id, limit)


async def erase_deliveries_of_project(
    session: AsyncSession, project_id: ProjectId, limit: int
) -> int:
    """Delete some deliveries of a project's events; return how many."""
    return await _erased(session, _ERASE_OF_PROJECT, project_id, limit)


async def _erased(session: AsyncSession, statement: Any, of: UUID, limit: int) -> int:  # noqa: ANN401  # A text clause.
    parameters = {"account_id": tenant_of(session), "of": of, "limit": limit}
    return int(await session.scalar(statement, parameters))


async def remove(session: AsyncSession, endpoint_ids: Sequence[UUID]) -> None:
    """Delete endpoints with the deliveries that are left. Their secrets go with them."""
    parameters = {"account_id": tenant_of(session), "ids": [*endpoint_ids]}
    await session.execute(_REMOVE, parameters)
