"""Background jobs of changed addresses: the link to the new one, and notices to the old one."""

from functools import partial
from typing import Final
from uuid import UUID

import structlog

from answerdesk.accounts.email_changes import repository
from answerdesk.accounts.email_changes.service import (
    NEW_ADDRESS_LETTER,
    OLD_ADDRESS_LETTER,
    token_of,
)
from answerdesk.accounts.letters import (
    MAIL_AWAY,
    Concern,
    Letters,
    address_used_letter,
    change_asked_letter,
    change_made_letter,
    email_change_link,
    new_address_letter,
)
from answerdesk.accounts.sessions.tokens import token_keys
from answerdesk.accounts.types import EMAIL_CHANGE_MINUTES, USER_PREFIX, EmailChange, LetterState
from answerdesk.accounts.users import repository as users
from answerdesk.accounts.users.email import parse_email
from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration
from answerdesk.core.tenancy import UserId, public_id
from answerdesk.providers.mailer import Mail

_log = structlog.get_logger(__name__)

_MADE: Final = "made"


def registrations(database: Database, letters: Letters) -> dict[str, Registration]:
    """Return the handlers that a worker needs for this work."""
    new, old = _NewAddressLetters(database, letters), _OldAddressLetters(database, letters)
    return {
        NEW_ADDRESS_LETTER: Registration(new.send, concurrency=1, on_failed=new.give_up),
        OLD_ADDRESS_LETTER: Registration(old.send, concurrency=1, on_failed=old.give_up),
    }


class _NewAddressLetters:
    def __init__(self, database: Database, letters: Letters) -> None:
        self._database = database
        self._letters = letters

    async def send(self, job: Job) -> None:
        """Mail the link if the change is still open."""
        letter = await self._letter(job)
        if letter is not None:
            note = partial(self._note, job)
            await self._letters.send_noted(letter, _concern(job), note, attempt=job.attempt)

    async def give_up(self, job: Job, error: str) -> None:
        """Record that the mail is not tried again."""
        await self._note(job, "failed", MAIL_AWAY)
        await self._letters.give_up(_concern(job), error)

    async def _letter(self, job: Job) -> Mail | None:
        change = await _change_of(self._database, job)
        if change is None or not change.open:
            return None
        async with self._database.transaction(None) as session:
            holder = await users.find(session, parse_email(change.new_email).key)
        if holder is not None:
            # Whoever asked may not know of it: to them it looks like any other address.
            return address_used_letter(change.new_email)
        token = token_of(token_keys(self._database).email_change, change)
        if token is None:
            _log.warning("new_address_letter_without_key", change=str(change.id))
            return None
        link = email_change_link(self._letters.post.base_url, token)
        return new_address_letter(change.new_email, link, EMAIL_CHANGE_MINUTES)

    async def _note(self, job: Job, state: LetterState, error: str | None) -> None:
        user_id, change_id = _named(job)
        async with self._database.transaction(None, user_id=user_id) as session:
            await repository.note_letter(session, user_id, change_id, state, error)


class _OldAddressLetters:
    def __init__(self, database: Database, letters: Letters) -> None:
        self._database = database
        self._letters = letters

    async def send(self, job: Job) -> None:
        """Tell the old address what is about to happen, or has happened."""
        change = await _change_of(self._database, job)
        if change is None:
            return
        base_url = self._letters.post.base_url
        letter = (
            change_made_letter(change.old_email, change.new_email, base_url)
            if job.payload["told"] == _MADE
            else change_asked_letter(
                change.old_email, change.new_email, base_url, EMAIL_CHANGE_MINUTES
            )
        )
        await self._letters.send(letter, _concern(job), attempt=job.attempt)

    async def give_up(self, job: Job, error: str) -> None:
        """Record that the mail is not tried again."""
        await self._letters.give_up(_concern(job), error)


async def _change_of(database: Database, job: Job) -> EmailChange | None:
    user_id, change_id = _named(job)
    async with database.transaction(None, user_id=user_id) as session:
        return await repository.get(session, user_id, change_id)


def _named(job: Job) -> tuple[UserId, UUID]:
    """Return the person and the change that the mail is about."""
    return UserId(UUID(str(job.payload["user_id"]))), UUID(str(job.payload["change_id"]))


def _concern(job: Job) -> Concern:
    return Concern("email_change", public_id(USER_PREFIX, _named(job)[0]))
