"""What is mailed to people, the links in it, and what is said of letters that do not leave.

What a link carries stands behind the `#`: no server's log and no other site sees it.
"""

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
from answerdesk.providers.mailer import Mail, Mailer

_log = structlog.get_logger(__name__)

MAIL_AWAY: Final = "the mail server cannot be reached or does not take it now"
"""What a member is told; the operator is told what the server has said."""


@dataclass(frozen=True, slots=True)
class Post:
    """How mail leaves, and the address that its links lead to.

    The address is set by the operator and never taken from a request: whoever asks for a reset
    could otherwise name a host of their own, and get the token there. `kept_in` is the file that
    letters are written to for want of a mail server; None where they are mailed.
    """

    mailer: Mailer
    base_url: str
    kept_in: Path | None = None

    @property
    def handed_over(self) -> LetterState:
        """What becomes of a letter that the mailer takes."""
        return "mailed" if self.kept_in is None else "written"

    def reset_note(self) -> str:
        """Tell somebody who asks for a new password what happens; the same to everybody."""
        if self.kept_in is None:
            return (
                "If there is an account for this address, a message is on its way. Look into the "
                "spam folder, too."
            )
        return (
            "This installation can't send mail yet; ask its operator for the link that sets a new "
            "password."
        )

    def invitation_note(self, *, to_operator: bool) -> str:
        """Tell whoever invites how the invitation gets to whom it is for."""
        if self.kept_in is None:
            return "The invitation is mailed. Here is the link, to hand over yourself, too."
        if to_operator:
            return (
                f"No mail server is set up. The letter is written to {self.kept_in} on the server; "
                "hand over the link yourself."
            )
        return "This installation can't send mail yet. Hand over the link yourself."


@dataclass(frozen=True, slots=True)
class LetterFailure:
    """A letter that did not leave: of what kind, to whom or about what, and why.

    `target` is a public id. `for_good`: it is not tried again.
    """

    kind: Literal["invitation", "password_reset"]
    target_kind: Literal["invitation", "user"]
    target: str
    reason: str
    for_good: bool


async def record_failure(
    database: Database, installation: AccountId, failure: LetterFailure
) -> None:
    """Let the owners of the installation's account see a failure, in their audit log."""
    _log.warning("letter_failed", letter=failure.kind, target=failure.target, reason=failure.reason)
    caller: Principal = replace(owner_principal(installation), name="due work")
    detail: dict[str, JsonValue] = {
        "letter": failure.kind,
        "reason": failure.reason[:500],
        "tried_again": not failure.for_good,
    }
    async with database.transaction(installation) as session:
        await record_audit(
            session, caller, "letter.failed", failure.target_kind, failure.target, detail
        )


def reset_link(base_url: str, token: str) -> str:
    """Return the page where a new password is set."""
    return f"{base_url}/reset#token={token}"


def invitation_link(base_url: str, token: str) -> str:
    """Return the page where an invitation is accepted."""
    return f"{base_url}/invitation#invitation={token}"


def reset_letter(to: str, link: str, minutes: int) -> Mail:
    """Return the mail to somebody who has forgotten the password."""
    return Mail(
        to=to,
        subject="Set a new password",
        text=(
            "Somebody, probably you, asked for a new password for this address.\n\n"
            f"Open this link within {minutes} minutes to set one:\n\n{link}\n\n"
            "It works once, and ends every log-in that is open now. If it was not you, do "
            "nothing: your password stays as it is.\n"
        ),
    )


def invitation_letter(to: str, account_name: str, role: str, link: str, days: int) -> Mail:
    """Return the mail to somebody who is invited to an account."""
    # The name is somebody else's text: on one line, and not in the subject.
    name = " ".join(account_name.split())
    return Mail(
        to=to,
        subject="You are invited to Answerdesk",
        text=(
            f"You are invited to the account “{name}”, as {role}.\n\n"
            f"Open this link within {days} days to accept:\n\n{link}\n\n"
            "It works once. If you do not know what this is about, do nothing.\n"
        ),
    )
