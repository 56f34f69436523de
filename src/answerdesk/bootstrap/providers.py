"""The providers that the settings name."""

from functools import partial
from typing import Final

from answerdesk.accounts.letters import Post
from answerdesk.core.outbound import Outbound, OutboundPolicy
from answerdesk.core.settings import Settings
from answerdesk.providers.chat_model import ChatModel
from answerdesk.providers.e5.finding import is_installed
from answerdesk.providers.embedder import Embedder
from answerdesk.providers.embedders import (
    FAKE_SPACES,
    MINILM_DIMENSIONS,
    MINILM_SPACE,
    MULTILINGUAL_DIMENSIONS,
    MULTILINGUAL_SPACE,
    Embedders,
    Offer,
)
from answerdesk.providers.file_mailer import FileMailer
from answerdesk.providers.openai_embedder import EmbeddingService, OpenAiEmbedder
from answerdesk.providers.reranker import Reranker

LETTERS_FILE: Final = "letters.txt"
"""File in the data folder with the mails that were written instead of sent."""


def make_outbound(settings: Settings) -> Outbound:
    """Return the HTTP client for all fetches, as the settings describe it."""
    return Outbound(OutboundPolicy.of(settings))


def make_embedders(settings: Settings, outbound: Outbound) -> Embedders:
    """Return the embedders of every space that the settings offer."""

    # Import only what is used: the model's runtime costs memory and a second.
    def minilm() -> Embedder:
        from answerdesk.providers.minilm.embedder import MiniLmEmbedder  # noqa: PLC0415

        return MiniLmEmbedder(threads=settings.embedder_threads)

    def multilingual() -> Embedder:
        from answerdesk.providers.e5.embedder import E5Embedder  # noqa: PLC0415

        return E5Embedder(threads=settings.embedder_threads)

    def fake(space: str, dimensions: int) -> Embedder:
        from answerdesk.providers.fake_embedder import FakeEmbedder  # noqa: PLC0415

        return FakeEmbedder(space=space, dimensions=dimensions, latency=settings.fake_latency)

    offers = [Offer(MINILM_SPACE, MINILM_DIMENSIONS, minilm, multilingual=False)]
    default = MINILM_SPACE
    if is_installed() or settings.embedder == "e5":
        # If it is not installed, questions are searched by words, and the log says what to do.
        offers.append(
            Offer(MULTILINGUAL_SPACE, MULTILINGUAL_DIMENSIONS, multilingual, multilingual=True)
        )
        default = MULTILINGUAL_SPACE if settings.embedder == "e5" else default
    if settings.embedding_url is not None and settings.embedding_model is not None:
        key = settings.embedding_key
        service = EmbeddingService(
            url=settings.embedding_url,
            model=settings.embedding_model,
            key=None if key is None else key.get_secret_value(),
            dimensions=settings.embedding_dimensions,
            name=settings.embedding_space,
        )
        start = partial(OpenAiEmbedder, outbound, service)
        offers.append(Offer(service.space, service.dimensions, start))
        default = service.space if settings.embedder == "openai" else default
    if settings.embedder == "fake":
        default = FAKE_SPACES[0][0]
        offers += [
            Offer(space, size, partial(fake, space, size), multilingual=False)
            for space, size in FAKE_SPACES
        ]
    return Embedders(offers, default, installable=MULTILINGUAL_SPACE)


def import_ahead(settings: Settings) -> None:
    """Import what every process will use, so that processes forked from this one share it."""
    if settings.embedder == "minilm":
        import answerdesk.providers.minilm.embedder  # noqa: PLC0415
    elif settings.embedder == "e5":
        import answerdesk.providers.e5.embedder  # noqa: F401, PLC0415


def make_post(settings: Settings) -> Post:
    """Return what sends mail to people, with the address that its links lead to."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - read
    base_url = (settings.public_url or f"http://{host}:{settings.port}").rstrip("/")
    if settings.smtp_url is None:
        mailer = FileMailer(settings.data_dir.absolute() / LETTERS_FILE)
        return Post(mailer, base_url, kept_in=mailer.path)
    from answerdesk.providers.smtp_mailer import SmtpMailer, parse_smtp_url  # noqa: PLC0415

    server = parse_smtp_url(settings.smtp_url.get_secret_value())
    return Post(SmtpMailer(server, settings.mail_from), base_url)


def make_reranker(settings: Settings, outbound: Outbound) -> Reranker | None:
    """Return the service that orders passages; None for the built-in order."""
    if settings.reranker_url is None:
        return None
    from answerdesk.providers.http_reranker import HttpReranker, RerankingService  # noqa: PLC0415

    key = settings.reranker_key
    service = RerankingService(
        url=settings.reranker_url,
        kind=settings.reranker_kind,
        model=settings.reranker_model,
        key=None if key is None else key.get_secret_value(),
        seconds=settings.reranker_seconds,
    )
    return HttpReranker(outbound, service)


def make_chat_model(settings: Settings) -> ChatModel | None:
    """Return the model that writes answers; None for answers without a model."""
    if settings.chat_model == "fake":
        from answerdesk.providers.fake_chat_model import FakeChatModel  # noqa: PLC0415

        return FakeChatModel(latency=settings.fake_latency)
    return None
