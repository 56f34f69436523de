"""Due work of forgotten passwords: the letter.

The job is written for every request, whoever has the address or nobody, so that the answer takes
the same time. The token is made when the letter is, because only its hash is kept.
"""

from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.letters import (
    LetterFailure,
    Post,
    record_failure,
    reset_letter,
    reset_link,
)
from answerdesk.accounts.reset import repository
from answerdesk.accounts.reset.tokens import make_token
from answerdesk.accounts.types import USER_PREFIX
from answerdesk.accounts.users import repository as users
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.tenancy import AccountId, UserId, public_id
from answerdesk.providers.mailer import MailRefused, MailUnavailable

LETTER: Final = "accounts.reset_letter"

_MOST_LETTERS_AN_HOUR: Final = 5

_log = structlog.get_logger(__name__)


async def schedule_letter(
    session: AsyncSession, account_id: AccountId, user_id: UserId | None
) -> None:
    """Have somebody, or nobody, mailed a link once the transaction has committed.

    `account_id` is the installation's: which accounts the person has is not looked up here.
    """
    payload = {"user_id": None if user_id is None else str(user_id)}
    await schedule(session, LETTER, account_id=account_id, payload={**payload})


def registrations(
    database: Database, post: Post, installation: AccountId
) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this work.

    The owners of the account `installation` see the reasons of letters that did not leave.
    """
    letters = _Letters(database, post, installation)
    return {LETTER: Registration(letters.send, concurrency=1, on_failed=letters.give_up)}


class _Letters:
    def __init__(self, database: Database, post: Post, installation: AccountId) -> None:
        self._database = database
        self._post = post
        self._installation = installation

    async def send(self, job: Job) -> None:
        """Mail a fresh link to the addressee, if there is one."""
        user_id = _addressee(job)
        if user_id is None:
            return
        async with self._database.transaction(None, user_id=user_id) as session:
            email = await users.email_of(session, user_id)
            if email is None:
                return
            if await repository.count_recent(session, user_id) >= _MOST_LETTERS_AN_HOUR:
                # Strangers can ask for anybody's letters; those of before still work.
                _log.info("reset_letter_withheld", user=str(user_id))
                return
            reset_id, token = await make_token(session, user_id)
        link = reset_link(self._post.base_url, token)
        try:
            await self._post.mailer.send(reset_letter(email, link, repository.MINUTES))
        except BaseException as error:
            async with self._database.transaction(None, user_id=user_id) as session:
                await repository.remove(session, reset_id, user_id)
            if isinstance(error, MailRefused):
                await self._tell_operator(user_id, error.message, for_good=True)
                return
            if isinstance(error, MailUnavailable) and job.attempt == 1:
                await self._tell_operator(user_id, error.message, for_good=False)
            raise

    async def give_up(self, job: Job, error: str) -> None:
        """Say that the letter is not tried again."""
        user_id = _addressee(job)
        if user_id is not None:
            await self._tell_operator(user_id, error, for_good=True)

    async def _tell_operator(self, user_id: UserId, reason: str, *, for_good: bool) -> None:
        target = public_id(USER_PREFIX, user_id)
        failure = LetterFailure("password_reset", "user", target, reason, for_good)
        await record_failure(self._database, self._installation, failure)


def _addressee(job: Job) -> UserId | None:
    given = job.payload["user_id"]
    return None if given is None else UserId(UUID(str(given)))
