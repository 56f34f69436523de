"""The native API of the audit log."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from answerdesk.accounts import audit
from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import AUDIT_PREFIX, AuditEntry
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import Matching

_ACTOR_PREFIX = {"user": "user", "api_key": "key", "owner_key": "account"}


class AuditActor(BaseModel):
    """Who made the change."""

    kind: Literal["user", "api_key", "owner_key"]
    id: str | None
    name: str = Field(description="The name at the time of the change.")


class AuditTarget(BaseModel):
    """What was changed; it may no longer exist."""

    kind: str
    id: str


class AuditEntryOut(BaseModel):
    """One change."""

    id: str
    at: datetime
    actor: AuditActor
    action: str = Field(description="`<thing>.<verb>`, such as `api_key.created`.")
    target: AuditTarget
    address: str | None = Field(description="Client address of the request.")
    detail: dict[str, object]

    @classmethod
    def of(cls, entry: AuditEntry) -> Self:
        prefix = _ACTOR_PREFIX.get(entry.actor_kind, entry.actor_kind)
        return cls.model_validate(
            {
                "id": public_id(AUDIT_PREFIX, entry.id),
                "at": entry.at,
                "actor": {
                    "kind": entry.actor_kind,
                    "id": None if entry.actor_id is None else public_id(prefix, entry.actor_id),
                    "name": entry.actor_name,
                },
                "action": entry.action,
                "target": {"kind": entry.target_kind, "id": entry.target_id},
                "address": entry.address,
                "detail": dict(entry.detail),
            }
        )


class AuditList(Listing[AuditEntryOut]):
    """A part of the audit log, newest first."""


router = APIRouter(prefix="/v1/audit-log", tags=["audit-log"])


@router.get("")
async def list_audit_entries(
    caller: Annotated[Principal, needs("audit:read")],
    database: DatabaseOf,
    page: PagingOf,
    action: Annotated[
        Annotated[
            str, Matching(r"^[a-z_]+\.[a-z_]+$", "has to be an action, such as api_key.created")
        ]
        | None,
        Query(
            max_length=100,
            description="Only this action, such as `api_key.created`.",
        ),
    ] = None,
) -> AuditList:
    """List what was changed in the account and by whom, newest first."""
    of = f"audit-log:{action or ''}"
    after = page.after(of, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        entries = await audit.list_entries(session, limit=page.fetch, after=after, action=action)
    shown, next_cursor = page.cut(of, entries, lambda entry: (entry.at, entry.id))
    return AuditList(items=[AuditEntryOut.of(one) for one in shown], next_cursor=next_cursor)
