"""Mail by SMTP (RFC 5321), encrypted unless the operator turns that off."""

import asyncio
import contextlib
import smtplib
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from answerdesk.core.errors import InvalidInput
from answerdesk.providers.mailer import Mail, MailRefused, MailUnavailable

Security = Literal["tls", "starttls", "none"]

_TIMEOUT_SECONDS: Final = 20.0
_PORTS: Final[dict[Security, int]] = {"tls": 465, "starttls": 587, "none": 25}
_LAST_TEMPORARY: Final = 499
"""SMTP replies 4xx are temporary, 5xx permanent."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where to hand mail over, and with which log-in."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = None


def parse_smtp_url(url: str) -> SmtpServer:
    """Read `smtps://user:password@host:465`, or `smtp://…` for STARTTLS.

    `smtp://host:25?tls=none` sends unencrypted, for a relay on the same machine. Raises
    InvalidInput, which never contains the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise _invalid("it is not a URL") from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise _invalid("it must begin with smtp:// or smtps:// and name a host")
    if (
        parts.path not in ("", "/")
        or options.keys() - {"tls"}
        or options.get("tls")
        not in {
            None,
            "none",
        }
    ):
        raise _invalid("only ?tls=none may follow the host and its port")
    security: Security = "tls" if parts.scheme == "smtps" else "starttls"
    if options:
        security = "none"
    if security == "none" and (parts.username or parts.scheme == "smtps"):
        raise _invalid("a user and a password are never sent unencrypted")
    if (parts.username is None) != (parts.password is None):
        raise _invalid("set both a user and a password, or neither")
    return SmtpServer(
        host=parts.hostname,
        port=port or _PORTS[security],
        security=security,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def _invalid(reason: str) -> InvalidInput:
    return InvalidInput(f"ANSWERDESK_SMTP_URL is wrong: {reason}", code="invalid_settings")


class SmtpMailer:
    """Hands mail over on its own thread, with one connection per mail.

    `tls` is the context that verifies the server, by default against the system's authorities.
    """

    def __init__(
        self,
        server: SmtpServer,
        sender: str,
        *,
        tls: ssl.SSLContext | None = None,
        timeout: float = _TIMEOUT_SECONDS,
    ) -> None:
        self._server = server
        self._sender = sender
        self._tls = tls or ssl.create_default_context()
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(1, "mail")
        self._closed = False

    async def send(self, mail: Mail) -> None:
        if self._closed:
            raise MailUnavailable("The server is shutting down.", code="shutting_down")
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, self._hand_over, mail)

    async def close(self) -> None:
        """Refuse further mail; idempotent."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _hand_over(self, mail: Mail) -> None:
        message = self._message(mail)
        try:
            with self._connect() as connection:
                connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _failure(code, said) from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailRefused(
                "The mail server accepts only ASCII addresses, and this one has other characters"
            ) from error
        except smtplib.SMTPResponseException as error:
            # Sender and log-in are the operator's to correct: the mail is not at fault.
            ours = isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError)
            raise _failure(0 if ours else error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnavailable(
                f"The mail server {self._server.host} can't be used: {error}"
            ) from error

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = formatdate()
        domain = parseaddr(self._sender)[1].rpartition("@")[2]
        message["Message-ID"] = make_msgid(domain=domain or "localhost")
        # Suppresses automatic replies (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._timeout, context=self._tls
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            if server.security == "starttls":
                connection.starttls(context=self._tls)
            if server.user is not None and server.password is not None:
                connection.login(server.user, server.password)
        except smtplib.SMTPNotSupportedError as error:
            connection.close()
            # The operator can correct this; the mail is not at fault.
            raise MailUnavailable(
                f"The mail server {server.host} doesn't offer STARTTLS or log-in; check "
                "ANSWERDESK_SMTP_URL"
            ) from error
        except BaseException:
            with contextlib.suppress(OSError):
                connection.close()
            raise
        return connection


def _failure(code: int, said: bytes | str) -> MailRefused | MailUnavailable:
    reason = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    if code > _LAST_TEMPORARY:
        return MailRefused(f"The mail server refused this mail: {code} {reason}")
    return MailUnavailable(f"The mail server can't accept this mail now: {code} {reason}")
