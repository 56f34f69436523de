"""The how-to page about a PostgreSQL of one's own, followed to the letter by two nodes."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psycopg
import pytest

from answerdesk.core.crypto import new_secret_key
from answerdesk.core.postgres import EmbeddedPostgres
from tests.accounts.people import PASSWORD, fresh_email
from tests.entrypoints.installation import Installation
from tests.ready_database import ready_postgres
from tests.waiting import PATIENCE

PAGE = Path(__file__).parents[2] / "docs/how-to/use-your-own-postgresql.md"
CLEARING = (
    "drop database if exists answerdesk with (force);"
    "drop role if exists answerdesk_owner;"
    "drop role if exists answerdesk_app;"
)
ROLE_PASSWORD = "a-password-of-a-role"


def blocks(language: str) -> list[str]:
    """The page's blocks of code, as they stand there."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def administrator(server: EmbeddedPostgres, database: str) -> psycopg.Connection[Any]:
    admin = server.conninfo(user=server.admin_user, password=server.admin_password, dbname=database)
    return psycopg.connect(**admin, autocommit=True)


def set_up(server: EmbeddedPostgres) -> None:
    """Do what the page has the server's administrator do, on a server that has nothing of ours."""
    (statements,) = blocks("sql")
    before, _, after = statements.replace("…", ROLE_PASSWORD).partition("\\c answerdesk\n")
    for database, part in (("postgres", CLEARING + before), ("answerdesk", after)):
        with administrator(server, database) as connection:
            for statement in part.split(";"):
                if statement.strip():
                    connection.execute(statement.encode())


def exported(script: str, folder: Path) -> dict[str, str]:
    """Run the exports of a block in a shell; return what they set."""
    exports = [line for line in script.splitlines() if line.startswith("export ")]
    names = [line.split("=")[0].removeprefix("export ") for line in exports]
    told = "\n".join([*exports, *(f"printf '%s\\n' \"${name}\"" for name in names)])
    shell = ["/bin/sh", "-euc", told]
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        shell, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return dict(zip(names, done.stdout.splitlines(), strict=True))


@pytest.fixture(scope="module")
def postgres() -> Iterator[EmbeddedPostgres]:
    with ready_postgres() as server:
        yield server


@pytest.fixture
def addresses(postgres: EmbeddedPostgres, tmp_path: Path) -> dict[str, str]:
    """The settings that lead to a database made as the page says."""
    set_up(postgres)
    arguments = postgres.conninfo(user="x", password="x")
    page, _, _ = blocks("sh")
    return {
        name: value.replace("@db.example/", "@/")
        + f"?host={quote(str(arguments['host']), safe='')}"
        for name, value in exported(page.replace("…", ROLE_PASSWORD), tmp_path).items()
    }


def node(folder: Path, name: str, **environment: str) -> Installation:
    """A machine of its own: its working folder, and its data folder in it."""
    home = folder / name
    home.mkdir()
    return Installation(home / ".data", **environment)


def signed_up(url: str, **fields: str) -> dict[str, Any]:
    body = {"email": fresh_email(), "password": PASSWORD, **fields}
    answer = httpx.post(f"{url}/v1/auth/signup", json=body, timeout=PATIENCE)
    assert answer.status_code == 201, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


def me(url: str, credential: str) -> int:
    headers = {"Authorization": f"Bearer {credential}"}
    return httpx.get(f"{url}/v1/me", headers=headers, timeout=PATIENCE).status_code


def refusal(of: Installation, *command: str) -> dict[str, str]:
    """Run a command that has to be refused; return the error."""
    done = of.run(*command, "--json")
    assert (done.status, done.output) == (1, ""), done
    error: dict[str, str] = json.loads(done.errors.splitlines()[-1])["error"]
    return error


def test_a_log_in_made_on_one_node_is_good_on_the_other(
    addresses: dict[str, str], tmp_path: Path
) -> None:
    _, fresh, _ = blocks("sh")
    shared = exported(fresh, tmp_path)
    assert all(len(value) >= 64 for value in shared.values())
    first = node(tmp_path, "first", **addresses, **shared)
    second = node(tmp_path, "second", **addresses, **shared)
    with first.serving() as one, second.serving() as other:
        tokens = signed_up(one["url"], owner_key=shared["ANSWERDESK_OWNER_KEY"])
        assert me(one["url"], tokens["access_token"]) == 200
        assert me(other["url"], tokens["access_token"]) == 200
        assert me(other["url"], shared["ANSWERDESK_OWNER_KEY"]) == 200
        renewed = httpx.post(
            f"{other['url']}/v1/auth/refresh",
            json={"refresh_token": tokens["refresh_token"]},
            timeout=PATIENCE,
        )
        assert renewed.status_code == 200, renewed.text
        assert me(one["url"], renewed.json()["access_token"]) == 200
        # The keys are nowhere in the clear but where they were given.
        for value in shared.values():
            assert value not in json.dumps([one, other])
    assert not (second.data_dir / "secret.keys").exists()


def test_a_node_with_keys_of_its_own_is_refused_until_it_shares(
    addresses: dict[str, str], tmp_path: Path
) -> None:
    first = node(tmp_path, "first", **addresses)
    second = node(tmp_path, "second", **addresses)
    with first.serving() as one:
        tokens = signed_up(one["url"])
        for command in (("serve", "--port", "0"), ("worker",), ("account", "list")):
            error = refusal(second, *command)
            assert error["code"] == "secret_keys_differ", command
            assert str(second.data_dir / "secret.keys") in error["message"]
            assert "ANSWERDESK_SECRET_KEYS" in error["message"]
        wrong = Installation(second.data_dir, **addresses, ANSWERDESK_SECRET_KEYS=new_secret_key())
        assert "ANSWERDESK_SECRET_KEYS" in refusal(wrong, "serve", "--port", "0")["message"]
        shutil.copy(first.data_dir / "secret.keys", second.data_dir)
        error = refusal(second, "serve", "--port", "0")
        assert error["code"] == "owner_key_differs"
        assert "ANSWERDESK_OWNER_KEY" in error["message"]
        assert str(second.data_dir / "owner.key") in error["message"]
        for key in ("owner.key", "secret.keys"):
            said = (second.data_dir / key).read_text().strip()
            assert said not in error["message"]
        # By files, and by what the page makes of them.
        shutil.copy(first.data_dir / "owner.key", second.data_dir)
        with second.serving() as other:
            assert me(other["url"], tokens["access_token"]) == 200
        _, _, from_files = blocks("sh")
        given = exported(from_files, first.data_dir.parent)
        third = node(tmp_path, "third", **addresses, **given)
        with third.serving() as other:
            assert me(other["url"], tokens["access_token"]) == 200
            assert me(other["url"], given["ANSWERDESK_OWNER_KEY"]) == 200
