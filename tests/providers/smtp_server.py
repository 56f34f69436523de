"""A small real SMTP server on the loopback interface, with or without TLS."""

import asyncio
import base64
import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "localhost"


@dataclass
class SmtpService:
    """What the server has got and how it answers; `refusals` maps a recipient to a reply."""

    refusals: dict[str, str] = field(default_factory=dict)
    password: str | None = None
    offers_starttls: bool = True
    smtputf8: bool = True
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)


def make_certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a context for the server, and one for clients that trust it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "server.pem"
    path.write_bytes(public + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cadata=public.decode())


@asynccontextmanager
async def smtp_service(
    service: SmtpService, *, tls: ssl.SSLContext | None = None, wrapped: bool = False
) -> AsyncIterator[SmtpService]:
    """Serve until the block ends; `wrapped` is TLS from the first byte."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _Conversation(service, reader, writer, None if wrapped else tls).run()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    context = tls if wrapped else None
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    service.port = server.sockets[0].getsockname()[1]
    try:
        yield service
    finally:
        server.close()


class _Conversation:
    def __init__(
        self,
        service: SmtpService,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        tls: ssl.SSLContext | None,
    ) -> None:
        self.service = service
        self.reader = reader
        self.writer = writer
        self.tls = tls
        self.allowed = service.password is None

    async def run(self) -> None:
        await self.say("220 localhost ready")
        while line := await self.reader.readline():
            text = line.decode("utf-8").strip()
            verb = text.upper()
            if verb.startswith("EHLO"):
                await self.say(self.greeting())
            elif verb == "STARTTLS" and self.tls is not None:
                await self.say("220 go ahead")
                await self.writer.start_tls(self.tls)
                self.tls = None
            elif verb.startswith("AUTH PLAIN"):
                await self.authenticate(text.split()[-1])
            elif verb.startswith("MAIL FROM"):
                await self.say("250 ok" if self.allowed else "530 log in first")
            elif verb.startswith("RCPT TO"):
                address = text.partition("<")[2].partition(">")[0]
                await self.say(self.service.refusals.get(address, "250 ok"))
            elif verb == "DATA":
                await self.take()
            elif verb == "QUIT":
                await self.say("221 bye")
                return
            else:
                await self.say("250 ok")

    def greeting(self) -> str:
        lines = ["localhost"]
        if self.tls is not None and self.service.offers_starttls:
            lines.append("STARTTLS")
        if self.service.password is not None:
            lines.append("AUTH PLAIN")
        if self.service.smtputf8:
            lines += ["8BITMIME", "SMTPUTF8"]
        last = len(lines) - 1
        return "\r\n".join(f"250{' ' if i == last else '-'}{one}" for i, one in enumerate(lines))

    async def authenticate(self, encoded: str) -> None:
        self.allowed = base64.b64decode(encoded) == f"\0desk\0{self.service.password}".encode()
        await self.say("235 welcome" if self.allowed else "535 wrong")

    async def take(self) -> None:
        await self.say("354 go on")
        content = await self.reader.readuntil(b"\r\n.\r\n")
        content = content.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
        parsed = message_from_bytes(content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.service.mails.append(parsed)
        self.service.encrypted.append(self.writer.get_extra_info("sslcontext") is not None)
        await self.say("250 taken")

    async def say(self, line: str) -> None:
        self.writer.write(line.encode() + b"\r\n")
        await self.writer.drain()
