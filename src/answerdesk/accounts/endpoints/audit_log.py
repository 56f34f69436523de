"""The native API of the audit log."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from answerdesk.accounts.audit import service
from answerdesk.accounts.audit.schemas import AuditEntryOut, AuditList
from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import PageOf
from answerdesk.core.web.text import Matching

router = APIRouter(prefix="/v1/audit-log", tags=["audit-log"])


@router.get("")
async def list_audit_entries(
    caller: Annotated[Principal, needs("audit:read")],
    database: DatabaseOf,
    page: PageOf,
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
        entries = await service.list_entries(session, limit=page.fetch, after=after, action=action)
    shown, next_cursor = page.cut(of, entries, lambda entry: (entry.at, entry.id))
    return AuditList(items=[AuditEntryOut.of(one) for one in shown], next_cursor=next_cursor)
