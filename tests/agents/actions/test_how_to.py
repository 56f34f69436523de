"""The guide's server and commands, run as they are printed, and the story that they tell."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.conftest import free_port
from tests.conversations.visitors.site import Guest, Site
from tests.dialects.keys import key_of
from tests.waiting import PATIENCE, attempts

PAGE: Final = Path(__file__).parents[3] / "docs" / "how-to" / "let-the-assistant-act.md"
TOKEN: Final = "a-token-of-the-shop"  # Of a server that lives for one test.
ASKED: Final = "Hi! Where is my order A-1234?"
FALLBACK: Final = "I cannot see that order. Please check its number."


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def sh(site: Site, wanted: str, port: int, **environment: str) -> dict[str, Any]:
    """Run the guide's command with `wanted` in it, as a reader's shell does."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not on this machine")
    (command,) = [block for block in blocks("sh") if wanted in block]
    ended = subprocess.run(
        ["sh", "-e", "-c", command.replace("https://shop.example", f"http://127.0.0.1:{port}")],
        env={
            "PATH": os.environ["PATH"],
            "NO_PROXY": "127.0.0.1",
            "DESK": str(site.owner.base_url).rstrip("/"),
            "KEY": key_of(site.owner)["Authorization"].removeprefix("Bearer "),
            "PROJECT": site.project_id,
            "SHOP_TOKEN": TOKEN,
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


@contextmanager
def shop_of_the_guide(site: Site, port: int, action: str, folder: Path) -> Iterator[None]:
    """Run the guide's server until the block ends."""
    (text,) = blocks("python")
    (folder / "shop.py").write_text(text, encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "SHOP_TOKEN": TOKEN,
        "ANSWERDESK_IDENTITY_SECRET": site.secret,
        "ACTION": action,
    }
    with subprocess.Popen(
        [sys.executable, "shop.py"], env=environment, cwd=folder, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in attempts(PATIENCE):
                try:
                    if httpx.get(f"http://127.0.0.1:{port}/orders/x").status_code == 401:
                        break
                except httpx.HTTPError:
                    continue
            yield
        finally:
            process.kill()


def told(guest: Guest, message: str) -> str:
    conversation = str(guest.ask(message).first("accepted")["conversation_id"])
    return str(guest.messages(conversation)[-1]["content"])


def test_the_guide_works_as_printed(site: Site, tmp_path: Path) -> None:
    port = free_port()
    action = sh(site, '/actions" \\', port)
    with shop_of_the_guide(site, port, action["id"], tmp_path):
        tested = sh(site, "/test", port, ACTION=action["id"])
        assert (tested["status"], tested["answer"]) == (404, None)
        assert TOKEN not in json.dumps(tested)

        known = site.guest(identity_token=site.sign("42"))
        assert told(known, ASKED) == "Your order is shipped; it arrives in 2 days."
        assert told(known, "Order status A-9999?") == FALLBACK  # Somebody else's.
        assert "log in" in told(site.guest(), ASKED)
        asked = told(known, "Can you track my order?")
        assert asked == "For that I need one more thing: your order number (A-1234)."

        # What was signed for one request opens no other.
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        for token in ("", "a.b.c", site.sign("42"), site.sign("42", aud=action["id"])):
            headers = {**bearer, "Answerdesk-Visitor": token}
            refused = httpx.get(f"http://127.0.0.1:{port}/orders/A-1234", headers=headers)
            assert refused.status_code == 404, token
