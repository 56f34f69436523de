"""Every setting of an installation, read once from the environment.

Settings are named `ANSWERDESK_…`; `DATABASE_URL`, `DATABASE_ADMIN_URL` and `PORT` keep the names
that hosting platforms give them.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import pairwise
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

from answerdesk.core.dialects import DIALECTS, Dialect
from answerdesk.core.faults import did_you_mean


def _networks(given: object) -> tuple[IPv4Network | IPv6Network, ...]:
    parts = given.split(",") if isinstance(given, str) else given
    if not isinstance(parts, Iterable):
        msg = "has to be a list of networks"
        raise ValueError(msg)  # noqa: TRY004  # Pydantic passes on only this kind of error.
    return tuple(_network(text) for part in parts if (text := str(part).strip()))


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        msg = f"{text!r} is neither an address (192.0.2.7) nor a network (10.0.0.0/8)"
        with suppress(ValueError):
            whole = ip_network(text, strict=False)
            msg = f"{text!r} has host bits set; did you mean {whole}?"
        raise ValueError(msg) from error


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, PlainValidator(_networks)]
"""Addresses or networks (CIDR), separated by commas."""


def _hosts(given: object) -> object:
    """Read `host=dialect` pairs; raises ValueError."""
    pairs = _by_commas(given)
    if not isinstance(pairs, list):
        return given
    hosts: dict[str, str] = {}
    for pair in pairs:
        host, equals, dialect = (part.strip().lower() for part in pair.partition("="))
        if not host or not equals or dialect not in DIALECTS:
            meant = did_you_mean(dialect, DIALECTS)
            msg = f"{pair!r} is not a host with a dialect, such as api.example.com=orac{meant}"
            raise ValueError(msg)
        hosts[host] = dialect
    return hosts


Hosts = Annotated[Mapping[str, Dialect], NoDecode, BeforeValidator(_hosts)]
"""Hosts with the dialect that is spoken there."""


_DAY: Final = 86_400


def _delays(given: object) -> object:
    """Read `seconds:percent` pairs; raises ValueError."""
    pairs = _by_commas(given)
    if not isinstance(pairs, list):
        return given
    try:
        delays = tuple((float(most), float(share)) for most, share in (p.split(":") for p in pairs))
    except ValueError as error:
        msg = "has to be pairs of seconds and per cent, such as 60:80,300:20"
        raise ValueError(msg) from error
    rising = [0.0, *(most for most, _ in delays), _DAY + 1]
    if not all(earlier < later for earlier, later in pairwise(rising)):
        msg = f"has to rise from more than 0 to at most {_DAY:,} seconds"
        raise ValueError(msg)
    if not all(share >= 0 for _, share in delays) or round(sum(s for _, s in delays), 6) != 100:
        msg = "has to have percentages that add up to 100"
        raise ValueError(msg)
    return delays


DelayTable = Annotated[tuple[tuple[float, float], ...], NoDecode, BeforeValidator(_delays)]
"""So many seconds at most, and for how many per cent; shortest first."""


PREFIX: Final = "ANSWERDESK_"
MOST_PROCESSES: Final = 64


def _by_commas(given: object) -> object:
    parts = given.split(",") if isinstance(given, str) else given
    return [part.strip() for part in parts if part.strip()] if isinstance(parts, list) else parts


WebhookSchedule = Annotated[
    tuple[Annotated[float, Field(ge=0, le=7 * _DAY)], ...], NoDecode, BeforeValidator(_by_commas)
]
"""Seconds, separated by commas."""


def _own_port(given: object) -> object:
    # Kubernetes sets ANSWERDESK_PORT for a service called `answerdesk`.
    return 8000 if isinstance(given, str) and given.startswith("tcp://") else given


class Settings(BaseSettings):
    """What an operator can set; `docs/reference/settings.md` documents each setting."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data_dir: Path = Field(
        default=Path(".data"), description="Folder that holds the database, the keys and the logs."
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL"),
        description="PostgreSQL ≥ 16 with pgvector ≥ 0.8, as the runtime role. Unset: the embedded "
        "PostgreSQL.",
    )
    database_admin_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_ADMIN_URL"),
        description="The same database, as the role that owns the tables. Migrations run as it.",
    )
    database_pool: int = Field(
        default=10,
        ge=1,
        le=200,
        description="Maximum connections per process for transactions. Up to half as many more, at "
        "most five, run single statements.",
    )
    database_connections: int | None = Field(
        default=None,
        ge=5,
        description="Maximum connections of this node, counting all processes of its `serve`. "
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
        description="Number of processes that `serve` runs on its one port, to use several cores.",
    )
    max_connections: int = Field(
        default=10_000, ge=1, description="Maximum client connections per process."
    )
    public_url: str | None = Field(
        default=None,
        description="Address at which visitors reach this installation, used in links. "
        "Unset: taken from the request.",
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="Addresses or networks (CIDR) of the proxies in front, separated by commas. "
        "`X-Forwarded-For` and `X-Forwarded-Proto` are trusted only from these.",
    )
    dialect_hosts: Hosts = Field(
        default_factory=dict,
        description="Hosts at which only one dialect is spoken, separated by commas, such as "
        "`api.example.com=orac`. There its paths are never another dialect's.",
    )
    owner_key: SecretStr | None = Field(
        default=None,
        min_length=24,
        description="The owner's key, at least 24 characters. Unset: generated once and kept in "
        "the data folder.",
    )
    secret_keys: SecretStr | None = Field(
        default=None,
        description="Keys that encrypt stored secrets and sign tokens, newest first, separated by "
        "commas, each at least 32 random characters. Must be the same on every node. Unset: "
        "generated once and kept in the data folder.",
    )
    plans_file: Path | None = Field(
        default=None,
        description="TOML file with the plans and their limits. Unset: the plans that come with "
        "Answerdesk.",
    )
    signup: Literal["open", "invite", "closed"] = Field(
        default="open",
        description="Who may sign up: anybody (`open`), people invited by a member (`invite`), or "
        "only people invited by the operator (`closed`).",
    )
    signup_plan: str = Field(
        default="unlimited", description="Plan of accounts created by signing up."
    )
    signup_plans: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_by_commas)] = Field(
        default=(),
        description="Plans that people may choose when they sign up, separated by commas. Without "
        "a choice, they get the plan of ANSWERDESK_SIGNUP_PLAN.",
    )
    log_in_attempts: int = Field(
        default=10,
        ge=0,
        description="Maximum attempts per 15 minutes to log in or reset a password with one e-mail "
        "address from one client address. 0: no limit.",
    )
    log_in_attempts_per_address: int = Field(
        default=100,
        ge=0,
        description="The same from one client address, whatever the e-mail address. 0: no limit.",
    )
    sign_ups_per_address: int = Field(
        default=20,
        ge=0,
        description="Maximum attempts per 15 minutes to sign up from one client address. 0: no "
        "limit.",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="Mail server: `smtps://user:password@host`, `smtp://…` for STARTTLS, or "
        "`smtp://host:25?tls=none` for a local relay. Unset: mails are kept in the data folder.",
    )
    mail_from: str = Field(
        default="Answerdesk <answerdesk@localhost>", description="Sender of mail."
    )
    demo: bool = Field(default=True, description="Create a demo project on an empty installation.")
    worker: bool = Field(
        default=True, description="Run background jobs in the `serve` process as well."
    )
    embedder: Literal["minilm", "e5", "openai", "fake"] = Field(
        default="minilm",
        description="What embeds the texts of new projects: `minilm` in this process, `e5` as well "
        "(the multilingual model, `answerdesk models install multilingual`), `openai` the service "
        "at ANSWERDESK_EMBEDDING_URL. `fake` is for tests.",
    )
    embedding_url: str | None = Field(
        default=None,
        description="Embedding service with an OpenAI-compatible API, such as "
        "`https://api.openai.com/v1`. Existing projects can be switched to it.",
    )
    embedding_model: str | None = Field(
        default=None, min_length=1, max_length=200, description="Model of the embedding service."
    )
    embedding_key: SecretStr | None = Field(
        default=None, description="API key of the embedding service, if it needs one."
    )
    embedding_dimensions: int | None = Field(
        default=None,
        ge=1,
        le=4000,
        description="Vector length to request from the embedding service. Unset: the model's own.",
    )
    embedding_space: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Name of the vector space of the embedding service. Unset: derived from model, "
        "dimensions and address. If the same model moves to another address, set this to the old ",
    )
    reranker_url: str | None = Field(
        default=None,
        description="Reranking service that orders the passages found for a question, such as "
        "`https://api.jina.ai/v1`; `/rerank` is appended. Unset: the built-in order.",
    )
    reranker_kind: Literal["cohere", "tei"] = Field(
        default="cohere",
        description="API of the reranking service: `cohere` (Cohere, Jina, vLLM, llama.cpp and "
        "others) or `tei` (Hugging Face's Text Embeddings Inference).",
    )
    reranker_model: str | None = Field(
        default=None, min_length=1, max_length=200, description="Model of the reranking service."
    )
    reranker_key: SecretStr | None = Field(
        default=None, description="API key of the reranking service, if it needs one."
    )
    reranker_seconds: float = Field(
        default=1.0,
        ge=0.05,
        le=10,
        description="Seconds that the reranking service has for a question. After them, the "
        "built-in order is used.",
    )
    embedder_threads: int = Field(
        default=1, ge=1, le=64, description="Threads for one forward pass."
    )
    chat_model: Literal["none", "fake"] = Field(
        default="none",
        description="Language model that writes answers. `none` answers in the knowledge's own "
        "words; `fake` is for tests.",
    )
    fake_latency: float = Field(
        default=0.0, ge=0, le=3600, description="Seconds that each call to a fake provider takes."
    )
    turn_lease: float = Field(
        default=30.0,
        ge=0.5,
        le=600,
        description="Seconds after which an unfinished answer is picked up again.",
    )
    visitor_return_hours: float = Field(
        default=168.0,
        ge=0,
        le=24 * 365,
        description="Hours after a visitor token expires during which an anonymous visitor can "
        "return as the same visitor.",
    )
    visitor_sessions_per_minute: int = Field(
        default=60,
        ge=0,
        description="Maximum visitor sessions started or renewed per minute from one client "
        "address. 0: no limit.",
    )
    visitor_messages_per_minute: int = Field(
        default=60,
        ge=0,
        description="Maximum messages per minute from one client address, on every tier, counting "
        "only visitors without a verified identity. 0: no limit.",
    )
    page_networks: Networks = Field(
        default=(),
        description="Private addresses or networks (CIDR), separated by commas, from which pages "
        "may be fetched. Public addresses need no entry.",
    )
    webhook_networks: Networks = Field(
        default=(),
        description="Private addresses or networks (CIDR) to which webhooks may be sent.",
    )
    webhook_schedule: WebhookSchedule = Field(
        default=(0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400),
        min_length=1,
        max_length=20,
        description="Seconds before each attempt to deliver a webhook, separated by commas: the "
        "first counts from the event, each other from the failed attempt before it. Up to a tenth "
        "is added at random.",
    )
    webhook_seconds: float = Field(
        default=15.0,
        ge=0.1,
        le=60,
        description="Seconds within which a webhook's receiver has to answer.",
    )
    webhook_log_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Days after its end for which a webhook delivery is shown with its attempts "
        "and can be sent again.",
    )
    reply_delays: DelayTable = Field(
        default=((60, 10), (300, 50), (900, 20), (1800, 10), (5400, 9), (_DAY, 1)),
        description="How long delayed replies take: `seconds:percent` pairs, shortest first, "
        "separated by commas. `60:80,300:20`: less than a minute for 80 % of them, less than five "
        "minutes for the others.",
    )
    provider_networks: Networks = Field(
        default=(),
        description="Private addresses or networks (CIDR) at which model, embedding and reranking "
        "services may be reached.",
    )
    action_networks: Networks = Field(
        default=(),
        description="Private addresses or networks (CIDR) at which actions may be called.",
    )
    action_seconds: float = Field(
        default=10.0,
        ge=0.1,
        le=30,
        description="Seconds that a called action has to respond completely.",
    )
    crawl_delay: float = Field(
        default=0.5,
        ge=0,
        le=60,
        description="Seconds between two requests to one website. Its robots.txt may ask for more.",
    )
    crawl_retry_delay: float = Field(
        default=10.0,
        ge=0,
        le=3600,
        description="Seconds before a website that does not respond is tried again. Each further "
        "delay is three times as long; there are three retries.",
    )
    max_site_pages: int = Field(
        default=10_000,
        ge=1,
        le=1_000_000,
        description="Maximum pages of one website, whatever its source says.",
    )
    max_page_bytes: int = Field(
        default=5 * 1024 * 1024,
        ge=1024,
        description="Largest page that is fetched, in bytes, after decompression.",
    )
    parse_seconds: float = Field(
        default=25.0,
        gt=0,
        le=600,
        description="Maximum processor time for reading one document, in seconds, however busy the "
        "machine is.",
    )
    parse_memory_mb: int = Field(
        default=768,
        ge=256,
        description="Maximum memory for reading one document, in MiB of address space.",
    )
    parsing_processes: int = Field(
        default=1,
        ge=1,
        le=32,
        description="Documents that one Answerdesk process reads at a time. One more is read "
        "alongside them if reading takes long.",
    )
    max_json_bytes: int = Field(
        default=256 * 1024, ge=1024, description="Largest JSON body that is accepted, in bytes."
    )
    max_file_bytes: int = Field(
        default=10 * 1024 * 1024, ge=1024, description="Largest uploaded file, in bytes."
    )
    other_variables: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_by_commas)] = Field(
        default=(),
        description="Variables that begin with ANSWERDESK_ but belong to something else, separated "
        "by commas; `*` matches any characters. Every other unknown variable is refused, because a "
        "misspelled setting would silently do nothing.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe level that is logged."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="`json`: one JSON object per line. `console`: text for people."
    )

    @model_validator(mode="after")
    def _mail_can_be_answered_for(self) -> Self:
        if self.smtp_url is not None and (
            self.public_url is None or "mail_from" not in self.model_fields_set
        ):
            # A link's address is never taken from a request, which anybody can forge.
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
        if self.reranker_url is not None and (
            self.reranker_kind == "cohere" and self.reranker_model is None
        ):
            msg = "ANSWERDESK_RERANKER_URL needs ANSWERDESK_RERANKER_MODEL"
            raise ValueError(msg)
        if self.reranker_url is None and (self.reranker_model or self.reranker_key):
            msg = (
                "ANSWERDESK_RERANKER_MODEL and ANSWERDESK_RERANKER_KEY need ANSWERDESK_RERANKER_URL"
            )
            raise ValueError(msg)
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
        raise ValueError(f"{names} must be set together or not at all")
