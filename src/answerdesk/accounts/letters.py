"""What is mailed to people, and the links in it.

What a link carries stands behind the `#`: no server's log and no other site sees it.
"""

from dataclasses import dataclass

from answerdesk.providers.mailer import Mail, Mailer


@dataclass(frozen=True, slots=True)
class Post:
    """How mail leaves, and the address that its links lead to.

    The address is set by the operator and never taken from a request: whoever asks for a reset
    could otherwise name a host of their own, and get the token there.
    """

    mailer: Mailer
    base_url: str


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
