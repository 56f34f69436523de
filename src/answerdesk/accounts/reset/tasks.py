"""Due work of forgotten passwords: the letter.

The job is written for every request, whoever has the address or nobody, so that the answer takes
the same time. The token is made when the letter is, because only its hash is kept.
"""

from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.letters import Post, reset_letter, reset_link
from answerdesk.accounts.reset import repository
from answerdesk.accounts.reset.tokens import make_token
from answerdesk.accounts.users import repository as users
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.tenancy import AccountId, UserId
from answerdesk.providers.mailer import MailRefused

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


def registrations(database: Database, post: Post) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this work."""

    async def send(job: Job) -> None:
        given = job.payload["user_id"]
        if given is None:
            return
        user_id = UserId(UUID(str(given)))
        async with database.transaction(None, user_id=user_id) as session:
            email = await users.email_of(session, user_id)
            if email is None:
                return
            if await repository.count_recent(session, user_id) >= _MOST_LETTERS_AN_HOUR:
                # Strangers can ask for anybody's letters; those of before still work.
                _log.info("reset_letter_withheld", user=str(user_id))
                return
            reset_id, token = await make_token(session, user_id)
        link = reset_link(post.base_url, token)
        try:
            await post.mailer.send(reset_letter(email, link, repository.MINUTES))
        except BaseException as error:
            async with database.transaction(None, user_id=user_id) as session:
                await repository.remove(session, reset_id, user_id)
            if not isinstance(error, MailRefused):
                raise
            _log.warning("reset_letter_refused", reason=error.message)

    return {LETTER: Registration(send, concurrency=1)}
