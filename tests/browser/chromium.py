"""Finds and starts the Chromium that drives the browser tests."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, BrowserType, Playwright

ROOT = Path(__file__).resolve().parents[2]
UNPACKED = ROOT / ".make" / "browser"

FLAGS = (
    # The tests run as root, in containers and as users without namespaces: no sandbox starts there.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    # Whatever a page asks for outside this machine fails at once, so that a test notices it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]",
)


class ChromiumMissing(Exception):
    """No Chromium was found; the text says how to get one."""


@dataclass(frozen=True, slots=True)
class Chromium:
    """A Chromium program and the variables that it needs."""

    program: Path
    environment: Mapping[str, str]


def find_chromium(environment: Mapping[str, str], unpacked: Path = UNPACKED) -> Chromium:
    """Take ANSWERDESK_CHROMIUM, else what `make test` unpacked, else a Chromium of the system."""
    named = environment.get("ANSWERDESK_CHROMIUM")
    if named:
        if not os.access(named, os.X_OK):
            message = f"ANSWERDESK_CHROMIUM names {named}, which is not a program."
            raise ChromiumMissing(message)
        return Chromium(Path(named), {})
    if os.access(unpacked / "chromium", os.X_OK):
        return Chromium(
            unpacked / "chromium",
            {
                "LD_LIBRARY_PATH": str(unpacked / "lib"),
                "FONTCONFIG_FILE": str(unpacked / "fonts.conf"),
            },
        )
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name, path=environment.get("PATH", ""))
        if found:
            return Chromium(Path(found), {})
    message = (
        "The browser tests need a Chromium. `make setup-browser` installs one on Linux (x86-64); "
        "elsewhere install Chromium, or name one: ANSWERDESK_CHROMIUM=/path/to/chromium."
    )
    raise ChromiumMissing(message)


async def launch(playwright: Playwright, chromium: Chromium, home: Path, *more: str) -> Browser:
    """Start the browser with `home` as its home folder, since the user's may not be writable.

    `more` are flags besides those that every test needs.
    """
    return await playwright.chromium.launch(
        executable_path=chromium.program, args=[*FLAGS, *more], env=_environment(chromium, home)
    )


async def launch_profile(kind: BrowserType, chromium: Chromium, home: Path) -> BrowserContext:
    """Start a browser of its own that keeps its profile in `home`, as people's browsers do."""
    return await kind.launch_persistent_context(
        home / "profile",
        executable_path=chromium.program,
        args=list(FLAGS),
        env=_environment(chromium, home),
    )


def _environment(chromium: Chromium, home: Path) -> dict[str, str | float | bool]:
    return {**os.environ, **chromium.environment, "HOME": str(home)}
