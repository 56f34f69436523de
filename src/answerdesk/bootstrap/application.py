"""The running parts of one process, and the background work that it does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import SystemRandom

from answerdesk.accounts import tasks as account_tasks
from answerdesk.accounts.authentication import Authenticator, Credentials
from answerdesk.accounts.letters import Post
from answerdesk.accounts.limits.spending import tasks as spending_tasks
from answerdesk.accounts.limits.spending.service import Budget
from answerdesk.accounts.passwords import Passwords
from answerdesk.accounts.plans import Plans, install_plans
from answerdesk.accounts.secrets.sharing import join_installation
from answerdesk.accounts.service import installation_account
from answerdesk.accounts.sessions import install_token_keys
from answerdesk.accounts.signup import SignUp, SignUpRules
from answerdesk.accounts.users.attempts import AttemptLimits
from answerdesk.accounts.users.service import People
from answerdesk.agents.actions import tasks as action_tasks
from answerdesk.agents.actions.calling import Actions
from answerdesk.agents.actions.service import erase_actions
from answerdesk.agents.language_models.nearby import Neighbourhood
from answerdesk.agents.language_models.running import LanguageModels
from answerdesk.agents.language_models.service import Catalogue
from answerdesk.answering.service import Answering
from answerdesk.answering.stages import BUILT_IN
from answerdesk.answering.weighing import Reranking
from answerdesk.bootstrap import providers
from answerdesk.bootstrap.providers import (
    make_chat_model,
    make_embedders,
    make_post,
    make_reranker,
)
from answerdesk.bootstrap.storage import (
    Files,
    database_folder,
    node_keys,
    open_database,
    read_files,
)
from answerdesk.bootstrap.webhooks import make_endpoints, make_reply_encoders
from answerdesk.conversations import tasks as conversation_tasks
from answerdesk.conversations import waits
from answerdesk.conversations.playground import Playground
from answerdesk.conversations.rehearsing import Rehearsing
from answerdesk.conversations.reply.service import Reply
from answerdesk.conversations.reply.writers import Writers
from answerdesk.conversations.service import erase_conversations
from answerdesk.conversations.suggesting import Suggestions
from answerdesk.conversations.visitors.address_limits import AddressLimits
from answerdesk.conversations.visitors.service import Visitors
from answerdesk.core.connection_budget import fitting_pool, has_budget
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import MOST_RESERVED, Database
from answerdesk.core.due import Registration, Worker
from answerdesk.core.live import Live
from answerdesk.core.outbound import Outbound
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId
from answerdesk.delayed_replies import tasks as reply_tasks
from answerdesk.delayed_replies.service import DelayedReplies, erase_delayed_replies
from answerdesk.inbox.contacts import service as contacts
from answerdesk.inbox.live.inbox import LiveInbox
from answerdesk.inbox.notices import tasks as notice_tasks
from answerdesk.inbox.service_levels import tasks as service_level_tasks
from answerdesk.inbox.snoozing import tasks as snooze_tasks
from answerdesk.insights.drafts import tasks as draft_tasks
from answerdesk.insights.drafts.service import Drafting
from answerdesk.knowledge import tasks as knowledge_tasks
from answerdesk.knowledge.erasure import erase_knowledge
from answerdesk.knowledge.ingestion import reading_again, terms_again, vector_index
from answerdesk.knowledge.ingestion.reading_again import Rereader
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.items import tasks as item_tasks
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.spaces import tasks as space_tasks
from answerdesk.knowledge.spaces import tokens
from answerdesk.knowledge.spaces.tasks import Filler
from answerdesk.knowledge.spaces.tokens import TokenFiller
from answerdesk.knowledge.sync import tasks as sync_tasks
from answerdesk.knowledge.sync.progress import Progress
from answerdesk.knowledge.sync.shared_host_turns import SharedTurns
from answerdesk.knowledge.sync.tasks import SyncSteps
from answerdesk.knowledge.sync.types import Rules
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.reader import LimitedReader
from answerdesk.privacy import tasks as privacy_tasks
from answerdesk.projects import tasks as project_tasks
from answerdesk.projects.domains.service import erase_domains
from answerdesk.providers.chat_models import make_chat_model as make_client
from answerdesk.providers.embedders import Embedders
from answerdesk.webhooks import tasks as webhook_tasks
from answerdesk.webhooks.deliveries import tasks as delivery_tasks
from answerdesk.webhooks.deliveries.run import Engine
from answerdesk.webhooks.service import Endpoints

_STOP_SECONDS = 10.0
"""How long answers and jobs may continue after the process was asked to stop."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Application:
    """The running parts of one process.

    An ASGI application has it as `app.state.application`. Slices are below it and so can't import
    this type: they take a part from it, and name the part's type.
    """

    settings: Settings
    files: Files
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
    progress: Progress
    reply: Reply
    playground: Playground
    suggestions: Suggestions
    visitors: Visitors
    address_limits: AddressLimits
    webhooks: Endpoints
    deliveries: Engine
    delayed_replies: DelayedReplies
    actions: Actions
    catalogue: Catalogue
    language_models: LanguageModels
    neighbourhood: Neighbourhood
    budget: Budget
    writers: Writers
    live: Live
    live_inbox: LiveInbox
    drafting: Drafting

    @property
    def public_url(self) -> str | None:
        """Our public address, without a trailing slash; None if it is not set."""
        url = self.settings.public_url
        return url.rstrip("/") if url else None

    def worker(self, lease: timedelta = timedelta(seconds=20)) -> Worker:
        """Return a worker that runs every slice's jobs; the caller runs and stops it.

        Jobs of a worker that died are picked up by another after `lease`.
        """
        handlers: dict[str, Registration] = {
            **project_tasks.registrations(
                self.database,
                [
                    *(erase_conversations, erase_knowledge, erase_domains),
                    *(erase_delayed_replies, erase_actions, self.webhooks.erase),
                ],
            ),
            **reply_tasks.registrations(
                self.database, self.delayed_replies, self.settings.webhook_log_days
            ),
            **webhook_tasks.registrations(self.database, self.post, self.account_id),
            **delivery_tasks.registrations(self.deliveries),
            **account_tasks.registrations(self.database, self.post, self.account_id),
            **spending_tasks.registrations(self.database, self.budget),
            **knowledge_tasks.registrations(self.ingestion),
            **vector_index.registrations(self.database),
            **terms_again.registrations(self.database),
            **reading_again.registrations(self.database, Rereader(self.database, self.ingestion)),
            **sync_tasks.registrations(self.sync_steps),
            **item_tasks.registrations(self.ingestion),
            **space_tasks.registrations(self.database, Filler(self.database, self.embedders)),
            **tokens.registrations(self.database, TokenFiller(self.database, self.embedders)),
            **conversation_tasks.registrations(self.database, self.reply.finish),
            **waits.registrations(self.database),
            **snooze_tasks.registrations(self.database),
            **service_level_tasks.registrations(self.database),
            **action_tasks.registrations(self.database),
            **draft_tasks.registrations(self.database, self.drafting),
            **notice_tasks.registrations(self.database, self.post, self.account_id),
            **privacy_tasks.registrations(self.database, self.sealer),
        }
        return Worker(self.database.connect, handlers, lease=lease)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    files: Files | None = None,
    now: Callable[[], datetime] = _utc_now,
    tenant_filter: bool = True,
    make_outbound: Callable[[Settings], Outbound] | None = None,
    make_passwords: Callable[[], Passwords] = Passwords,
) -> AsyncIterator[Application]:
    """Start the parts of one process, and stop them in reverse when the block ends.

    Processes that belong together are given the same `files`; otherwise they are read here.

    Without `tenant_filter`, only the database separates the tenants; tests use this to show that it
    does. `make_outbound` replaces the HTTP client that the settings describe, and `make_passwords`
    how expensively passwords are hashed.

    Raises Unavailable, saying what to do, if the database or the model is unavailable.
    """
    async with AsyncExitStack() as stack:
        # Report mistakes in settings before starting anything.
        files = files or read_files(settings)
        post = make_post(settings)
        stack.push_async_callback(post.mailer.close)
        runtime, _ = await open_database(settings, stack)
        pool_size = await fitting_pool(settings, runtime)
        database = Database(
            runtime,
            pool_size=pool_size,
            reserved=None if has_budget(settings) else MOST_RESERVED,
            tenant_filter=tenant_filter,
            folder=database_folder(settings),
        )
        stack.push_async_callback(database.close)
        install_plans(database, files.plans)
        install_token_keys(database, files.sealer)
        outbound = (make_outbound or providers.make_outbound)(settings)
        stack.push_async_callback(outbound.close)
        embedders = make_embedders(settings, outbound)
        stack.push_async_callback(embedders.close)
        await embedders.of(embedders.default)
        parsing = ParsingProcess.of(settings)
        stack.push_async_callback(parsing.close)
        search = Search(database, embedders)
        answering = _make_answering(settings, search, outbound, stack)
        lease = timedelta(seconds=settings.turn_lease)
        address_limits = AddressLimits(
            database,
            files.sealer,
            sessions=settings.visitor_sessions_per_minute,
            messages=settings.visitor_messages_per_minute,
        )
        live = _make_live(database, stack)
        actions = Actions(database, files.sealer, outbound, seconds=settings.action_seconds)
        catalogue, language_models = _make_models(database, files.sealer, outbound, stack)
        budget = Budget(database)
        writers = Writers(database, language_models, budget, actions, always=answering.generates)
        rehearsing = Rehearsing(database, answering, answering.without_model, writers)
        reply = Reply(
            database,
            answering,
            address_limits,
            actions,
            writers,
            lease=lease,
            now=now,
            live=live,
        )
        stack.push_async_callback(reply.close, _STOP_SECONDS)
        account_id = await installation_account(database)
        accepted = Credentials(files.owner_key, account_id)
        authenticator = Authenticator(database, accepted, files.plans)
        stack.push_async_callback(authenticator.close)
        people = People(database, make_passwords(), AttemptLimits.of(settings))
        stack.push_async_callback(people.passwords.close)
        webhooks = make_endpoints(files.sealer, outbound)
        rules = SignUpRules(
            settings.signup,
            settings.signup_plan,
            files.owner_key,
            account_id,
            frozenset(settings.signup_plans),
        )
        yield Application(
            settings=settings,
            files=files,
            account_id=account_id,
            owner_key=files.owner_key,
            sealer=files.sealer,
            plans=files.plans,
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
            progress=_make_progress(database, stack),
            ingestion=Ingestion(database, embedders, parsing.prepare),
            reply=reply,
            playground=Playground(database, rehearsing, now),
            suggestions=Suggestions(database, rehearsing),
            visitors=Visitors(
                database,
                files.sealer,
                return_seconds=settings.visitor_return_hours * 3600,
                moved=contacts.tell_changed,
            ),
            address_limits=address_limits,
            webhooks=webhooks,
            deliveries=Engine.of(settings, database, webhooks),
            delayed_replies=DelayedReplies(
                database,
                files.sealer,
                answering,
                writers,
                make_reply_encoders(),
                settings.reply_delays,
                SystemRandom(),
            ),
            actions=actions,
            catalogue=catalogue,
            language_models=language_models,
            neighbourhood=Neighbourhood(outbound, account_id),
            budget=budget,
            writers=writers,
            live=live,
            live_inbox=_make_live_inbox(database, live, authenticator, stack),
            drafting=Drafting(database, Answering(search)),
        )


