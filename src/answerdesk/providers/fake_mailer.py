"""A mailer that keeps what it is given, for tests."""

from answerdesk.providers.mailer import Mail, MailRefused, MailUnavailable


class FakeMailer:
    """Keeps mail in `sent`; refuses addresses in `refused`, and is away while `away` is true."""

    def __init__(self, *, refused: frozenset[str] = frozenset()) -> None:
        self.sent: list[Mail] = []
        self.away = False
        self._refused = refused

    async def send(self, mail: Mail) -> None:
        """Keep `mail`."""
        if self.away:
            raise MailUnavailable("The mail server is away")
        if mail.to in self._refused:
            raise MailRefused("The mail server takes no mail to this address")
        self.sent.append(mail)

    async def close(self) -> None:
        """Refuse further mail; may be repeated."""
        self.away = True
