"""The port that sends mail."""

from dataclasses import dataclass
from typing import Protocol

from answerdesk.core.errors import InvalidInput, Unavailable


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain-text message to one person.

    Raises ValueError if the address or the subject is empty or has a line break, which could add
    headers.
    """

    to: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        for what in (self.to, self.subject):
            if not what.strip() or any(character in what for character in "\r\n\0"):
                raise ValueError("the address and the subject must each be one line and not empty")


class MailRefused(InvalidInput):
    """The server never accepts mail for this address."""

    code = "mail_refused"


class MailUnavailable(Unavailable):
    """The mail can't be handed over now; a later attempt may succeed."""

    code = "mail_unavailable"


class Mailer(Protocol):
    """Hands mail over for delivery."""

    async def send(self, mail: Mail) -> None:
        """Hand `mail` over; once this returns, it is accepted for delivery.

        Raises MailRefused if it never will be, MailUnavailable if it may be later, and also after
        `close`.
        """
        ...

    async def close(self) -> None:
        """Refuse further mail; idempotent."""
        ...
