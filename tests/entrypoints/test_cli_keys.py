"""`answerdesk keys`: API keys beside a running server, and the secret key that seals."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest

from answerdesk.accounts.secrets.service import binding
from answerdesk.core.crypto import (
    FILE_NAME,
    Sealed,
    Sealer,
    load_secret_keys,
    new_secret_key,
    save_secret_keys,
)
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId
from tests.conftest import Server
from tests.entrypoints.installation import Done, Installation
from tests.ready_database import lay_ready_database
from tests.waiting import PATIENCE

_SECRETS = 250


def run(data_dir: Path, *arguments: str, **environment: str) -> Done:
    """Run `answerdesk keys …` in a process of its own."""
    return Installation(data_dir, **environment).run("keys", *arguments)


def test_what_cannot_be_is_told_as_json(server: Server) -> None:
    for arguments, code in (
        (("create", "x", "--scope", "everything"), "invalid_input"),
        (("create", "x", "--scope", "read", "--expires", "2020-01-01"), "expiry_past"),
        (("revoke", "key_0"), "api_key_not_found"),
    ):
        told = run(server.data_dir, *arguments, "--json")
        assert told.status == 1, arguments
        assert json.loads(told.errors)["error"]["code"] == code, arguments
        assert told.output == ""


def test_a_key_is_made_listed_and_revoked_beside_a_server(server: Server) -> None:
    made = run(server.data_dir, "create", "From the shell", "--scope", "read", "--prefix", "sk_")
    assert made.status == 0, made.errors
    key = made.output.strip()
    assert key.startswith("sk_")
    headers = {"Authorization": f"Bearer {key}"}
    url = f"{server.url}/v1/projects"
    assert httpx.get(url, headers=headers, timeout=PATIENCE).status_code == 200
    listed = json.loads(run(server.data_dir, "list", "--json").output)["keys"]
    assert listed[0]["name"] == "From the shell"
    assert listed[0]["created_by"] == "the operator"
    assert key not in json.dumps(listed)
    assert run(server.data_dir, "revoke", key).status == 0
    assert httpx.get(url, headers=headers, timeout=PATIENCE).status_code == 401


Admin = tuple[Path, psycopg.Connection[tuple[object, ...]]]


@pytest.fixture(scope="module")
def admin() -> Iterator[Admin]:
    """A data folder with a database, and a connection past every filter."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        data_dir = lay_ready_database(Path(folder))
        assert run(data_dir, "list").status == 0
        with EmbeddedPostgres.start(data_dir) as postgres:
            owner = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
            with psycopg.connect(**owner, autocommit=True) as connection:
                yield data_dir, connection


@pytest.fixture
def installation(admin: Admin) -> tuple[Path, "Secrets"]:
    """An installation with many stored secrets, sealed with its only key."""
    data_dir, connection = admin
    save_secret_keys(data_dir, [new_secret_key()])
    connection.execute("truncate stored_secret, installation_key")
    return data_dir, Secrets(connection, data_dir)


class Secrets:
    """Stored secrets of three accounts, past every filter."""

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]], data_dir: Path) -> None:
        self.connection = connection
        sealer = Sealer(load_secret_keys(data_dir))
        accounts = [AccountId(uuid4()) for _ in range(3)]
        for account_id in accounts:
            connection.execute(
                "insert into account (account_id, name) values (%s, '')", [account_id]
            )
        for number in range(_SECRETS):
            account_id, subject_id = accounts[number % 3], uuid4()
            sealed = sealer.seal(
                f"secret {number}".encode(), bound_to=binding(account_id, subject_id, "token")
            )
            connection.execute(
                "insert into stored_secret (account_id, subject_id, name, key_id, sealed)"
                " values (%s, %s, 'token', %s, %s)",
                [account_id, subject_id, sealed.key_id, sealed.data],
            )

    def opened(self, *keys: str) -> set[str]:
        """Open all with these keys."""
        sealer = Sealer(keys)
        found = self.connection.execute(
            "select account_id, subject_id, key_id, sealed from stored_secret"
        ).fetchall()
        return {
            sealer.open(
                Sealed(str(key_id), bytes(sealed)),  # type: ignore[call-overload]
                bound_to=binding(account_id, subject_id, "token"),  # type: ignore[arg-type]
            ).decode()
            for account_id, subject_id, key_id, sealed in found
        }


ALL = {f"secret {number}" for number in range(_SECRETS)}


