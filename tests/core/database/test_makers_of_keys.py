"""Keys of before the maker was kept: the audit log knows it, or nobody does."""

import tempfile
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import psycopg

from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import public_id
from answerdesk.migrations.upgrade import upgrade
from tests.core.database.releases import admin_of, bring_to
from tests.knowledge.search.library import Admin

_BEFORE: Final = "0012"


def test_the_maker_of_an_older_key_is_taken_from_the_audit_log() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="answerdesk-") as folder,
        EmbeddedPostgres.start(Path(folder)) as server,
    ):
        bring_to(admin_of(server), _BEFORE)
        with psycopg.connect(**admin_of(server), autocommit=True) as old:
            account, ann = _account(old), uuid4()
            anns, operators, untold = (_key(old, account) for _ in range(3))
            _told(old, account, anns, ("user", ann))
            _told(old, account, operators, ("owner_key", account))
            # Another account's log has no say.
            _told(old, _account(old), untold, ("user", uuid4()))
            upgrade(admin_of(server), server.runtime_user)
            made = old.execute("select id, created_by_id from api_key").fetchall()
    assert dict(made) == {anns: ann, operators: None, untold: None}


def _account(old: Admin) -> UUID:
    account = uuid4()
    old.execute("insert into account (account_id, name) values (%s, 'Bakery')", (account,))
    return account


def _key(old: Admin, account: UUID) -> UUID:
    key = uuid4()
    old.execute(
        "insert into api_key (account_id, id, name, prefix, hint, key_hash, scopes, created_by)"
        " values (%s, %s, 'Shop', 'ad_live_', '', %s, '{read}', 'somebody')",
        (account, key, key.bytes),
    )
    return key


def _told(old: Admin, account: UUID, key: UUID, actor: tuple[str, UUID]) -> None:
    old.execute(
        "insert into audit_entry (account_id, id, actor_kind, actor_id, actor_name, action,"
        " target_kind, target_id, detail)"
        " values (%s, gen_random_uuid(), %s, %s, 'somebody', 'api_key.created', 'api_key', %s,"
        "  '{}')",
        (account, *actor, public_id("key", key)),
    )
