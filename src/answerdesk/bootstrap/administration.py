"""What the operator's commands work with."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from answerdesk.accounts.letters import Post
from answerdesk.accounts.plans import install_plans, load_plans
from answerdesk.accounts.secrets.sharing import NodeKeys, require_shared
from answerdesk.accounts.service import installation_account
from answerdesk.accounts.sessions import install_token_keys
from answerdesk.bootstrap.providers import make_post
from answerdesk.bootstrap.storage import (
    database_folder,
    make_sealer,
    node_keys,
    open_database,
    prepare_data_dir,
    read_owner_key,
)
from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId


@dataclass(frozen=True, slots=True)
class Administration:
    """What the operator's commands work with: every account, but no model.

    `database` connects as the tables' owner, who sees all tenants' rows. Only operator commands get
    it, never a request.
    """

    settings: Settings
    account_id: AccountId
    sealer: Sealer
    database: Database
    post: Post

    def keys_of_node(self) -> NodeKeys:
        """Return all keys of this node, including the owner's, which is created if missing."""
        return node_keys(self.settings, self.sealer, read_owner_key(self.settings))


@asynccontextmanager
async def administering(
    settings: Settings, *, with_any_keys: bool = False
) -> AsyncIterator[Administration]:
    """Start what the operator's commands need, and stop it when the block ends.

    Raises Unavailable, saying what to do, if the database is unavailable, and SecretKeysDiffer if
    this node's keys differ from the installation's, unless `with_any_keys`.
    """
    async with AsyncExitStack() as stack:
        prepare_data_dir(settings.data_dir)
        plans = load_plans(settings.plans_file)
        sealer = make_sealer(settings)
        _, owner = await open_database(settings, stack)
        database = Database(owner, pool_size=1, folder=database_folder(settings))
        stack.push_async_callback(database.close)
        install_plans(database, plans)
        install_token_keys(database, sealer)
        if not with_any_keys:
            await require_shared(database, node_keys(settings, sealer))
        yield Administration(
            settings=settings,
            account_id=await installation_account(database),
            sealer=sealer,
            database=database,
            post=make_post(settings),
        )
