"""The job that makes vectors of tokens for chunks that were stored without (`spaces.tokens`)."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.due import JsonValue, schedule
from answerdesk.core.tenancy import AccountId, ProjectId

FILL_TOKENS: Final = "knowledge.fill_tokens"


async def schedule_filling_tokens(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    basis: int,
    after: UUID | None = None,
) -> None:
    """Queue filling the project's chunks after `after`, once the transaction has committed."""
    payload: Mapping[str, JsonValue] = {
        "project_id": str(project_id),
        "basis": basis,
        "after": None if after is None else str(after),
    }
    key = f"{FILL_TOKENS}:{project_id}"
    await schedule(session, FILL_TOKENS, account_id=account_id, payload=payload, key=key)
