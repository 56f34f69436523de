"""Due work of invitations: the letter."""

from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts import repository as accounts
from answerdesk.accounts.invitations import repository
from answerdesk.accounts.invitations.types import DAYS, token_of
from answerdesk.accounts.letters import Post, invitation_letter, invitation_link
from answerdesk.accounts.sessions.keys import token_keys
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.tenancy import AccountId
from answerdesk.providers.mailer import MailRefused

LETTER: Final = "accounts.invitation_letter"

_log = structlog.get_logger(__name__)


async def schedule_letter(
    session: AsyncSession, account_id: AccountId, invitation_id: UUID
) -> None:
    """Have the invitation mailed once the transaction has committed."""
    payload = {"invitation_id": str(invitation_id)}
    await schedule(session, LETTER, account_id=account_id, payload={**payload})


def registrations(database: Database, post: Post) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this work."""

    async def send(job: Job) -> None:
        account_id = AccountId(job.account_id)
        invitation_id = UUID(str(job.payload["invitation_id"]))
        async with database.transaction(account_id) as session:
            invitation = await repository.get(session, invitation_id)
            account = await accounts.get(session)
        if invitation is None or account is None or not invitation.open:
            return
        token = token_of(token_keys(database).invitation, invitation)
        if token is None:
            _log.warning("invitation_letter_without_key", invitation=str(invitation_id))
            return
        link = invitation_link(post.base_url, token)
        letter = invitation_letter(invitation.email, account.name, invitation.role, link, DAYS)
        try:
            await post.mailer.send(letter)
        except MailRefused as error:
            # Tried again it would be refused again; whoever invited has the link.
            _log.warning("invitation_letter_refused", reason=error.message)

    return {LETTER: Registration(send, concurrency=1, max_attempts=20)}
