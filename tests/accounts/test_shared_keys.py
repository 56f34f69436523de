"""Which nodes take part in an installation, by the keys that they have."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from answerdesk.accounts.errors import OwnerKeyDiffers, SecretKeysDiffer
from answerdesk.accounts.secrets.sharing import (
    KeySource,
    NodeKeys,
    adopt,
    join_installation,
    keep_newest,
    require_shared,
)
from answerdesk.core.crypto import Sealer, new_secret_key
from answerdesk.core.database import Database
from answerdesk.core.postgres import EmbeddedPostgres
from tests.ready_database import ready_postgres

OLD, NEW, OTHER = (new_secret_key() for _ in range(3))
OWNER, ANOTHER = "ad_live_" + "o" * 40, "ad_live_" + "p" * 40
SECRETS_FROM = KeySource("THE SECRETS", "Share the secrets.")
OWNER_FROM = KeySource("THE OWNER'S KEY", "Share the owner's.")


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with ready_postgres() as server:
        yield server


@pytest.fixture
async def database(server: EmbeddedPostgres) -> AsyncIterator[Database]:
    """As a node that serves connects: as the runtime role."""
    with _admin(server) as admin:
        admin.execute("truncate installation_key")
    database = Database(server.conninfo(user=server.runtime_user, password=server.runtime_password))
    yield database
    await database.close()


def _admin(server: EmbeddedPostgres) -> psycopg.Connection[tuple[object, ...]]:
    admin = server.conninfo(user=server.admin_user, password=server.admin_password)
    return psycopg.connect(**admin, autocommit=True)


def node(*secret_keys: str, owner_key: str | None = None) -> NodeKeys:
    return NodeKeys(Sealer(secret_keys), SECRETS_FROM, owner_key, OWNER_FROM)


async def is_let_in(database: Database, keys: NodeKeys) -> bool:
    """Whether a node starts, and a command that only looks is let do its work; both agree."""
    try:
        await require_shared(database, keys)
    except SecretKeysDiffer:
        with pytest.raises(SecretKeysDiffer):
            await join_installation(database, keys)
        return False
    await join_installation(database, keys)
    return True


async def test_a_node_without_the_installations_keys_is_refused_and_told_what_to_share(
    database: Database,
) -> None:
    await join_installation(database, node(OLD, owner_key=OWNER))
    with pytest.raises(SecretKeysDiffer, match=r"THE SECRETS lacks .* Share the secrets\."):
        await join_installation(database, node(OTHER, owner_key=OWNER))
    with pytest.raises(OwnerKeyDiffers, match=r"THE OWNER'S KEY is not .* Share the owner's\."):
        await join_installation(database, node(OLD, owner_key=ANOTHER))
    # What was refused has left nothing behind.
    assert not await is_let_in(database, node(OTHER))
    assert await is_let_in(database, node(OLD, owner_key=OWNER))


async def test_who_only_looks_makes_no_keys_the_installations(database: Database) -> None:
    await require_shared(database, node(OTHER, owner_key=ANOTHER))
    await join_installation(database, node(OLD, owner_key=OWNER))
    assert not await is_let_in(database, node(OTHER))


async def test_a_worker_needs_no_owners_key_and_brings_none(database: Database) -> None:
    await join_installation(database, node(OLD))
    await join_installation(database, node(OLD, owner_key=OWNER))
    assert await is_let_in(database, node(OLD))
    with pytest.raises(OwnerKeyDiffers):
        await join_installation(database, node(OLD, owner_key=ANOTHER))


async def test_of_nodes_that_start_together_one_brings_the_keys(database: Database) -> None:
    keys = [new_secret_key() for _ in range(4)]
    begun = await asyncio.gather(
        *(join_installation(database, node(one)) for one in keys), return_exceptions=True
    )
    let_in = [one for one, ended in zip(keys, begun, strict=True) if ended is None]
    assert len(let_in) == 1
    assert [type(one) for one in begun if one is not None] == [SecretKeysDiffer] * 3
    assert [await is_let_in(database, node(one)) for one in keys] == [one in let_in for one in keys]


async def test_a_rotation_overlaps_and_ends_with_the_newest(database: Database) -> None:
    await join_installation(database, node(OLD))
    # Known everywhere, and signing nowhere: who lacks it misses nothing.
    assert await is_let_in(database, node(OLD, NEW))
    assert await is_let_in(database, node(OLD))
    # Signing at one node: who lacks it is refused from now on, and so is who lacks the old one.
    assert await is_let_in(database, node(NEW, OLD))
    assert not await is_let_in(database, node(OLD))
    assert not await is_let_in(database, node(NEW))
    assert await is_let_in(database, node(OLD, NEW))
    # Through: nothing needs the old one any more.
    await keep_newest(database, Sealer([NEW, OLD]))
    assert await is_let_in(database, node(NEW, OLD))
    assert await is_let_in(database, node(NEW))
    assert not await is_let_in(database, node(OLD))


async def test_the_first_node_may_be_in_the_midst_of_a_rotation(database: Database) -> None:
    await join_installation(database, node(NEW, OLD))
    assert not await is_let_in(database, node(NEW))
    assert not await is_let_in(database, node(OLD))


async def test_adopted_keys_take_the_place_of_all_others(
    database: Database, server: EmbeddedPostgres
) -> None:
    await join_installation(database, node(OLD, owner_key=OWNER))
    operator = Database(server.conninfo(user=server.admin_user, password=server.admin_password))
    assert await adopt(operator, node(OTHER, owner_key=ANOTHER)) == 0
    await operator.close()
    assert not await is_let_in(database, node(OLD))
    await join_installation(database, node(OTHER, owner_key=ANOTHER))
    with pytest.raises(OwnerKeyDiffers):
        await join_installation(database, node(OTHER, owner_key=OWNER))


async def test_the_database_holds_no_key_and_the_same_key_looks_different_elsewhere(
    database: Database, server: EmbeddedPostgres
) -> None:
    seen = []
    for _ in range(2):
        with _admin(server) as admin:
            admin.execute("truncate installation_key")
            await join_installation(database, node(OLD, owner_key=OWNER))
            rows = admin.execute("select kind, fingerprint, k::text from installation_key k")
            seen.append(rows.fetchall())
    assert [sorted(str(kind) for kind, *_ in rows) for rows in seen] == [["owner", "secret"]] * 2
    assert {row[1] for row in seen[0]}.isdisjoint(row[1] for row in seen[1])
    for key in (OLD, OWNER):
        assert key not in str(seen)
        assert key.encode().hex() not in str(seen)
        assert Sealer([OLD]).key_id not in str(seen)
