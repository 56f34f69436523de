"""The project's files as the rules see them."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = PurePosixPath("src/answerdesk")
GENERATED = ("package-lock.json", "requirements/dev.txt", "requirements/runtime.txt")


def files() -> Iterator[PurePosixPath]:
    """Yield every file that is, or would be, in the repository, relative to its root."""
    # The clone may belong to another user than the one who tests it.
    git = ["git", "-c", "safe.directory=*"]
    listing = subprocess.run(
        [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in sorted(set(listing.split("\0")) - {""}):
        if (ROOT / name).is_file():
            yield PurePosixPath(name)


def texts(suffix: str = "", folder: str = "") -> Iterator[tuple[PurePosixPath, str]]:
    """Yield every text file below `folder` whose name ends in `suffix`, with its content."""
    for path in files():
        if not (path.name.endswith(suffix) and path.is_relative_to(folder)):
            continue
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            yield path, content.decode("utf-8", errors="replace")


def python_files(folder: str = "") -> Iterator[tuple[PurePosixPath, str]]:
    """Yield the Python files below `folder` with their content."""
    yield from texts(".py", folder)


def parsed(text: str) -> ast.Module:
    """Parse Python, again if need be.

    Before CPython 3.11.8 two threads that parse at once mix up their depths (gh-106905), and a
    traceback that another thread prints is parsed, too.
    """
    for _ in range(10):
        try:
            return ast.parse(text)
        except SystemError:
            continue
    return ast.parse(text)


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Yield the calls of functions with these dotted names, such as `pytest.skip`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func) in names:
            yield node


def dotted(node: ast.expr) -> str | None:
    """Return a name as it is written, `pytest.skip`, None for what is no plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)) is not None:
        return f"{before}.{node.attr}"
    return None


def expect_none(problems: Iterable[str]) -> None:
    """Fail with every problem on a line of its own, and without a traceback that adds nothing."""
    found = list(problems)
    if found:
        pytest.fail("\n" + "\n".join(found), pytrace=False)
