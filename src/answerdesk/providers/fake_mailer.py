"""A mailer for tests that keeps the mail it is given."""

from answerdesk.providers.mailer import Mail, MailRefused, MailUnavailable


class FakeMailer:
    """Keeps mail in `sent`; refuses addresses in `refused`; unavailable while `away` is true."""

    def __init__(self, *, refused: frozenset[str] = frozenset()) -> None:
        self.sent: list[Mail] = []
        self.away = False
        self._refused = refused

    async def send(self, mail: Mail) -> None:
        if self.away:
            raise MailUnavailable("The mail server is unavailable")
        if mail.to in self._refused:
            raise MailRefused("The mail server doesn't accept mail for this address")
        self.sent.append(mail)

    async def close(self) -> None:
        """Refuse further mail; idempotent."""
        self.away = True
