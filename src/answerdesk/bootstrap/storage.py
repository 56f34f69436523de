"""Opens the data folder and the database: the source of rows, keys and secrets."""

import asyncio
import mmap
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from answerdesk.accounts.owner_key import FILE_NAME as OWNER_KEY_FILE
from answerdesk.accounts.owner_key import load_owner_key
from answerdesk.accounts.plans import Plans, load_plans
from answerdesk.accounts.secrets.sharing import KeySource, NodeKeys
from answerdesk.accounts.service import require_plan
from answerdesk.core.crypto import FILE_NAME as SECRET_KEYS_FILE
from answerdesk.core.crypto import Sealer, load_secret_keys
from answerdesk.core.database import ConnectionArguments
from answerdesk.core.disk import DiskFull, storing_in
from answerdesk.core.errors import InvalidInput, Unavailable
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.postgres.supervisor import keep_running
from answerdesk.core.settings import Settings
from answerdesk.migrations.upgrade import upgrade


@dataclass(frozen=True, slots=True)
class Files:
    """What is read from files, once for all processes of a `serve`.

    A process that later replaces another one needs the same keys and plans, even if the files have
    changed.
    """

    plans: Plans
    sealer: Sealer
    owner_key: str
    admitted: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 1), compare=False)
    """A byte shared by the processes; not 0 once one of them has joined the installation. Later
    replacements have joined with it, even if keys have been rotated since."""


def prepare_data_dir(folder: Path) -> None:
    """Create the data folder; raises Unavailable if that is not possible."""
    try:
        with storing_in(folder.absolute().parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The data folder {folder} cannot be created ({error.strerror}); "
            "set ANSWERDESK_DATA_DIR to a folder that is writable",
            code="data_dir_unusable",
        ) from error


async def open_database(
    settings: Settings, stack: AsyncExitStack
) -> tuple[ConnectionArguments, ConnectionArguments]:
    """Start or find the database, migrate it, and return how the roles connect to it.

    The first value is for the runtime role, the second for the tables' owner.
    """
    runtime: ConnectionArguments
    admin: ConnectionArguments
    if settings.database_url is not None and settings.database_admin_url is not None:
        runtime = _connection_to("DATABASE_URL", settings.database_url)
        admin = _connection_to("DATABASE_ADMIN_URL", settings.database_admin_url)
        runtime_user = str(runtime.get("user", ""))
    else:
        starting = asyncio.create_task(asyncio.to_thread(EmbeddedPostgres.start, settings.data_dir))
        stack.push_async_callback(_leave, starting)
        server = await asyncio.shield(starting)
        watch = asyncio.create_task(keep_running(server))
        stack.callback(watch.cancel)
        runtime = {**server.conninfo(user=server.runtime_user, password=server.runtime_password)}
        admin = {**server.conninfo(user=server.admin_user, password=server.admin_password)}
        runtime_user = server.runtime_user
    try:
        await asyncio.to_thread(upgrade, admin, runtime_user)
    except DiskFull as error:
        raise DiskFull(database_folder(settings)) from error
    return runtime, admin


def database_folder(settings: Settings) -> Path | None:
    """Return the database's folder if the database is embedded."""
    return settings.data_dir.absolute() if settings.database_url is None else None


async def _leave(starting: asyncio.Task[EmbeddedPostgres]) -> None:
    """Leave the embedded server, even if we were stopped before it had started."""
    await asyncio.wait([starting])
    if starting.exception() is None:
        await asyncio.to_thread(starting.result().close)


def read_files(settings: Settings) -> Files:
    """Read the plans and the keys; the first start creates the data folder and the keys.

    Raises InvalidInput or Unavailable, naming the file that is wrong.
    """
    prepare_data_dir(settings.data_dir)
    # Report mistakes in settings before creating anything.
    plans = load_plans(settings.plans_file)
    for plan in (settings.signup_plan, *settings.signup_plans):
        require_plan(plans, plan)
    return Files(plans, make_sealer(settings), read_owner_key(settings))


def _connection_to(name: str, address: SecretStr) -> ConnectionArguments:
    try:
        return conninfo_to_dict(address.get_secret_value())
    except ProgrammingError:
        # The driver's message repeats the URL, including the password.
        raise InvalidInput(
            f"{name} cannot be parsed: write it like postgresql://role:password@host/database, "
            "with special characters in the password escaped, such as %40 for @",
            code="invalid_settings",
        ) from None


def read_owner_key(settings: Settings) -> str:
    """Return the owner's key; the first start generates it."""
    if settings.owner_key is not None:
        return settings.owner_key.get_secret_value()
    return load_owner_key(settings.data_dir)


def make_sealer(settings: Settings) -> Sealer:
    if settings.secret_keys is not None:
        given = settings.secret_keys.get_secret_value().replace(",", " ").split()
        return Sealer(given)
    return Sealer(
        load_secret_keys(settings.data_dir), reload=partial(load_secret_keys, settings.data_dir)
    )


def node_keys(settings: Settings, sealer: Sealer, owner_key: str | None = None) -> NodeKeys:
    """Return this node's keys, for comparison with the installation's."""
    return NodeKeys(
        sealer=sealer,
        secrets_from=_source(
            "ANSWERDESK_SECRET_KEYS",
            settings.data_dir / SECRET_KEYS_FILE,
            is_set=settings.secret_keys is not None,
        ),
        owner_key=owner_key,
        owner_from=_source(
            "ANSWERDESK_OWNER_KEY",
            settings.data_dir / OWNER_KEY_FILE,
            is_set=settings.owner_key is not None,
        ),
    )


def _source(setting: str, path: Path, *, is_set: bool) -> KeySource:
    if is_set:
        return KeySource(
            setting,
            f"Set {setting} to the same value on every node. If none sets it, use the content of "
            f"the file {path.name} in their data folder.",
        )
    return KeySource(
        str(path.absolute()),
        f"Copy the file {path.name} from the data folder of a running node, or set {setting} to "
        "the same value on every node.",
    )
