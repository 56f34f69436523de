"""What every mailer promises, whoever delivers; then what SMTP adds."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from answerdesk.core.errors import InvalidInput
from answerdesk.providers.fake_mailer import FakeMailer
from answerdesk.providers.file_mailer import FileMailer
from answerdesk.providers.mailer import Mail, Mailer, MailRefused, MailUnavailable
from answerdesk.providers.smtp_mailer import Security, SmtpMailer, SmtpServer, parse_smtp_url
from tests.providers.smtp_server import HOST, SmtpService, make_certificate, smtp_service

SENDER = "Answerdesk <desk@example.com>"
LETTER = Mail(
    to="ann@example.com",
    subject="Größe und 日本語",
    text="Open this link:\n\nhttps://desk.example/reset#token=rst_x\n\n.\n.. dots\nGrüße\n",
)


@dataclass
class Delivery:
    """A mailer, and what has been delivered by it: recipient, subject and text."""

    mailer: Mailer
    delivered: Callable[[], list[tuple[str, str, str]]]


def _of_smtp(service: SmtpService) -> list[tuple[str, str, str]]:
    return [
        (str(one["To"]), str(one["Subject"]), one.get_content().replace("\r\n", "\n"))
        for one in service.mails
    ]


def read_letters(path: Path) -> list[tuple[str, str, str]]:
    """Read the letters of a file as a person does: to whom, about what, and the indented text."""
    if not path.exists():
        return []
    letters = re.split(
        r"^--- .+ UTC, not mailed: .+ ---\n", path.read_text("utf-8"), flags=re.MULTILINE
    )
    assert letters[0] == ""
    found = []
    for letter in letters[1:]:
        head, _, text = letter.partition("\n\n")
        to, subject = (line.partition(":")[2].strip() for line in head.split("\n"))
        lines = [line.removeprefix("    ") for line in text.rstrip("\n").split("\n")]
        found.append((to, subject, "\n".join(lines) + "\n"))
    return found


@pytest.fixture(params=["smtp", "file", "fake"])
async def delivery(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Delivery]:
    if request.param == "smtp":
        async with smtp_service(SmtpService()) as service:
            server = SmtpServer(HOST, service.port, "none")
            mailer = SmtpMailer(server, SENDER, timeout=5)
            yield Delivery(mailer, lambda: _of_smtp(service))
            await mailer.close()
    elif request.param == "file":
        path = tmp_path / "letters.txt"
        yield Delivery(FileMailer(path), lambda: read_letters(path))
    else:
        fake = FakeMailer()
        yield Delivery(fake, lambda: [(one.to, one.subject, one.text) for one in fake.sent])


async def test_after_closing_nothing_is_sent(delivery: Delivery) -> None:
    await delivery.mailer.close()
    await delivery.mailer.close()
    with pytest.raises(MailUnavailable):
        await delivery.mailer.send(LETTER)
    assert delivery.delivered() == []


async def test_what_is_sent_arrives_as_it_is(delivery: Delivery) -> None:
    await delivery.mailer.send(LETTER)
    assert delivery.delivered() == [(LETTER.to, LETTER.subject, LETTER.text)]


async def test_mails_that_are_sent_together_all_arrive(delivery: Delivery) -> None:
    letters = [Mail(f"ann{number}@example.com", "Hello", "Text\n") for number in range(5)]
    await asyncio.gather(*(delivery.mailer.send(one) for one in letters))
    assert sorted(to for to, *_ in delivery.delivered()) == sorted(one.to for one in letters)


@pytest.mark.parametrize(
    ("to", "subject"),
    [("ann@example.com\nBcc: eve@example.com", "x"), ("ann@example.com", "x\r\nBcc: e"), ("", "x")],
)
def test_a_header_cannot_be_added(to: str, subject: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        Mail(to, subject, "text")


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    folder: Path = tmp_path_factory.mktemp("tls")
    return make_certificate(folder)


@pytest.mark.parametrize("kind", ["tls", "starttls"])
async def test_mail_is_encrypted_and_the_server_is_verified(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], kind: Security
) -> None:
    ours, trusting = contexts
    service = SmtpService(password="secret")
    async with smtp_service(service, tls=ours, wrapped=kind == "tls"):
        server = SmtpServer(HOST, service.port, kind, "desk", "secret")
        suspicious = SmtpMailer(server, SENDER, timeout=5)
        with pytest.raises(MailUnavailable):
            await suspicious.send(LETTER)
        wrong = SmtpServer(HOST, service.port, kind, "desk", "another")
        with pytest.raises(MailUnavailable):
            await SmtpMailer(wrong, SENDER, tls=trusting, timeout=5).send(LETTER)
        assert service.mails == []
        await SmtpMailer(server, SENDER, tls=trusting, timeout=5).send(LETTER)
    assert service.encrypted == [True]


async def test_without_encryption_nothing_is_sent_unless_it_is_allowed(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    service = SmtpService(offers_starttls=False)
    async with smtp_service(service, tls=contexts[0]):
        mailer = SmtpMailer(SmtpServer(HOST, service.port, "starttls"), SENDER, timeout=5)
        with pytest.raises(MailUnavailable, match="STARTTLS"):
            await mailer.send(LETTER)
    assert service.mails == []


@pytest.mark.parametrize(
    ("reply", "error"),
    [("550 no such user", MailRefused), ("451 greylisted, later", MailUnavailable)],
)
async def test_a_refusal_is_told_from_a_delay(reply: str, error: type[Exception]) -> None:
    service = SmtpService(refusals={LETTER.to: reply})
    async with smtp_service(service):
        mailer = SmtpMailer(SmtpServer(HOST, service.port, "none"), SENDER, timeout=5)
        with pytest.raises(error, match=reply[:3]):
            await mailer.send(LETTER)


async def test_a_server_that_is_away_or_mute_is_told() -> None:
    mute = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = mute.sockets[0].getsockname()[1]
    mailer = SmtpMailer(SmtpServer(HOST, port, "none"), SENDER, timeout=0.3)
    with pytest.raises(MailUnavailable):
        await mailer.send(LETTER)
    mute.close()
    with pytest.raises(MailUnavailable):
        await mailer.send(LETTER)


@pytest.mark.parametrize(
    "url",
    [
        *("", "mail.example", "http://mail.example", "smtp://", "smtp://host:port"),
        *("smtp://u:secret@host?tls=none", "smtps://host?tls=none", "smtp://host?tls=maybe"),
        *("smtp://host/path", "smtp://user@host", "smtp://host:99999"),
    ],
)
def test_an_address_that_does_not_hold_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_smtp_url(url)
    assert "secret" not in refusal.value.message


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://mail.example", SmtpServer("mail.example", 465, "tls")),
        ("smtp://mail.example", SmtpServer("mail.example", 587, "starttls")),
        ("smtp://relay:2525?tls=none", SmtpServer("relay", 2525, "none")),
        (
            "smtps://a%40b.example:p%2Fw@mail.example:4650",
            SmtpServer("mail.example", 4650, "tls", "a@b.example", "p/w"),
        ),
    ],
)
def test_an_address_is_read(url: str, server: SmtpServer) -> None:
    assert parse_smtp_url(url) == server
