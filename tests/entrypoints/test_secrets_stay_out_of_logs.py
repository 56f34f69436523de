"""No log line holds what opens something, at the most talkative level and when things go wrong."""

import json
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from answerdesk.core.crypto import load_secret_keys
from answerdesk.core.postgres import EmbeddedPostgres
from tests.accounts.people import fresh_email
from tests.entrypoints.installation import PROGRAM, Installation, wait_until
from tests.ready_database import lay_ready_database
from tests.waiting import PATIENCE

PASSWORD = "a harbour that nobody has seen"
WRONG = "the harbour of somebody else"


@contextmanager
def serving(desk: Installation, log: Path) -> Iterator[dict[str, Any]]:
    """Serve as a service does, all that is written going to one file."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0"], stdout=file, stderr=file, env=desk.environment
        )
        try:
            wait_until(lambda: b"Ctrl-C" in log.read_bytes() or process.poll() is not None, 60)
            written = log.read_text("utf-8")
            assert "Ctrl-C" in written, written
            url = next(word for word in written.split() if word.startswith("http://127.0.0.1:"))
            yield {"url": url}
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


class Opened:
    """Everything that was given or got in a test and would open something."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {"the password": PASSWORD, "a wrong password": WRONG}

    def post(self, client: httpx.Client, path: str, **fields: Any) -> dict[str, Any]:
        headers = fields.pop("headers", {})
        answer = client.post(path, json=fields, headers=headers)
        body: dict[str, Any] = answer.json() if answer.content else {}
        for name in ("access_token", "refresh_token", "key", "visitor_token", "secret"):
            if name in body:
                self.secrets[f"{name} of {path}"] = str(body[name])
        if "link" in body:
            self.secrets[f"link of {path}"] = str(body["link"]).partition("=")[2]
        return body


def test_nothing_that_opens_something_is_logged() -> None:
    opened = Opened()
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        desk = Installation(Path(folder) / "data", ANSWERDESK_LOG_LEVEL="debug")
        lay_ready_database(desk.data_dir)
        log = Path(folder) / "log"
        with (
            serving(desk, log) as told,
            httpx.Client(base_url=told["url"], timeout=PATIENCE) as client,
        ):
            owner_key = (desk.data_dir / "owner.key").read_text().strip()
            opened.secrets["the owner's key"] = owner_key
            opened.secrets["the secret key"] = load_secret_keys(desk.data_dir)[0]
            use_everything(opened, client, owner_key)
            letters = desk.data_dir / "letters.txt"
            reset, moved = (
                written_token(letters, "/reset"),
                written_token(letters, "/confirm-email"),
            )
            opened.secrets |= {"the token of a letter": reset, "of a new address": moved}
            opened.post(client, "/v1/auth/reset", token=reset, password=PASSWORD)
            opened.post(client, "/v1/auth/confirm-email", token=moved)
            expect_slow_hashes(desk.data_dir)
            break_something(desk.data_dir, client)
        written = log.read_text("utf-8")
    # What went wrong is told, and so is each request.
    assert '"event": "unhandled"' in written
    assert "broken_on_purpose" in written
    assert '"path": "/v1/auth/login"' in written
    found = {name for name, secret in opened.secrets.items() if secret in written}
    assert found == set()
    assert len(opened.secrets) >= 12
    assert "$argon2id$" not in written


def written_token(letters: Path, page: str) -> str:
    """Wait for a letter with a link to a page, and return the link's token."""
    link = f"{page}#token="
    wait_until(lambda: letters.exists() and link in letters.read_text("utf-8"))
    return letters.read_text("utf-8").partition(link)[2].split()[0]


def use_everything(opened: Opened, client: httpx.Client, owner_key: str) -> None:
    email = fresh_email()
    opened.post(client, "/v1/auth/signup", email=email, password=PASSWORD, owner_key=owner_key)
    opened.post(client, "/v1/auth/login", email=email, password=WRONG)
    tokens = opened.post(client, "/v1/auth/login", email=email, password=PASSWORD)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    opened.post(client, "/v1/auth/refresh", refresh_token=tokens["refresh_token"])
    opened.post(client, "/v1/invitations", email=fresh_email(), role="viewer", headers=headers)
    made = opened.post(client, "/v1/api-keys", name="x", scopes=["read"], headers=headers)
    client.get("/v1/projects", headers={"Authorization": f"Bearer {made['key']}"})
    client.get("/v1/projects", headers={"Authorization": f"Bearer {owner_key}x"})
    project = opened.post(client, "/v1/projects", name="Desk", headers=headers)["id"]
    path = f"/v1/projects/{project}"
    opened.post(client, f"{path}/identity-secret", headers=headers)
    widget = opened.post(client, f"{path}/widget-keys", name="x", headers=headers)["id"]
    visitor = opened.post(client, "/v1/visitor/session", widget_key=widget)["visitor_token"]
    said = {"Authorization": f"Bearer {visitor}"}
    client.post("/v1/visitor/chat", json={"message": "Hello?"}, headers=said)
    # A token in an address, as one of Orac's calls has it.
    params = {"conversationId": f"conv_{'0' * 32}", "identity_token": visitor}
    client.get("/api/widget/messages", params=params)
    moved = {"email": fresh_email(), "current_password": PASSWORD}
    opened.post(client, "/v1/me/email-change", **moved, headers=headers)
    opened.post(client, "/v1/auth/reset-request", email=email)


def expect_slow_hashes(data_dir: Path) -> None:
    """Check that what is stored is as expensive to guess as it should: most tests' is not."""
    with connected(data_dir) as connection:
        hashes = connection.execute("select password_hash from app_user").fetchall()
    assert hashes
    assert all(one.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for (one,) in hashes), hashes


@contextmanager
def connected(data_dir: Path) -> Iterator[psycopg.Connection]:
    """Connect as the owner of the tables."""
    with EmbeddedPostgres.start(data_dir) as server:
        admin = server.conninfo(user=server.admin_user, password=server.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:
            yield connection


def break_something(data_dir: Path, client: httpx.Client) -> None:
    """Have the database refuse a row with the hash of a password."""
    with connected(data_dir) as connection:
        connection.execute(
            "alter table app_user add constraint broken_on_purpose check (false) not valid"
        )
    body = {"email": fresh_email(), "password": PASSWORD}
    assert client.post("/v1/auth/signup", json=body).status_code == 500


@pytest.mark.parametrize(
    "address", ["postgres//u:s3kret-word@h/db", "postgresql://u:s3kret-word %zz@h/db"]
)
def test_an_address_of_a_database_that_does_not_hold_is_not_repeated(
    tmp_path: Path, address: str
) -> None:
    desk = Installation(
        tmp_path / "data",
        DATABASE_URL=address,
        DATABASE_ADMIN_URL="postgresql://u@h/db",
        ANSWERDESK_LOG_LEVEL="debug",
    )
    done = desk.run("account", "list", "--json", environment={"ANSWERDESK_LOG_LEVEL": "warning"})
    error = json.loads(done.errors)["error"]
    assert error["code"] == "invalid_settings"
    assert error["message"].startswith("DATABASE_URL cannot be parsed")
    talkative = subprocess.run(
        [PROGRAM, "account", "list"], env=desk.environment, capture_output=True, check=False
    )
    assert talkative.returncode == 1
    assert b"s3kret-word" not in talkative.stderr + talkative.stdout + done.errors.encode()
