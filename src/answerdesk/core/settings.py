"""Every setting of an installation, read once from the environment.

Settings are named `ANSWERDESK_…`; `DATABASE_URL`, `DATABASE_ADMIN_URL` and `PORT` keep the names
that hosting platforms give them.
"""

from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    PlainValidator,
    SecretStr,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _networks(given: object) -> tuple[IPv4Network | IPv6Network, ...]:
    parts = given.split(",") if isinstance(given, str) else given
    if not isinstance(parts, Iterable):
        msg = "has to be a list of networks"
        raise ValueError(msg)  # noqa: TRY004  # Pydantic hands on this kind only.
    return tuple(_network(text) for part in parts if (text := str(part).strip()))


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        msg = f"{text!r} is neither an address nor a network, such as 192.0.2.7 or 10.0.0.0/8"
        with suppress(ValueError):
            whole = ip_network(text, strict=False)
            msg = f"{text!r} has more digits than its network; did you mean {whole}?"
        raise ValueError(msg) from error


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, PlainValidator(_networks)]
"""Addresses or networks (CIDR), separated by commas."""


PREFIX: Final = "ANSWERDESK_"
MOST_PROCESSES: Final = 64


def _by_commas(given: object) -> object:
    parts = given.split(",") if isinstance(given, str) else given
    return [part.strip() for part in parts if part.strip()] if isinstance(parts, list) else parts


def _own_port(given: object) -> object:
    # Kubernetes gives a service that is called `answerdesk` the variable ANSWERDESK_PORT.
    return 8000 if isinstance(given, str) and given.startswith("tcp://") else given


