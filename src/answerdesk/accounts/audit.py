"""The audit log: who changed what, written in the transaction that changed it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts import repository
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import EVERY_ENTRY, AuditEntry, AuditFilter
from answerdesk.core.due import JsonValue
from answerdesk.core.tenancy import new_id

_NOTHING: Final[Mapping[str, JsonValue]] = {}


async def record_audit(
    session: AsyncSession,
    caller: Principal,
    action: str,
    target_kind: str,
    target_id: str,
    detail: Mapping[str, JsonValue] = _NOTHING,
) -> None:
    """Record that `caller` did `action` (`<thing>.<verb>`, as in `api_key.created`) to a target.

    The transaction's tenant must be the caller's account; the entry exists only if it commits.
    `target_id` is the public id. `detail` holds what changed, never a secret.
    """
    await repository.add_audit_entry(
        session,
        {
            "account_id": caller.account_id,
            "id": new_id(),
            "actor_kind": caller.kind,
            "actor_id": caller.subject,
            "actor_name": caller.name,
            "action": action,
            "target_kind": target_kind,
            "target_id": target_id,
            "address": caller.address,
            "detail": json.dumps(detail),
        },
    )


async def list_entries(
    session: AsyncSession,
    *,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
    wanted: AuditFilter = EVERY_ENTRY,
) -> Sequence[AuditEntry]:
    """Return the tenant's entries that are wanted, newest first."""
    return await repository.list_audit_entries(session, wanted, limit=limit, after=after)