async def share_keys(application: Application, *, with_owner_key: bool) -> None:
    """Join the installation's nodes: with its keys, or as the first node with this node's own.

    Raises SecretKeysDiffer or OwnerKeyDiffers, saying which setting to share.
    """
    admitted = application.files.admitted
    if admitted[0]:
        return
    owner_key = application.owner_key if with_owner_key else None
    keys = node_keys(application.settings, application.sealer, owner_key)
    await join_installation(application.database, keys)
    admitted[0] = 1


@asynccontextmanager
async def working(application: Application) -> AsyncIterator[None]:
    """Run background jobs in this process while the block lasts."""
    await account_tasks.schedule_forgetting(application.database, application.account_id)
    await spending_tasks.schedule_settling(application.database, application.account_id)
    await reply_tasks.schedule_forgetting(application.database, application.account_id)
    await delivery_tasks.schedule_forgetting(application.database, application.account_id)
    await conversation_tasks.schedule_sweep(application.database, application.account_id)
    await notice_tasks.schedule_forgetting(application.database, application.account_id)
    await privacy_tasks.schedule_retention(application.database, application.account_id)
    await action_tasks.schedule_forgetting(application.database, application.account_id)
    worker = application.worker()
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        await worker.stop(_STOP_SECONDS)
        await asyncio.gather(task, return_exceptions=True)


