"""The mailer of an installation without a mail server: the operator reads the log."""

import structlog

from answerdesk.providers.mailer import Mail, MailUnavailable

_log = structlog.get_logger("answerdesk.mail")


class LogMailer:
    """Writes each mail, with the link in it, as one record of the log."""

    def __init__(self) -> None:
        self._closed = False

    async def send(self, mail: Mail) -> None:
        """Log `mail`."""
        if self._closed:
            raise MailUnavailable("The server is shutting down.", code="shutting_down")
        # A warning, so that it is seen whatever the level: nobody gets this mail otherwise.
        _log.warning(
            "mail_not_sent",
            reason="ANSWERDESK_SMTP_URL is not set",
            to=mail.to,
            subject=mail.subject,
            text=mail.text,
        )

    async def close(self) -> None:
        """Refuse further mail; may be repeated."""
        self._closed = True
