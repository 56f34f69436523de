"""Tests test the real thing, and say why when one does not run."""

import ast
import re
from pathlib import PurePosixPath

import pytest

from tests.rules.tree import calls, dotted, expect_none, parsed, python_files

SKIPS = ("pytest.skip", "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail")
PATCHES = ("monkeypatch.setattr", "monkeypatch.setitem", "mocker.patch")
MOCKS = ("unittest.mock", "mock", "pytest_mock", "respx", "responses", "freezegun", "time_machine")

RANDOM = re.compile(r"\b(uuid[147]|token_\w+|urandom|random|randint|new_id|now|today|time)$")


def problems(path: PurePosixPath, text: str) -> list[str]:
    """Report skips without a reason, mocks and patches, and parameters that differ by run."""
    tree = parsed(text)
    found = [*_silent_skips(tree), *_mocks(tree), *_random_parameters(tree)]
    return [f"{path}:{problem}" for problem in found]


def _silent_skips(tree: ast.AST) -> list[str]:
    found = []
    with_arguments = set()
    for call in calls(tree, *SKIPS):
        with_arguments.add(id(call.func))
        has_reason = any(keyword.arg == "reason" for keyword in call.keywords)
        if ast.unparse(call.func) == "pytest.skip":
            has_reason = has_reason or bool(call.args)
        if not has_reason:
            found.append(f"{call.lineno}: say why it does not run (reason=…)")
    found += [
        f"{node.lineno}: say why it does not run (reason=…)"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and id(node) not in with_arguments
        and dotted(node) in SKIPS[1:]
    ]
    return found


def _mocks(tree: ast.AST) -> list[str]:
    found = [
        f"{call.lineno}: nothing is patched; pass the fake in, or choose it by a setting"
        for call in calls(tree, *PATCHES)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        if set(names) & set(MOCKS):
            found.append(f"{node.lineno}: nothing is mocked; use the real thing or its fake")
    return found


def _random_parameters(tree: ast.Module) -> list[str]:
    """Report what parallel workers would collect under two names, one each."""
    random_names = {
        ast.unparse(target)
        for statement in tree.body
        if isinstance(statement, ast.Assign) and _random_calls(statement.value)
        for target in statement.targets
    }
    return [
        f"{call.lineno}: {value} differs by process, so parallel workers collect different tests; "
        "write a constant, or make it inside the test"
        for call in calls(tree, "pytest.mark.parametrize")
        for value in (
            *_random_calls(call),
            *sorted(random_names & {n.id for n in ast.walk(call) if isinstance(n, ast.Name)}),
        )
    ]


def _random_calls(tree: ast.AST) -> list[str]:
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and RANDOM.search(ast.unparse(node.func))
    ]


def test_every_test_keeps_the_rules() -> None:
    expect_none(p for path, text in python_files("tests") for p in problems(path, text))


@pytest.mark.parametrize(
    "code",
    [
        "@pytest.mark.skip\ndef test_a(): ...",
        "@pytest.mark.skip()\ndef test_a(): ...",
        "@pytest.mark.skipif(True)\ndef test_a(): ...",
        "@pytest.mark.xfail\ndef test_a(): ...",
        "def test_a():\n    pytest.skip()",
        "@pytest.mark.parametrize('name', [f'proj_{uuid4().hex}'])\ndef test_a(name): ...",
        "ID = str(uuid4())\n@pytest.mark.parametrize('name', [ID])\ndef test_a(name): ...",
        "from unittest.mock import Mock",
        "from unittest import mock",
        "import unittest.mock",
        "def test_a(monkeypatch):\n    monkeypatch.setattr(module, 'name', 1)",
    ],
)
def test_a_silent_skip_or_a_mock_is_reported(code: str) -> None:
    assert len(problems(PurePosixPath("tests/test_a.py"), code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "@pytest.mark.skipif(ON_MAC, reason='needs namespaces')\ndef test_a(): ...",
        "def test_a():\n    pytest.skip('needs namespaces')",
        "def test_a(monkeypatch):\n    monkeypatch.setenv('PORT', '1')",
    ],
)
def test_what_says_why_is_not_reported(code: str) -> None:
    assert problems(PurePosixPath("tests/test_a.py"), code) == []
