"""SQL lives in repositories, in core and in migrations, so that tenant scoping has one place."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.rules.tree import PACKAGE, expect_none, parsed, python_files

LOWER = (
    r"\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|"
    r"with\s+\w+\s+as\s*\(|(create|alter|drop)\s+(table|index|function|role|policy)\s)"
)
# Keywords all small or all capital; a sentence that begins with "Select" is prose.
UPPER = re.sub(r"(?<!\\)[a-z]", lambda letter: letter[0].upper(), LOWER)
STATEMENT = re.compile(f"{LOWER}|{UPPER}", re.DOTALL)
# The session is the handle that a service passes on to its repository.
HANDLES = {"AsyncSession"}


def may_hold_sql(path: PurePosixPath) -> bool:
    """Say whether this module is one of those that talk to the database."""
    inside = path.relative_to(PACKAGE).with_suffix("").parts
    return inside[0] in ("core", "migrations") or bool({"repository", "models"} & set(inside))


def problems(path: PurePosixPath, text: str) -> list[str]:
    """Report SQL text, and tools to write SQL, outside the modules that may hold it."""
    if may_hold_sql(path):
        return []
    tree = parsed(text)
    docstrings = set(_docstrings(tree))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if STATEMENT.match(node.value) and id(node) not in docstrings:
                found.append(f"{path}:{node.lineno}: SQL belongs into the slice's repository")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            tools = {alias.name for alias in node.names} - HANDLES
            if tools and node.module != "sqlalchemy.exc":
                found.append(
                    f"{path}:{node.lineno}: {', '.join(sorted(tools))} of sqlalchemy belongs into "
                    "the slice's repository"
                )
        elif isinstance(node, ast.Import):
            found += [
                f"{path}:{node.lineno}: sqlalchemy belongs into the slice's repository"
                for alias in node.names
                if alias.name.split(".")[0] == "sqlalchemy"
            ]
    return found


def _docstrings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)


def test_sql_stays_in_repositories() -> None:
    expect_none(p for path, text in python_files(str(PACKAGE)) for p in problems(path, text))


@pytest.mark.parametrize(
    "code",
    [
        'QUERY = "select id from lead where id = 1"',
        'QUERY = """\n  INSERT INTO lead (id) VALUES (1)"""',
        'QUERY = f"update lead set name = {1}"',
        "from sqlalchemy import select",
        "import sqlalchemy as sa",
        "def f() -> None:\n    from sqlalchemy.sql import text\n",
    ],
)
def test_sql_in_a_service_is_reported(code: str) -> None:
    assert len(problems(PACKAGE / "leads/service.py", code)) == 1
    assert problems(PACKAGE / "leads/repository.py", code) == []
    assert problems(PACKAGE / "knowledge/search/repository/lexical.py", code) == []


@pytest.mark.parametrize(
    "code",
    [
        'HELP = "Select a file from your disk"',
        '"""Select rows from a table: what this module does not do."""',
        "from sqlalchemy.ext.asyncio import AsyncSession",
        "from sqlalchemy.exc import IntegrityError",
        'NOTE = "update the page, then set it live"',
    ],
)
def test_prose_and_the_session_are_not_reported(code: str) -> None:
    assert problems(PACKAGE / "leads/service.py", code) == []