class Settings(BaseSettings):
    """What an operator can set; `docs/reference/settings.md` describes each for people."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data_dir: Path = Field(
        default=Path(".data"), description="Folder that holds the database, the keys and the logs."
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL"),
        description="PostgreSQL ≥ 16 with pgvector ≥ 0.8, as the runtime role. Unset: embedded.",
    )
    database_admin_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_ADMIN_URL"),
        description="The same database as the role that owns the tables; migrations run as it.",
    )
    database_pool: int = Field(
        default=10,
        ge=1,
        le=200,
        description="Most connections of one process for transactions. Half as many, at most five, "
        "run single statements besides.",
    )
    database_connections: int | None = Field(
        default=None,
        ge=5,
        description="Most connections that this node holds, all processes of its `serve` together. "
        "Unset: three quarters of what the database allows, if there are several processes.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: Annotated[int, BeforeValidator(_own_port)] = Field(
        default=8000,
        ge=0,
        le=65535,
        validation_alias=AliasChoices("PORT", "ANSWERDESK_PORT"),
        description="TCP port to listen on.",
    )
    processes: int = Field(
        default=1,
        ge=1,
        le=MOST_PROCESSES,
        description="Processes that `serve` runs on the one port, to use as many cores.",
    )
    max_connections: int = Field(
        default=10_000, ge=1, description="Most clients' connections that one process holds."
    )
    public_url: str | None = Field(
        default=None,
        description="Address under which visitors reach this installation, for links. "
        "Unset: taken from the request.",
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="Addresses or networks (CIDR) of the proxies in front, separated by commas. "
        "Only theirs `X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
    )
    owner_key: SecretStr | None = Field(
        default=None,
        min_length=24,
        description="Key of the owner, at least 24 characters. Unset: generated once and kept in "
        "the data folder.",
    )
    secret_keys: SecretStr | None = Field(
        default=None,
        description="Keys that seal stored secrets and sign tokens, newest first, separated by "
        "commas, each at least 32 random characters. The same on every node. Unset: generated once "
        "and kept in the data folder.",
    )
    plans_file: Path | None = Field(
        default=None,
        description="TOML file with the plans and their limits. Unset: those that come with "
        "Answerdesk.",
    )
    signup: Literal["open", "invite", "closed"] = Field(
        default="open",
        description="Who may sign up: anybody, those who are invited by a member, or only those "
        "whom the operator invites.",
    )
    signup_plan: str = Field(
        default="unlimited", description="Plan of accounts that are made by signing up."
    )
    log_in_attempts: int = Field(
        default=10,
        ge=0,
        description="Most attempts in 15 minutes to log in, or to have a password reset, with one "
        "e-mail address from one client address. 0: no limit.",
    )
    log_in_attempts_per_address: int = Field(
        default=100,
        ge=0,
        description="The same from one client address, with whatever e-mail addresses. 0: no "
        "limit.",
    )
    sign_ups_per_address: int = Field(
        default=20,
        ge=0,
        description="Most attempts to sign up in 15 minutes from one client address. 0: no limit.",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="Mail server: `smtps://user:password@host`, `smtp://…` for STARTTLS, or "
        "`smtp://host:25?tls=none` for a relay nearby. Unset: letters lie in the data folder.",
    )
    mail_from: str = Field(
        default="Answerdesk <answerdesk@localhost>", description="Sender of mail."
    )
    demo: bool = Field(default=True, description="Make a demo project on an empty installation.")
    worker: bool = Field(
        default=True, description="Let `serve` do due work in its own process, too."
    )
    embedder: Literal["minilm", "openai", "fake"] = Field(
        default="minilm",
        description="What turns new projects' texts into vectors: `minilm` in this process, "
        "`openai` the service at ANSWERDESK_EMBEDDING_URL; `fake` is for tests.",
    )
    embedding_url: str | None = Field(
        default=None,
        description="Embedding service that speaks OpenAI's wire, such as "
        "`https://api.openai.com/v1`. Projects can be changed to it.",
    )
    embedding_model: str | None = Field(
        default=None, min_length=1, max_length=200, description="Model of that service."
    )
    embedding_key: SecretStr | None = Field(
        default=None, description="Key of that service, if it asks for one."
    )
    embedding_dimensions: int | None = Field(
        default=None,
        ge=1,
        le=4000,
        description="Length of vectors to ask that service for. Unset: the model's own.",
    )
    embedding_space: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Name of the vector space that service's vectors are in. Unset: made of model, "
        "dimensions and address. To be set to the old name when the same model moves to another "
        "address.",
    )
    embedder_threads: int = Field(
        default=1, ge=1, le=64, description="Threads that one forward pass may use."
    )
    chat_model: Literal["none", "fake"] = Field(
        default="none",
        description="Language model that writes answers; `none` answers in the knowledge's own "
        "words, `fake` is for tests.",
    )
    fake_latency: float = Field(
        default=0.0, ge=0, le=3600, description="Seconds that each call of a fake provider takes."
    )
    turn_lease: float = Field(
        default=30.0,
        ge=0.5,
        le=600,
        description="Seconds after which an answer that nobody finished is taken up again.",
    )
    visitor_return_hours: float = Field(
        default=168.0,
        ge=0,
        le=24 * 365,
        description="Hours after a visitor token's end within which an anonymous visitor can come "
        "back as the same.",
    )
    visitor_sessions_per_minute: int = Field(
        default=60,
        ge=0,
        description="Most visitors' sessions that are begun or renewed from one client address in "
        "a minute; 0 is no limit.",
    )
    visitor_messages_per_minute: int = Field(
        default=60,
        ge=0,
        description="Most messages of visitors without a verified identity from one client address "
        "in a minute, on every tier; 0 is no limit.",
    )
    page_networks: Networks = Field(
        default=(),
        description="Private addresses or networks (CIDR), separated by commas, that pages may be "
        "fetched from. Public addresses need no entry.",
    )
    webhook_networks: Networks = Field(
        default=(),
        description="Private addresses or networks (CIDR) that webhooks may be sent to.",
    )
    provider_networks: Networks = Field(
        default=(),
        description="Private addresses or networks (CIDR) that model and embedding services may "
        "be at.",
    )
    crawl_delay: float = Field(
        default=0.5,
        ge=0,
        le=60,
        description="Seconds between two requests to one website; its robots.txt may ask for more.",
    )
    crawl_retry_delay: float = Field(
        default=10.0,
        ge=0,
        le=3600,
        description="Seconds until a website that does not answer is asked again; each further "
        "time three times as long, three times in all.",
    )
    max_site_pages: int = Field(
        default=10_000,
        ge=1,
        le=1_000_000,
        description="Most pages that one website may bring, whatever its source says.",
    )
    max_page_bytes: int = Field(
        default=5 * 1024 * 1024,
        ge=1024,
        description="Largest page that is fetched, in bytes, unpacked.",
    )
    parse_seconds: float = Field(
        default=25.0,
        gt=0,
        le=600,
        description="Seconds of processor time that reading one document may take, however busy "
        "the machine is.",
    )
    parse_memory_mb: int = Field(
        default=768,
        ge=256,
        description="Memory that reading one document may take, in MiB of address space.",
    )
    parsing_processes: int = Field(
        default=1,
        ge=1,
        le=32,
        description="Documents that one process of Answerdesk reads at once; one more is read "
        "beside them when it takes long.",
    )
    max_json_bytes: int = Field(
        default=256 * 1024, ge=1024, description="Largest JSON body that is read, in bytes."
    )
    max_file_bytes: int = Field(
        default=10 * 1024 * 1024, ge=1024, description="Largest uploaded file, in bytes."
    )
    other_variables: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_by_commas)] = Field(
        default=(),
        description="Variables that begin with ANSWERDESK_ and belong to something else, separated "
        "by commas; `*` stands for any characters. Any other that is no setting is refused, since "
        "a misspelled one would do nothing.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe record that is logged."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="One JSON object a line, or text for people."
    )

    @model_validator(mode="after")
    def _mail_can_be_answered_for(self) -> Self:
        if self.smtp_url is not None and (
            self.public_url is None or "mail_from" not in self.model_fields_set
        ):
            # A link's address is never taken from a request, which anybody can send.
            msg = (
                "ANSWERDESK_SMTP_URL needs ANSWERDESK_PUBLIC_URL, for the links in mail, and "
                "ANSWERDESK_MAIL_FROM"
            )
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _pairs_come_together(self) -> Self:
        _require_pair(
            (self.embedding_url, self.embedding_model),
            "ANSWERDESK_EMBEDDING_URL and ANSWERDESK_EMBEDDING_MODEL",
        )
        _require_pair(
            (self.database_url, self.database_admin_url),
            "DATABASE_URL (runtime role) and DATABASE_ADMIN_URL (owner of the tables)",
        )
        if self.embedder == "openai" and self.embedding_url is None:
            msg = (
                "ANSWERDESK_EMBEDDER=openai needs ANSWERDESK_EMBEDDING_URL and "
                "ANSWERDESK_EMBEDDING_MODEL"
            )
            raise ValueError(msg)
        return self


def _require_pair(values: tuple[object | None, object | None], names: str) -> None:
    if (values[0] is None) != (values[1] is None):
        raise ValueError(f"{names} are set together or not at all")
