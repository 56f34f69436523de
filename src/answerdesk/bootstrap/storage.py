"""What lies in the data folder or the database: where rows, keys and secrets come from."""

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

    One that is started later takes another's place, and so has to know the same keys and plans,
    whatever has become of the files.
    """

    plans: Plans
    sealer: Sealer
    owner_key: str
    admitted: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 1), compare=False)
    """A byte that the processes share: not 0 once one of them has joined the installation. Those
    that take another's place later have joined with it, though keys may have been rotated since."""


def prepare_data_dir(folder: Path) -> None:
    """Make the data folder; raises Unavailable when it cannot be."""
    try:
        with storing_in(folder.absolute().parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The data folder {folder} cannot be made ({error.strerror}); "
            "set ANSWERDESK_DATA_DIR to a folder that can be written",
            code="data_dir_unusable",
        ) from error


async def open_database(
    settings: Settings, stack: AsyncExitStack
) -> tuple[ConnectionArguments, ConnectionArguments]:
    """Start or find the database, bring it up to date, and return how roles connect to it.

    The first is the runtime role, the second the tables' owner.
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
    """Return the folder of the database, if it is one of our own."""
    return settings.data_dir.absolute() if settings.database_url is None else None


async def _leave(starting: asyncio.Task[EmbeddedPostgres]) -> None:
    """Leave the server, also when we were stopped before it had started."""
    await asyncio.wait([starting])
    if starting.exception() is None:
        await asyncio.to_thread(starting.result().close)


def read_files(settings: Settings) -> Files:
    """Read the plans and the keys; makes the data folder and the keys at the first start.

    Raises InvalidInput or Unavailable, naming the file that does not hold.
    """
    prepare_data_dir(settings.data_dir)
    # What is written wrongly is told before anything is made.
    plans = load_plans(settings.plans_file)
    require_plan(plans, settings.signup_plan)
    return Files(plans, make_sealer(settings), read_owner_key(settings))


def _connection_to(name: str, address: SecretStr) -> ConnectionArguments:
    try:
        return conninfo_to_dict(address.get_secret_value())
    except ProgrammingError:
        # What the driver says of it repeats it, with the password.
        raise InvalidInput(
            f"{name} cannot be read: it is like postgresql://role:password@host/database, with %40 "
            "for an @ in the password and the like",
            code="invalid_settings",
        ) from None


def read_owner_key(settings: Settings) -> str:
    """Return the key of the owner, made at the first start."""
    if settings.owner_key is not None:
        return settings.owner_key.get_secret_value()
    return load_owner_key(settings.data_dir)


def make_sealer(settings: Settings) -> Sealer:
    """Return what seals stored secrets."""
    if settings.secret_keys is not None:
        given = settings.secret_keys.get_secret_value().replace(",", " ").split()
        return Sealer(given)
    return Sealer(
        load_secret_keys(settings.data_dir), reload=partial(load_secret_keys, settings.data_dir)
    )


def node_keys(settings: Settings, sealer: Sealer, owner_key: str | None = None) -> NodeKeys:
    """Return the keys of this node, to be compared with the installation's."""
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
            f"Set {setting} to the same on every node; where none sets it, to what stands in the "
            f"file {path.name} of their data folder.",
        )
    return KeySource(
        str(path.absolute()),
        f"Copy the file {path.name} from the data folder of a node that runs, or set {setting} to "
        "the same on every node.",
    )
