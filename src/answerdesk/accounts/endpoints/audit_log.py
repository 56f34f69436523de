"""The native API of the audit log."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from answerdesk.accounts import audit
from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import AUDIT_PREFIX, AuditEntry, AuditFilter
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import Matching

_ACTOR_PREFIX = {"user": "user", "api_key": "key", "owner_key": "account"}


def _parse_actor(value: str) -> UUID | None:
    found = (parse_public_id(prefix, value) for prefix in _ACTOR_PREFIX.values())
    return next((one for one in found if one is not None), None)


def _known_actor(value: str) -> str:
    if _parse_actor(value) is None:
        msg = "has to be the id of an actor in this log, such as user_…"
        raise ValueError(msg)
    return value


_ActorId = Annotated[str, AfterValidator(_known_actor)]


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
    actor_id: Annotated[
        _ActorId | None,
        Query(
            max_length=100,
            description="Only changes of this person (`user_…`), key (`key_…`), or, with the "
            "account's id, of the owner's key.",
        ),
    ] = None,
    since: Annotated[
        AwareDatetime | None, Query(description="Only changes made then or later.")
    ] = None,
    until: Annotated[AwareDatetime | None, Query(description="Only changes made before.")] = None,
) -> AuditList:
    """List what was changed in the account and by whom, newest first."""
    actor = None if actor_id is None else _parse_actor(actor_id)
    wanted = AuditFilter(action, actor, since, until)
    of = f"audit-log:{wanted!r}"
    after = page.after(of, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        entries = await audit.list_entries(session, limit=page.fetch, after=after, wanted=wanted)
    shown, next_cursor = page.cut(of, entries, lambda entry: (entry.at, entry.id))
    return AuditList(items=[AuditEntryOut.of(one) for one in shown], next_cursor=next_cursor)
