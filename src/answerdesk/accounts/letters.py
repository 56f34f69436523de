"""Mails to people, the links in them, and what people are told about mails that fail.

A link carries its token behind the `#`, so no server's log and no other site sees it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import structlog

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.principal import Principal, owner_principal
from answerdesk.accounts.types import LetterState
from answerdesk.core.database import Database
from answerdesk.core.due import JsonValue
from answerdesk.core.tenancy import AccountId
from answerdesk.providers.mailer import Mail, Mailer, MailRefused, MailUnavailable

_log = structlog.get_logger(__name__)

# What a member sees; the operator sees what the server said.
MAIL_AWAY: Final = "the mail server cannot be reached or does not accept mail now"
MAIL_REFUSED: Final = "the mail server refuses this address"


@dataclass(frozen=True, slots=True)
class Post:
    """How mail is sent, and the address that its links lead to.

    The operator sets the address; it is never taken from a request. Otherwise, whoever asks for a
    reset could name their own host and receive the token there. `kept_in` is the file that mails
    are written to if there is no mail server; None if they are mailed.
    """

    mailer: Mailer
    base_url: str
    kept_in: Path | None = None

    @property
    def handed_over(self) -> LetterState:
        """What becomes of a mail that the mailer accepts."""
        return "mailed" if self.kept_in is None else "written"

    def reset_note(self) -> str:
        """What somebody who asks for a new password is told; the same for every address."""
        if self.kept_in is None:
            return (
                "If an account with this address exists, an e-mail is on its way. Check your spam "
                "folder, too."
            )
        return (
            "This installation can't send mail yet; ask its operator for a link to set a new "
            "password."
        )

    def invitation_note(self, *, to_operator: bool) -> str:
        """Tell the inviting member how the invitation reaches the invited person."""
        if self.kept_in is None:
            return "The invitation has been mailed. You can also pass on the link yourself."
        if to_operator:
            return (
                f"No mail server is set up. The mail was written to {self.kept_in} on the server; "
                "pass on the link yourself."
            )
        return "This installation can't send mail yet. Pass on the link yourself."

    def email_change_note(self, *, to_operator: bool) -> str:
        """Tell somebody with a new address how it is confirmed."""
        if self.kept_in is None:
            return (
                "A link is on its way to the new address. Until you open it, you log in with the "
                "present one."
            )
        if to_operator:
            return (
                f"No mail server is set up. The mail was written to {self.kept_in} on the server; "
                "open the link in it."
            )
        return "This installation can't send mail yet; ask its operator for the link."


LetterKind = Literal["invitation", "password_reset", "email_change", "webhook_disabled", "notice"]
_TARGET_KINDS: Final[Mapping[LetterKind, str]] = {
    "invitation": "invitation",
    "password_reset": "user",
    "email_change": "user",
    "webhook_disabled": "webhook",
    "notice": "user",
}


@dataclass(frozen=True, slots=True)
class Concern:
    """What kind a mail is, and whom or what it concerns: `target` is the public id."""

    kind: LetterKind
    target: str


Note = Callable[[LetterState, str | None], Awaitable[None]]
"""Stores what became of a mail and, if it was not sent, why."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Sends the mails of jobs, and tells the operator of those that fail.

    It records failures in the audit log of the account `installation`, where its owners see them.
    """

    database: Database
    post: Post
    installation: AccountId

    async def send(self, mail: Mail, concern: Concern, *, attempt: int) -> LetterState:
        """Send a mail, and return what became of it; `failed` if its address is refused for good.

        `attempt` is the job's: only the first failure is told to the operator. Call it outside a
        transaction. Raises MailUnavailable: let the job be tried again.
        """
        try:
            await self.post.mailer.send(mail)
        except MailRefused as error:
            await self._record_failure(concern, error.message, for_good=True)
            return "failed"
        except MailUnavailable as error:
            if attempt == 1:
                await self._record_failure(concern, error.message, for_good=False)
            raise
        return self.post.handed_over

    async def send_noted(self, mail: Mail, concern: Concern, note: Note, *, attempt: int) -> None:
        """Send a mail as `send` does, and have noted what became of it, for those who wait for it.

        Raises MailUnavailable.
        """
        try:
            state = await self.send(mail, concern, attempt=attempt)
        except MailUnavailable:
            await note("failing", MAIL_AWAY)
            raise
        await note(state, MAIL_REFUSED if state == "failed" else None)

    async def give_up(self, concern: Concern, reason: str) -> None:
        """Record that a mail is not tried again: for `on_failed` of its job."""
        await self._record_failure(concern, reason, for_good=True)

    async def _record_failure(self, concern: Concern, reason: str, *, for_good: bool) -> None:
        _log.warning("letter_failed", letter=concern.kind, target=concern.target, reason=reason)
        caller: Principal = replace(owner_principal(self.installation), name="due work")
        target_kind = _TARGET_KINDS[concern.kind]
        detail: dict[str, JsonValue] = {
            "letter": concern.kind,
            "reason": reason[:500],
            "tried_again": not for_good,
        }
        async with self.database.transaction(self.installation) as session:
            await record_audit(
                session, caller, "letter.failed", target_kind, concern.target, detail
            )


def reset_link(base_url: str, token: str) -> str:
    """Return the link to the page where a new password is set."""
    return f"{base_url}/reset#token={token}"


def invitation_link(base_url: str, token: str) -> str:
    """Return the link to the page where an invitation is accepted."""
    return f"{base_url}/invitation#invitation={token}"


def email_change_link(base_url: str, token: str) -> str:
    """Return the link to the page where a new address is confirmed."""
    return f"{base_url}/confirm-email#token={token}"


def reset_letter(to: str, link: str, minutes: int) -> Mail:
    """Return the mail to somebody who has forgotten the password."""
    return Mail(
        to=to,
        subject="Set a new password",
        text=(
            "Somebody, probably you, asked for a new password for this address.\n\n"
            f"Open this link within {minutes} minutes to set one:\n\n{link}\n\n"
            "The link works once, and ends all your current log-ins. If it was not you, ignore "
            "this mail: your password stays as it is.\n"
        ),
    )


def invitation_letter(to: str, account_name: str, role: str, link: str, days: int) -> Mail:
    # Somebody else wrote the name: keep it on one line, and out of the subject.
    name = " ".join(account_name.split())
    return Mail(
        to=to,
        subject="You have been invited to Answerdesk",
        text=(
            f"You have been invited to the account “{name}” as {role}.\n\n"
            f"Open this link within {days} days to accept:\n\n{link}\n\n"
            "The link works once. If you don't know what this is about, ignore this mail.\n"
        ),
    )


def new_address_letter(to: str, link: str, minutes: int) -> Mail:
    """Return the mail that a new address is confirmed with."""
    return Mail(
        to=to,
        subject="Confirm your new e-mail address",
        text=(
            "Somebody, probably you, wants to log in to Answerdesk with this address.\n\n"
            f"Open this link within {minutes} minutes to confirm it:\n\n{link}\n\n"
            "The link works once. If it was not you, ignore this mail: nothing changes.\n"
        ),
    )


def address_used_letter(to: str) -> Mail:
    """Return the mail to an address that cannot be confirmed, since another log-in has it."""
    return Mail(
        to=to,
        subject="This e-mail address already has a log-in",
        text=(
            "Somebody, probably you, wants to log in to Answerdesk with this address from another "
            "log-in. This address has a log-in already, so nothing changes.\n\n"
            "To move the address, first give its log-in another one. If it was not you, ignore "
            "this mail.\n"
        ),
    )


def change_asked_letter(to: str, new: str, base_url: str, minutes: int) -> Mail:
    """Return the mail that tells the present address of a change which is not confirmed yet."""
    return Mail(
        to=to,
        subject="Your e-mail address is about to change",
        text=(
            f"Somebody, probably you, asked to log in with {new} instead of this address. That "
            f"is so once the link in the mail to {new} is opened, within {minutes} minutes.\n\n"
            "If it was not you, somebody knows your password. Set a new one at once, which also "
            f"stops the change:\n\n{base_url}/forgotten\n"
        ),
    )


def change_made_letter(to: str, new: str, base_url: str) -> Mail:
    """Return the mail that tells an address that it belongs to the person's log-in no more."""
    return Mail(
        to=to,
        subject="Your e-mail address has changed",
        text=(
            f"From now on you log in with {new} at {base_url}, and no longer with this address. "
            "Your password is the same.\n\n"
            "If it was not you, tell whoever runs this installation at once: they can give your "
            "log-in this address back. An owner of your account can remove you until then.\n"
        ),
    )
