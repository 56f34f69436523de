"""The port through which mail is sent."""

from dataclasses import dataclass
from typing import Protocol

from answerdesk.core.errors import InvalidInput, Unavailable


@dataclass(frozen=True, slots=True)
class Mail:
    """A message of plain text to one person.

    Raises ValueError when an address or the subject has a line break, which could add headers.
    """

    to: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        for what in (self.to, self.subject):
            if not what.strip() or any(character in what for character in "\r\n\0"):
                raise ValueError("an address and a subject are one line each")


class MailRefused(InvalidInput):
    """The server takes no mail to this address, now or later."""

    code = "mail_refused"


class MailUnavailable(Unavailable):
    """The mail could not be handed over now; the same mail may be later."""

    code = "mail_unavailable"


class Mailer(Protocol):
    """Hands mail over to whoever delivers it."""

    async def send(self, mail: Mail) -> None:
        """Hand `mail` over; when this returns, it is accepted for delivery.

        Raises MailRefused when it will never be, MailUnavailable when it may be later, also after
        `close`.
        """
        ...

    async def close(self) -> None:
        """Refuse further mail; may be repeated."""
        ...
