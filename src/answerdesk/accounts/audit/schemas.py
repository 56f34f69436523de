"""The audit log on the wire."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, Field

from answerdesk.accounts.audit.types import AUDIT_PREFIX, AuditEntry
from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing

_ACTOR_PREFIX = {"user": "user", "api_key": "key", "owner_key": "account"}


class AuditActor(BaseModel):
    """Whoever did it."""

    kind: Literal["user", "api_key", "owner_key"]
    id: str | None
    name: str = Field(description="As it was called then.")


class AuditTarget(BaseModel):
    """What it was done to; it may be gone by now."""

    kind: str
    id: str


class AuditEntryOut(BaseModel):
    """One change."""

    id: str
    at: datetime
    actor: AuditActor
    action: str = Field(description="`<thing>.<verb>`, such as `api_key.created`.")
    target: AuditTarget
    address: str | None = Field(description="Where the request came from.")
    detail: dict[str, object]

    @classmethod
    def of(cls, entry: AuditEntry) -> Self:
        """Write an entry as the outside sees it."""
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
    """One page of the audit log, newest first."""
