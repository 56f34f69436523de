"""Background jobs of accounts: mails to people, and deleting what past periods leave.

Every reset request writes a job, even for an unknown address, so that responses take the same
time. The job makes the token together with the mail, because only its hash is stored.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

import structlog

from answerdesk.accounts import repository as accounts
from answerdesk.accounts.email_changes import repository as email_changes
from answerdesk.accounts.email_changes import tasks as email_change_tasks
from answerdesk.accounts.invitations import repository as invitations
from answerdesk.accounts.invitations.service import INVITATION_LETTER, token_of
from answerdesk.accounts.letters import (
    MAIL_AWAY,
    Concern,
    Letters,
    Post,
    invitation_letter,
    invitation_link,
    reset_letter,
    reset_link,
)
from answerdesk.accounts.limits import repository as limits
from answerdesk.accounts.limits.spending import repository as spending
from answerdesk.accounts.sessions.tokens import token_keys
from answerdesk.accounts.types import INVITATION_DAYS, INVITATION_PREFIX, USER_PREFIX, LetterState
from answerdesk.accounts.users import repository as users
from answerdesk.accounts.users.reset import RESET_LETTER, make_token
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration, schedule
from answerdesk.core.ratelimit import forget_ended
from answerdesk.core.tenancy import AccountId, UserId, public_id
from answerdesk.providers.mailer import Mail

_MOST_LETTERS_AN_HOUR: Final = 5

FORGET_COUNTS: Final = "accounts.forget_counts"
_FORGET_EVERY: Final = timedelta(minutes=10)
_FORGET_BATCH: Final = 10_000

_log = structlog.get_logger(__name__)


def registrations(
    database: Database, post: Post, installation: AccountId
) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this work.

    The owners of the account `installation` see why mails failed.
    """
    letters = Letters(database, post, installation)
    invitation = _InvitationLetters(database, letters)
    reset = _ResetLetters(database, letters)
    return {
        INVITATION_LETTER: Registration(
            invitation.send, concurrency=1, max_attempts=20, on_failed=invitation.give_up
        ),
        RESET_LETTER: Registration(reset.send, concurrency=1, on_failed=reset.give_up),
        **email_change_tasks.registrations(database, letters),
        FORGET_COUNTS: Registration(_forgetting(database), concurrency=1, max_attempts=None),
    }


class _InvitationLetters:
    def __init__(self, database: Database, letters: Letters) -> None:
        self._database = database
        self._letters = letters

    async def send(self, job: Job) -> None:
        """Mail the invitation if it is still open."""
        letter = await self._letter(job)
        if letter is not None:
            # If it is refused, whoever invited still has the link.
            note = partial(self._note, job)
            await self._letters.send_noted(letter, _invited(job), note, attempt=job.attempt)

    async def give_up(self, job: Job, error: str) -> None:
        """Record that the mail is not tried again."""
        await self._note(job, "failed", MAIL_AWAY)
        await self._letters.give_up(_invited(job), error)

    async def _letter(self, job: Job) -> Mail | None:
        account_id, invitation_id = _invitation_named(job)
        async with self._database.transaction(account_id) as session:
            found = await invitations.get(session, invitation_id)
            account = await accounts.get(session)
        if found is None or account is None or not found.open:
            return None
        token = token_of(token_keys(self._database).invitation, found)
        if token is None:
            _log.warning("invitation_letter_without_key", invitation=str(invitation_id))
            return None
        link = invitation_link(self._letters.post.base_url, token)
        return invitation_letter(found.email, account.name, found.role, link, INVITATION_DAYS)

    async def _note(self, job: Job, state: LetterState, error: str | None) -> None:
        account_id, invitation_id = _invitation_named(job)
        async with self._database.transaction(account_id) as session:
            await invitations.note_letter(session, invitation_id, state, error)


def _invitation_named(job: Job) -> tuple[AccountId, UUID]:
    """Return the account and the invitation that the mail is about."""
    return AccountId(job.account_id), UUID(str(job.payload["invitation_id"]))


def _invited(job: Job) -> Concern:
    return Concern("invitation", public_id(INVITATION_PREFIX, _invitation_named(job)[1]))


class _ResetLetters:
    def __init__(self, database: Database, letters: Letters) -> None:
        self._database = database
        self._letters = letters

    async def send(self, job: Job) -> None:
        """Mail a new link to the addressee, if there is one."""
        user_id = _addressee(job)
        if user_id is None:
            return
        async with self._database.transaction(None, user_id=user_id) as session:
            # Held, so that no link goes to an address that has just changed and outlives that.
            await users.hold_password(session, user_id)
            email = await users.email_of(session, user_id)
            if email is None:
                return
            if await users.count_recent_resets(session, user_id) >= _MOST_LETTERS_AN_HOUR:
                # Strangers can request mails for anybody; earlier links still work.
                _log.info("reset_letter_withheld", user=str(user_id))
                return
            reset_id, token = await make_token(session, user_id)
        link = reset_link(self._letters.post.base_url, token)
        letter = reset_letter(email, link, users.RESET_MINUTES)
        is_sent = False
        try:
            state = await self._letters.send(letter, _forgetful(user_id), attempt=job.attempt)
            is_sent = state != "failed"
        finally:
            if not is_sent:
                async with self._database.transaction(None, user_id=user_id) as session:
                    await users.remove_reset(session, reset_id, user_id)

    async def give_up(self, job: Job, error: str) -> None:
        """Record that the mail is not tried again."""
        user_id = _addressee(job)
        if user_id is not None:
            await self._letters.give_up(_forgetful(user_id), error)


def _forgetful(user_id: UserId) -> Concern:
    return Concern("password_reset", public_id(USER_PREFIX, user_id))


def _addressee(job: Job) -> UserId | None:
    given = job.payload["user_id"]
    return None if given is None else UserId(UUID(str(given)))


async def schedule_forgetting(
    database: Database, account_id: AccountId, delay: timedelta = timedelta(0)
) -> None:
    """Schedule deleting ended windows and old counts; `account_id` is the installation's."""
    async with database.transaction(account_id) as session:
        await schedule(
            session,
            FORGET_COUNTS,
            account_id=account_id,
            payload={},
            delay=delay,
            key=FORGET_COUNTS,
        )


def _forgetting(database: Database) -> Callable[[Job], Awaitable[None]]:
    async def forget(job: Job) -> None:
        # Each statement deletes a bounded number of rows, however many there are.
        while await forget_ended(database, _FORGET_BATCH) == _FORGET_BATCH:
            pass
        async with database.transaction(None) as session:
            await limits.forget_messages(session)
        for forget_some in (spending.forget, email_changes.forget):
            full = True
            while full:
                async with database.transaction(None) as session:
                    full = await forget_some(session, _FORGET_BATCH) == _FORGET_BATCH
        await schedule_forgetting(database, AccountId(job.account_id), _FORGET_EVERY)

    return forget
