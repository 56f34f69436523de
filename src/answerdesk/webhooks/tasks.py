"""Background jobs of endpoints: mails about disabled ones, and what deleted ones leave behind.

Sending is in `deliveries/tasks`.
"""

from typing import Final
from uuid import UUID

from answerdesk.accounts.letters import Concern, Letters, Post
from answerdesk.accounts.members.service import OWNER, get_member
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration
from answerdesk.core.errors import NotFound
from answerdesk.core.outbound.urls import parse_url
from answerdesk.core.tenancy import AccountId, public_id
from answerdesk.providers.mailer import Mail
from answerdesk.webhooks.secrets import forget_old_secret
from answerdesk.webhooks.service import (
    DISABLED_LETTER,
    ERASE,
    FORGET_OLD_SECRET,
    disabled_endpoint,
    erase_some,
)
from answerdesk.webhooks.types import WEBHOOK_PREFIX, Endpoint

_WHY: Final = {
    "gone": "its receiver answered that it is gone (410)",
    "failing": "every attempt to deliver to it has failed for five days",
}


def registrations(
    database: Database, post: Post, installation: AccountId
) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this work.

    The owners of the account `installation` see why mails failed.
    """
    letters = _DisabledLetters(database, Letters(database, post, installation))

    async def erase(job: Job) -> None:
        left = True
        while left:
            async with database.transaction(AccountId(job.account_id)) as session:
                left = await erase_some(session, _webhook_id(job))

    async def forget(job: Job) -> None:
        async with database.transaction(AccountId(job.account_id)) as session:
            await forget_old_secret(session, _webhook_id(job))

    return {
        ERASE: Registration(erase, concurrency=1, max_attempts=None),
        FORGET_OLD_SECRET: Registration(forget, concurrency=1, max_attempts=None),
        DISABLED_LETTER: Registration(
            letters.send, concurrency=1, max_attempts=20, on_failed=letters.give_up
        ),
    }


class _DisabledLetters:
    def __init__(self, database: Database, letters: Letters) -> None:
        self._database = database
        self._letters = letters

    async def send(self, job: Job) -> None:
        """Mail an owner that an endpoint was disabled, if it still is."""
        letter = await self._letter(job)
        if letter is not None:
            await self._letters.send(letter, _disabled(job), attempt=job.attempt)

    async def give_up(self, job: Job, error: str) -> None:
        """Record that the mail is not tried again."""
        await self._letters.give_up(_disabled(job), error)

    async def _letter(self, job: Job) -> Mail | None:
        async with self._database.transaction(AccountId(job.account_id)) as session:
            endpoint = await disabled_endpoint(session, _webhook_id(job))
            if endpoint is None:
                return None
            try:
                owner = await get_member(session, UUID(str(job.payload["member_id"])))
            except NotFound:
                return None
        if owner.role != OWNER:
            return None
        return _letter(owner.email, endpoint, self._letters.post.base_url)


def _webhook_id(job: Job) -> UUID:
    return UUID(str(job.payload["webhook_id"]))


def _disabled(job: Job) -> Concern:
    return Concern("webhook_disabled", public_id(WEBHOOK_PREFIX, _webhook_id(job)))


def _letter(to: str, endpoint: Endpoint, base_url: str) -> Mail:
    # The rest of an address is often a secret, and mail is read on the way.
    where = parse_url(endpoint.url).origin
    why = _WHY[endpoint.disabled_reason or "failing"]
    return Mail(
        to=to,
        subject="A webhook was disabled",
        text=(
            f"Answerdesk no longer sends events to your webhook at {where}, because {why}.\n\n"
            f"The webhook is {public_id(WEBHOOK_PREFIX, endpoint.id)}, at {base_url}. Its "
            "deliveries say what went wrong. When its receiver works again, enable the webhook; "
            "what was not delivered can then be sent again.\n"
        ),
    )
