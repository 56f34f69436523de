"""Tells one person what is due: the browser by an event, the rest in one mail.

A stranger can make any number of conversations wait, so mails are bounded for each person (`Pace`),
and list what is new since the last one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.letters import Concern, Letters
from answerdesk.accounts.members.service import member_of
from answerdesk.accounts.types import USER_PREFIX, LetterState, Member
from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import Database, tenant_of
from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId, UserId, public_id
from answerdesk.inbox.events import NOTICED, NewNotice
from answerdesk.inbox.notices import repository
from answerdesk.inbox.notices.letter import notice_letter
from answerdesk.inbox.notices.service import schedule_telling
from answerdesk.inbox.notices.types import (
    MAIL,
    NOTICE_PREFIX,
    TELL,
    Notice,
    Pace,
    usual_preference,
)
from answerdesk.leads.types import LEAD_PREFIX
from answerdesk.providers.mailer import Mail, MailUnavailable

_ANNOUNCED_AT_ONCE: Final = 200
_MAILED_AT_ONCE: Final = 5000


@dataclass(frozen=True, slots=True)
class _Due:
    """A mail to send, and the notices that it is about."""

    mail: Mail
    ids: Sequence[UUID]
    failures: int


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells people; one run at a time for each person."""

    database: Database
    letters: Letters
    pace: Pace

    async def tell(self, account_id: AccountId, user_id: UserId) -> None:
        """Tell a person's browser what is due, and schedule what comes next."""
        async with self.database.transaction(account_id) as session:
            if await self._reachable(session, user_id) is not None:
                for notice in await repository.announce(session, user_id, _ANNOUNCED_AT_ONCE):
                    await _announce(session, user_id, notice)
            await self._schedule_next(session, user_id)

    async def mail(self, account_id: AccountId, user_id: UserId) -> None:
        """Send a person the mail that is due, if any, and schedule what comes next."""
        async with self.database.transaction(account_id) as session:
            member = await self._reachable(session, user_id)
            due = None if member is None else await self._due_mail(session, member)
            await self._schedule_next(session, user_id)
        if due is not None:
            await self._send(account_id, user_id, due)

    async def _reachable(self, session: AsyncSession, user_id: UserId) -> Member | None:
        """Return a member who may be told now; drop what is over, put off what is due if not."""
        if not await repository.lock_person(session, user_id):
            return None
        member = await member_of(session, user_id)
        if member is None:
            return None
        chosen = await repository.preferences(session, [user_id])
        preference = chosen.get(user_id) or usual_preference(member.role)
        now = await repository.now(session)
        until = preference.quiet_until(now)
        if until != now:
            await repository.postpone(session, user_id, until)
            return None
        await repository.drop_untrue(session, user_id)
        return member

    async def _due_mail(self, session: AsyncSession, member: Member) -> _Due | None:
        ids = await repository.to_mail(session, member.user_id, self.pace.grace, _MAILED_AT_ONCE)
        if not ids:
            return None
        failures = await repository.mail_failures(session, member.user_id)
        if failures is None:
            return None
        # Noted before sending: after a crash the next attempt comes as late as the next mail would.
        await repository.set_pace(session, member.user_id, self.pace.between, failures)
        lines = await repository.mail_lines(session, ids)
        base_url = self.letters.post.base_url
        return _Due(notice_letter(member.email, lines, len(ids), base_url), ids, failures)

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
            if not await repository.lock_person(session, user_id):
                return
            if state == "failing":
                wait = self.pace.after_failures(failures)
                await repository.set_pace(session, user_id, wait, failures)
            else:
                await repository.note_mailed(session, due.ids)
                await repository.set_pace(session, user_id, self.pace.between, 0)
            await self._schedule_next(session, user_id)

    async def _schedule_next(self, session: AsyncSession, user_id: UserId) -> None:
        tell_at, mail_at = await repository.next_due(session, user_id, self.pace.grace)
        if tell_at is not None:
            await schedule_telling(session, TELL, user_id, tell_at)
        if mail_at is not None:
            await schedule_telling(session, MAIL, user_id, mail_at)


async def _announce(session: AsyncSession, user_id: UserId, notice: Notice) -> None:
    conversation_id, lead_id = notice.conversation_id, notice.lead_id
    payload = NewNotice(
        notice_id=public_id(NOTICE_PREFIX, notice.id),
        user_id=public_id(USER_PREFIX, user_id),
        kind=notice.kind,
        conversation_id=(
            None if conversation_id is None else public_id(CONVERSATION_PREFIX, conversation_id)
        ),
        lead_id=None if lead_id is None else public_id(LEAD_PREFIX, lead_id),
    )
    await record(session, tenant_of(session), notice.project_id, NOTICED, payload)