def _make_answering(
    settings: Settings, search: Search, outbound: Outbound, stack: AsyncExitStack
) -> Answering:
    """Return what answers: by the built-in stages, with those that the settings replace."""
    model = make_chat_model(settings)
    if model is not None:
        stack.push_async_callback(model.close)
    stages = BUILT_IN
    reranker = make_reranker(settings, outbound)
    if reranker is not None:
        stack.push_async_callback(reranker.close)
        stages = replace(stages, rerank=Reranking(reranker))
    return Answering(search, model, stages)


def _make_live(database: Database, stack: AsyncExitStack) -> Live:
    live = Live(database)
    stack.push_async_callback(live.close)
    return live


def _make_progress(database: Database, stack: AsyncExitStack) -> Progress:
    progress = Progress(database)
    stack.push_async_callback(progress.close)
    return progress


def _make_models(
    database: Database, sealer: Sealer, outbound: Outbound, stack: AsyncExitStack
) -> tuple[Catalogue, LanguageModels]:
    make = partial(make_client, outbound)
    running_models = LanguageModels(sealer, make)
    stack.push_async_callback(running_models.close)
    return Catalogue(database, sealer, outbound, make), running_models


def _make_live_inbox(
    database: Database, live: Live, authenticator: Authenticator, stack: AsyncExitStack
) -> LiveInbox:
    live_inbox = LiveInbox(database, live, authenticator)
    stack.push_async_callback(live_inbox.close)
    return live_inbox


def _make_sync_steps(
    settings: Settings, database: Database, outbound: Outbound, parsing: ParsingProcess
) -> SyncSteps:
    turns = SharedTurns(database)
    fetcher = PageFetcher(outbound, LimitedReader(parsing), None, settings, turns)
    return SyncSteps(database, fetcher, Rules.of(settings))
