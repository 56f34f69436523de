"""The job that makes vectors of tokens for chunks that were stored without (`spaces.tokens`)."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.walks import schedule_walk

FILL_TOKENS: Final = "knowledge.fill_tokens"


async def schedule_filling_tokens(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    basis: int,
    after: UUID | None = None,
) -> None:
    """Queue filling the project's chunks after `after`, once the transaction has committed."""
    await schedule_walk(session, FILL_TOKENS, account_id, project_id, after, basis=basis)
