"""Due work of invitations: the letter."""

from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts import repository as accounts
from answerdesk.accounts.invitations import repository
from answerdesk.accounts.invitations.types import DAYS, INVITATION_PREFIX, token_of
from answerdesk.accounts.letters import (
    MAIL_AWAY,
    LetterFailure,
    LetterState,
    Post,
    invitation_letter,
    invitation_link,
    record_failure,
)
from answerdesk.accounts.sessions.keys import token_keys
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.tenancy import AccountId, public_id
from answerdesk.providers.mailer import Mail, MailRefused, MailUnavailable

LETTER: Final = "accounts.invitation_letter"

_log = structlog.get_logger(__name__)


async def schedule_letter(
    session: AsyncSession, account_id: AccountId, invitation_id: UUID
) -> None:
    """Have the invitation mailed once the transaction has committed."""
    payload = {"invitation_id": str(invitation_id)}
    await schedule(session, LETTER, account_id=account_id, payload={**payload})


def registrations(
    database: Database, post: Post, installation: AccountId
) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this work.

    The owners of the account `installation` see the reasons of letters that did not leave.
    """
    letters = _Letters(database, post, installation)
    return {
        LETTER: Registration(
            letters.send, concurrency=1, max_attempts=20, on_failed=letters.give_up
        )
    }


class _Letters:
    def __init__(self, database: Database, post: Post, installation: AccountId) -> None:
        self._database = database
        self._post = post
        self._installation = installation

    async def send(self, job: Job) -> None:
        """Mail the letter, if its invitation still waits."""
        letter = await self._letter(job)
        if letter is None:
            return
        try:
            await self._post.mailer.send(letter)
        except MailRefused as error:
            # Tried again it would be refused again; whoever invited has the link.
            await self._note(job, "failed", "the mail server refuses this address")
            await self._tell_operator(job, error.message, for_good=True)
        except MailUnavailable as error:
            await self._note(job, "failing", MAIL_AWAY)
            if job.attempt == 1:
                await self._tell_operator(job, error.message, for_good=False)
            raise
        else:
            await self._note(job, self._post.handed_over, None)

    async def give_up(self, job: Job, error: str) -> None:
        """Say that the letter is not tried again."""
        await self._note(job, "failed", MAIL_AWAY)
        await self._tell_operator(job, error, for_good=True)

    async def _letter(self, job: Job) -> Mail | None:
        account_id, invitation_id = _named(job)
        async with self._database.transaction(account_id) as session:
            found = await repository.get(session, invitation_id)
            account = await accounts.get(session)
        if found is None or account is None or not found.open:
            return None
        token = token_of(token_keys(self._database).invitation, found)
        if token is None:
            _log.warning("invitation_letter_without_key", invitation=str(invitation_id))
            return None
        link = invitation_link(self._post.base_url, token)
        return invitation_letter(found.email, account.name, found.role, link, DAYS)

    async def _note(self, job: Job, state: LetterState, error: str | None) -> None:
        account_id, invitation_id = _named(job)
        async with self._database.transaction(account_id) as session:
            await repository.note_letter(session, invitation_id, state, error)

    async def _tell_operator(self, job: Job, reason: str, *, for_good: bool) -> None:
        target = public_id(INVITATION_PREFIX, _named(job)[1])
        failure = LetterFailure("invitation", "invitation", target, reason, for_good)
        await record_failure(self._database, self._installation, failure)


def _named(job: Job) -> tuple[AccountId, UUID]:
    """Return the account and the invitation that the letter is about."""
    return AccountId(job.account_id), UUID(str(job.payload["invitation_id"]))
