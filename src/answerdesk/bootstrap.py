"""The composition root: from settings to running parts. The only place that names providers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from psycopg.conninfo import conninfo_to_dict

from answerdesk.accounts.authentication import Authenticator, Credentials
from answerdesk.accounts.invitations import tasks as invitation_tasks
from answerdesk.accounts.letters import Post
from answerdesk.accounts.limits import tasks as limit_tasks
from answerdesk.accounts.owner_key import load_owner_key
from answerdesk.accounts.passwords import Passwords
from answerdesk.accounts.plans import Plans, install_plans, load_plans
from answerdesk.accounts.reset import tasks as reset_tasks
from answerdesk.accounts.service import installation_account, require_plan
from answerdesk.accounts.sessions import install_token_keys, principal_of_access_token
from answerdesk.accounts.signup.service import SignUp, SignUpRules
from answerdesk.accounts.users.attempts import AttemptLimits
from answerdesk.accounts.users.service import People
from answerdesk.answering.service import Answering
from answerdesk.conversations import tasks as conversation_tasks
from answerdesk.conversations.erasure.service import erase_conversations
from answerdesk.conversations.reply.service import Reply
from answerdesk.conversations.visitors.address_limits import AddressLimits
from answerdesk.conversations.visitors.service import Visitors
from answerdesk.core.crypto import Sealer, load_secret_keys
from answerdesk.core.database import ConnectionArguments, Database
from answerdesk.core.due import Registration, Worker
from answerdesk.core.errors import Unavailable
from answerdesk.core.outbound import Outbound, OutboundPolicy
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId
from answerdesk.knowledge import tasks as knowledge_tasks
from answerdesk.knowledge.crawl.fetch import PageFetcher
from answerdesk.knowledge.crawl.limited_reader import LimitedReader
from answerdesk.knowledge.erasure import erase_knowledge
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.items import tasks as item_tasks
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.spaces import tasks as space_tasks
from answerdesk.knowledge.spaces.filling import Filler
from answerdesk.knowledge.sync import tasks as sync_tasks
from answerdesk.knowledge.sync.steps import SyncSteps
from answerdesk.knowledge.sync.types import Rules
from answerdesk.migrations.upgrade import upgrade
from answerdesk.projects import tasks as project_tasks
from answerdesk.providers.chat_model import ChatModel
from answerdesk.providers.embedder import Embedder
from answerdesk.providers.embedders import (
    FAKE_SPACES,
    MINILM_DIMENSIONS,
    MINILM_SPACE,
    Embedders,
    Offer,
)
from answerdesk.providers.log_mailer import LogMailer
from answerdesk.providers.openai_embedder import EmbeddingService, OpenAiEmbedder

_STOP_SECONDS = 10.0
"""How long answers and jobs may go on after the process was asked to stop."""

_log = structlog.get_logger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Application:
    """The running parts of one process."""

    settings: Settings
    account_id: AccountId
    owner_key: str
    sealer: Sealer
    plans: Plans
    authenticator: Authenticator
    people: People
    sign_up: SignUp
    post: Post
    database: Database
    outbound: Outbound
    embedders: Embedders
    search: Search
    answering: Answering
    parsing: ParsingProcess
    ingestion: Ingestion
    sync_steps: SyncSteps
    reply: Reply
    visitors: Visitors
    address_limits: AddressLimits

    def worker(self, lease: timedelta = timedelta(seconds=20)) -> Worker:
        """Return a worker that runs every slice's due work; the caller runs and stops it.

        After `lease` another one takes up what a worker that died has begun.
        """
        handlers: dict[str, Registration] = {
            **project_tasks.registrations(self.database, [erase_conversations, erase_knowledge]),
            **limit_tasks.registrations(self.database),
            **invitation_tasks.registrations(self.database, self.post),
            **reset_tasks.registrations(self.database, self.post),
            **knowledge_tasks.registrations(self.ingestion),
            **sync_tasks.registrations(self.sync_steps),
            **item_tasks.registrations(self.ingestion),
            **space_tasks.registrations(self.database, Filler(self.database, self.embedders)),
            **conversation_tasks.registrations(self.reply.finish),
        }
        return Worker(self.database.connect, handlers, lease=lease)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    now: Callable[[], datetime] = _utc_now,
    tenant_filter: bool = True,
    make_outbound: Callable[[Settings], Outbound] | None = None,
) -> AsyncIterator[Application]:
    """Start the parts of one process, and stop them in reverse when the block ends.

    Without `tenant_filter` the database alone keeps the tenants apart: a test shows that it does.
    `make_outbound` makes the client of every fetch otherwise than by the settings alone.

    Raises Unavailable, saying what to do, when the database or the model cannot be had.
    """
    async with AsyncExitStack() as stack:
        _prepare_data_dir(settings.data_dir)
        # What is written wrongly is told before anything is started.
        plans = load_plans(settings.plans_file)
        require_plan(plans, settings.signup_plan)
        sealer = _make_sealer(settings)
        post = _make_post(settings)
        stack.push_async_callback(post.mailer.close)
        runtime, _ = await _open_database(settings, stack)
        database = Database(runtime, pool_size=settings.database_pool, tenant_filter=tenant_filter)
        stack.push_async_callback(database.close)
        install_plans(database, plans)
        install_token_keys(database, sealer)
        outbound = (make_outbound or _make_outbound)(settings)
        stack.push_async_callback(outbound.close)
        embedders = _make_embedders(settings, outbound)
        stack.push_async_callback(embedders.close)
        await embedders.of(embedders.default)
        parsing = ParsingProcess.of(settings)
        stack.push_async_callback(parsing.close)
        search = Search(database, embedders)
        model = _make_chat_model(settings)
        if model is not None:
            stack.push_async_callback(model.close)
        answering = Answering(search, model)
        lease = timedelta(seconds=settings.turn_lease)
        reply = Reply(database, answering, lease=lease, now=now)
        stack.push_async_callback(reply.close, _STOP_SECONDS)
        account_id = await installation_account(database)
        owner_key = _owner_key(settings)
        accepted = Credentials(owner_key, account_id, partial(principal_of_access_token, database))
        authenticator = Authenticator(database, accepted, plans)
        stack.push_async_callback(authenticator.close)
        people = People(database, Passwords(), AttemptLimits.of(settings))
        stack.push_async_callback(people.passwords.close)
        rules = SignUpRules(settings.signup, settings.signup_plan, owner_key, account_id)
        yield Application(
            settings=settings,
            account_id=account_id,
            owner_key=owner_key,
            sealer=sealer,
            plans=plans,
            authenticator=authenticator,
            people=people,
            sign_up=SignUp(people, rules),
            post=post,
            database=database,
            outbound=outbound,
            embedders=embedders,
            search=search,
            answering=answering,
            parsing=parsing,
            sync_steps=_make_sync_steps(settings, database, outbound, parsing),
            ingestion=Ingestion(database, embedders, parsing.prepare),
            reply=reply,
            visitors=Visitors(
                database, sealer, return_seconds=settings.visitor_return_hours * 3600
            ),
            address_limits=AddressLimits(
                database,
                sealer,
                sessions=settings.visitor_sessions_per_minute,
                messages=settings.visitor_messages_per_minute,
            ),
        )


@dataclass(frozen=True, slots=True)
class Administration:
    """What the operator's commands work with: every account, and no model.

    `database` connects as the tables' owner, who sees all tenants' rows. Only a command that an
    operator runs gets it, never a request.
    """

    settings: Settings
    account_id: AccountId
    sealer: Sealer
    database: Database
    post: Post


@asynccontextmanager
async def administering(settings: Settings) -> AsyncIterator[Administration]:
    """Start what the operator's commands need, and stop it when the block ends.

    Raises Unavailable, saying what to do, when the database cannot be had.
    """
    async with AsyncExitStack() as stack:
        _prepare_data_dir(settings.data_dir)
        plans = load_plans(settings.plans_file)
        sealer = _make_sealer(settings)
        _, owner = await _open_database(settings, stack)
        database = Database(owner, pool_size=1)
        stack.push_async_callback(database.close)
        install_plans(database, plans)
        install_token_keys(database, sealer)
        yield Administration(
            settings=settings,
            account_id=await installation_account(database),
            sealer=sealer,
            database=database,
            post=_make_post(settings),
        )


@asynccontextmanager
async def working(application: Application) -> AsyncIterator[None]:
    """Do due work in this process for as long as the block lasts."""
    await limit_tasks.schedule_forgetting(application.database, application.account_id)
    worker = application.worker()
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        await worker.stop(_STOP_SECONDS)
        await asyncio.gather(task, return_exceptions=True)


def _prepare_data_dir(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The data folder {folder} cannot be made ({error.strerror}); "
            "set ANSWERDESK_DATA_DIR to a folder that can be written",
            code="data_dir_unusable",
        ) from error


async def _open_database(
    settings: Settings, stack: AsyncExitStack
) -> tuple[ConnectionArguments, ConnectionArguments]:
    """Start or find the database, bring it up to date, and return how roles connect to it.

    The first is the runtime role, the second the tables' owner.
    """
    runtime: ConnectionArguments
    admin: ConnectionArguments
    if settings.database_url is not None and settings.database_admin_url is not None:
        runtime = conninfo_to_dict(settings.database_url.get_secret_value())
        admin = conninfo_to_dict(settings.database_admin_url.get_secret_value())
        runtime_user = str(runtime.get("user", ""))
    else:
        server = await asyncio.to_thread(EmbeddedPostgres.start, settings.data_dir)
        stack.push_async_callback(asyncio.to_thread, server.close)
        runtime = {**server.conninfo(user=server.runtime_user, password=server.runtime_password)}
        admin = {**server.conninfo(user=server.admin_user, password=server.admin_password)}
        runtime_user = server.runtime_user
    await asyncio.to_thread(upgrade, admin, runtime_user)
    return runtime, admin


def _make_outbound(settings: Settings) -> Outbound:
    return Outbound(OutboundPolicy.of(settings))


def _make_embedders(settings: Settings, outbound: Outbound) -> Embedders:
    # Only what is used is imported: the model's runtime costs memory and a second.
    def minilm() -> Embedder:
        from answerdesk.providers.minilm.embedder import MiniLmEmbedder  # noqa: PLC0415

        return MiniLmEmbedder(threads=settings.embedder_threads)

    def fake(space: str, dimensions: int) -> Embedder:
        from answerdesk.providers.fake_embedder import FakeEmbedder  # noqa: PLC0415

        return FakeEmbedder(space=space, dimensions=dimensions, latency=settings.fake_latency)

    offers = [Offer(MINILM_SPACE, MINILM_DIMENSIONS, minilm)]
    default = MINILM_SPACE
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
        offers += [Offer(space, size, partial(fake, space, size)) for space, size in FAKE_SPACES]
        default = FAKE_SPACES[0][0]
    return Embedders(offers, default)


def _make_sync_steps(
    settings: Settings, database: Database, outbound: Outbound, parsing: ParsingProcess
) -> SyncSteps:
    fetcher = PageFetcher(outbound, LimitedReader(parsing), None, settings)
    return SyncSteps(database, fetcher, Rules.of(settings))


def _make_post(settings: Settings) -> Post:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - read
    base_url = (settings.public_url or f"http://{host}:{settings.port}").rstrip("/")
    if settings.smtp_url is None:
        return Post(LogMailer(), base_url)
    from answerdesk.providers.smtp_mailer import SmtpMailer, parse_smtp_url  # noqa: PLC0415

    server = parse_smtp_url(settings.smtp_url.get_secret_value())
    return Post(SmtpMailer(server, settings.mail_from), base_url)


def _make_chat_model(settings: Settings) -> ChatModel | None:
    if settings.chat_model == "fake":
        from answerdesk.providers.fake_chat_model import FakeChatModel  # noqa: PLC0415

        return FakeChatModel(latency=settings.fake_latency)
    return None


def _owner_key(settings: Settings) -> str:
    if settings.owner_key is not None:
        return settings.owner_key.get_secret_value()
    return load_owner_key(settings.data_dir)


def _make_sealer(settings: Settings) -> Sealer:
    if settings.secret_keys is not None:
        given = settings.secret_keys.get_secret_value().replace(",", " ").split()
        return Sealer(given)
    if settings.database_url is not None:
        _log.warning(
            "secret_keys_of_this_node",
            advice="Several nodes need the same ANSWERDESK_SECRET_KEYS, or the same data folder.",
        )
    return Sealer(
        load_secret_keys(settings.data_dir), reload=partial(load_secret_keys, settings.data_dir)
    )
