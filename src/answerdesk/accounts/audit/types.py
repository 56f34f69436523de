"""What the audit log tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

AUDIT_PREFIX: Final = "audit"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: who made it, from where, to what. `detail` says what changed."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    action: str
    target_kind: str
    target_id: str
    address: str | None
    detail: Mapping[str, object]