def test_rotation_seals_all_anew_and_forgets_the_old_key_only_then(
    installation: tuple[Path, Secrets],
) -> None:
    data_dir, secrets = installation
    (old,) = load_secret_keys(data_dir)
    assert secrets.opened(old) == ALL
    rotated = run(data_dir, "rotate", "--json")
    assert rotated.status == 0, rotated.errors
    assert json.loads(rotated.output)["resealed"] == _SECRETS
    new, kept = load_secret_keys(data_dir)
    assert kept == old
    assert secrets.opened(new) == ALL
    assert run(data_dir, "rotate", "--forget-old").status == 0
    assert load_secret_keys(data_dir) == (new,)
    assert (data_dir / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_rotation_that_was_stopped_goes_on_and_keeps_the_old_key_till_then(
    installation: tuple[Path, Secrets],
) -> None:
    data_dir, secrets = installation
    (old,) = load_secret_keys(data_dir)
    # One secret that cannot be opened stops it in the midst; what is done by then stays done.
    secrets.connection.execute(
        "update stored_secret set sealed = sealed || '\\x00'::bytea, key_id = key_id"
        " where (account_id, subject_id) ="
        " (select account_id, subject_id from stored_secret"
        "  order by account_id desc, subject_id desc limit 1)"
    )
    stopped = run(data_dir, "rotate", "--json")
    assert json.loads(stopped.errors)["error"]["code"] == "secret_damaged"
    keys = load_secret_keys(data_dir)
    assert len(keys) == 2
    refused = run(data_dir, "rotate", "--forget-old", "--json")
    assert json.loads(refused.errors)["error"]["code"] == "secret_keys_in_use"
    assert load_secret_keys(data_dir) == keys
    secrets.connection.execute(
        "update stored_secret set sealed = substr(sealed, 1, length(sealed) - 1)"
        " where (account_id, subject_id) ="
        " (select account_id, subject_id from stored_secret"
        "  order by account_id desc, subject_id desc limit 1)"
    )
    assert run(data_dir, "rotate").status == 0
    assert load_secret_keys(data_dir) == keys, "no third key was begun"
    assert secrets.opened(keys[0]) == ALL
    assert old == keys[1]


def test_keys_that_are_given_are_the_operators_to_change(
    installation: tuple[Path, Secrets],
) -> None:
    data_dir, secrets = installation
    (old,) = load_secret_keys(data_dir)
    new = new_secret_key()
    refused = run(data_dir, "rotate", "--json", ANSWERDESK_SECRET_KEYS=new)
    assert json.loads(refused.errors)["error"]["code"] == "secret_key_missing"
    given = f"{new},{old}"
    forgotten = run(data_dir, "rotate", "--forget-old", "--json", ANSWERDESK_SECRET_KEYS=given)
    assert json.loads(forgotten.errors)["error"]["code"] == "secret_keys_given"
    rotated = run(data_dir, "rotate", "--json", ANSWERDESK_SECRET_KEYS=given)
    assert json.loads(rotated.output)["resealed"] == _SECRETS
    assert secrets.opened(new) == ALL
    weak = run(data_dir, "list", "--json", ANSWERDESK_SECRET_KEYS="changeme")
    assert json.loads(weak.errors)["error"]["code"] == "invalid_settings"


def test_a_rotation_tells_nodes_with_the_old_key_alone_that_they_lack_one(
    installation: tuple[Path, Secrets],
) -> None:
    data_dir, _ = installation
    (old,) = load_secret_keys(data_dir)
    assert run(data_dir, "rotate").status == 0
    lacking = run(data_dir, "list", "--json", ANSWERDESK_SECRET_KEYS=old)
    assert json.loads(lacking.errors)["error"]["code"] == "secret_keys_differ"
    new, _ = load_secret_keys(data_dir)
    assert run(data_dir, "list", ANSWERDESK_SECRET_KEYS=f"{old},{new}").status == 0
    assert run(data_dir, "rotate", "--forget-old").status == 0
    assert run(data_dir, "list").status == 0


def test_adopting_is_the_way_out_when_keys_are_lost(installation: tuple[Path, Secrets]) -> None:
    data_dir, secrets = installation
    assert run(data_dir, "rotate").status == 0
    (data_dir / FILE_NAME).unlink()
    refused = json.loads(run(data_dir, "list", "--json").errors)["error"]
    assert refused["code"] == "secret_keys_differ"
    assert "answerdesk keys adopt" in refused["message"]
    adopted = run(data_dir, "adopt", "--json")
    assert adopted.status == 0, adopted.errors
    assert json.loads(adopted.output)["secrets_lost"] == _SECRETS
    (key,) = load_secret_keys(data_dir)
    assert key not in adopted.output + adopted.errors
    assert run(data_dir, "list").status == 0
    assert secrets.connection.execute(
        "select kind from installation_key order by kind"
    ).fetchall() == [("owner",), ("secret",)]
