"""Tells people what is due later than at once: browsers by an event, the rest in one mail each.

A stranger can make any number of conversations wait, so mails are bounded for each person (`Pace`),
and list what is new since the last one. What is told costs the same statements for all people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.letters import Concern, Letters
from answerdesk.accounts.types import USER_PREFIX, LetterState
from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, UserId, public_id
from answerdesk.inbox.notices import repository
from answerdesk.inbox.notices.letter import notice_letter
from answerdesk.inbox.notices.service import announce, schedule_mails, schedule_telling
from answerdesk.inbox.notices.types import Addressee, Notice, Pace, usual_preference
from answerdesk.providers.mailer import Mail, MailUnavailable

_PEOPLE_AT_ONCE: Final = 200
_ANNOUNCED_AT_ONCE: Final = 2000
_MAILED_AT_ONCE: Final = 5000
_TOGETHER: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Due:
    """A mail to send, and the notices that it is about."""

    mail: Mail
    ids: Sequence[UUID]
    failures: int


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells people; one run at a time for each account, and for each person's mails."""

    database: Database
    letters: Letters
    pace: Pace

    async def tell(self, account_id: AccountId) -> None:
        """Tell people's browsers what is due, and have those mailed for whom a mail is due."""
        async with self.database.transaction(account_id) as session:
            now = await repository.now(session)
            due = await repository.due_people(session, now, self.pace.grace, _PEOPLE_AT_ONCE)
            ready = [one.user_id for one in await self._ready(session, due, now)]
            told: Sequence[Notice] = []
            to_mail: set[UserId] = set()
            if ready:
                told = await repository.announce(session, ready, _ANNOUNCED_AT_ONCE)
                await repository.spare(session, ready, self.pace.grace)
                still = await repository.due_people(session, now, self.pace.grace, _PEOPLE_AT_ONCE)
                to_mail = {*still}.intersection(ready)
            await self._schedule_next(session, soon=len(due) == _PEOPLE_AT_ONCE)
            if to_mail:
                await schedule_mails(session, to_mail)
            await announce(session, told)

    async def mail(self, account_id: AccountId, user_id: UserId) -> None:
        """Send a person the mail that is due, if any, and schedule what comes next."""
        async with self.database.transaction(account_id) as session:
            now = await repository.now(session)
            ready = await self._ready(session, [user_id], now)
            due = await self._due_mail(session, ready[0]) if ready else None
            await self._schedule_next(session)
        if due is not None:
            await self._send(account_id, user_id, due)

    async def _ready(
        self, session: AsyncSession, users: Sequence[UserId], now: datetime
    ) -> Sequence[Addressee]:
        """Return who may be told now; drop what is over, put off what is due for the others."""
        people = await repository.lock_people(session, users)
        chosen = await repository.preferences(session, [one.user_id for one in people])
        # What is for somebody who may not be told is dropped.
        later: dict[UserId, datetime | None] = dict.fromkeys(users)
        ready: list[Addressee] = []
        for one in people:
            preference = chosen.get(one.user_id) or usual_preference(one.role)
            later[one.user_id] = preference.quiet_until(now)
            if later[one.user_id] == now:
                del later[one.user_id]
                ready.append(one)
        if later:
            await repository.postpone(session, later)
        if ready:
            await repository.drop_untrue(session, [one.user_id for one in ready])
        return ready

    async def _due_mail(self, session: AsyncSession, person: Addressee) -> _Due | None:
        user_id = person.user_id
        await repository.spare(session, [user_id], self.pace.grace)
        ids = await repository.to_mail(session, user_id, self.pace.grace, _MAILED_AT_ONCE)
        if not ids:
            return None
        failures = await repository.mail_failures(session, user_id)
        if failures is None:
            return None
        # Noted before sending: after a crash the next attempt comes as late as the next mail would.
        await repository.set_pace(session, user_id, self.pace.between, failures)
        lines = await repository.mail_lines(session, ids)
        if self.letters.post.kept_in is not None:
            # Nobody erases letters from the file, so it has nothing of what visitors say.
            lines = [replace(one, said=None) for one in lines]
        base_url = self.letters.post.base_url
        return _Due(notice_letter(person.email, lines, len(ids), base_url), ids, failures)

    async def _send(self, account_id: AccountId, user_id: UserId, due: _Due) -> None:
        concern = Concern("notice", public_id(USER_PREFIX, user_id))
        failures = due.failures + 1
        state: LetterState = "failing"
        try:
            # The attempt is that of the mails to this person, not of this job.
            state = await self.letters.send(due.mail, concern, attempt=failures)
        except MailUnavailable as error:
            if failures >= self.pace.tries:
                await self.letters.give_up(concern, error.message)
                state = "failed"
        async with self.database.transaction(account_id) as session:
            if not await repository.lock_people(session, [user_id]):
                return
            if state == "failing":
                wait = self.pace.after_failures(failures)
                await repository.set_pace(session, user_id, wait, failures)
            else:
                await repository.note_mailed(session, due.ids)
                await repository.set_pace(session, user_id, self.pace.between, 0)
            await self._schedule_next(session)

    async def _schedule_next(self, session: AsyncSession, *, soon: bool = False) -> None:
        now = await repository.now(session)
        next_at = now if soon else await repository.next_due(session, now, self.pace.grace)
        if next_at is not None:
            # What becomes due meanwhile is told together.
            await schedule_telling(session, max(next_at, now + _TOGETHER))
