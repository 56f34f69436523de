"""No pattern takes long for a text, however the text is made."""

import ast
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Iterator
from types import ModuleType

import pytest

import answerdesk
from tests.bounds.work import TooMuchWork, within
from tests.rules.attacks import Attack, attacks
from tests.rules.tree import calls, expect_none, parsed

LENGTH = 20_000
"""Characters of the longest text that is worked on outside the limited child process."""

SECONDS = 0.3
"""For what takes a few milliseconds in linear time, and half a second or more in quadratic."""

_TRIES = 3

SHORTER = 8
"""How many times shorter the text is that is tried first."""

LITTLE = SECONDS / SHORTER**2 / 2
"""Seconds for the shorter text within which the whole one is not tried: what takes SECONDS for that
in quadratic time takes twice as many."""

Pattern = re.Pattern[str]
METHODS = frozenset({"match", "fullmatch", "search", "findall"})
SAME_WORK = {"finditer": "findall", "sub": "findall", "subn": "findall", "split": "findall"}

BOUNDED = {
    "answerdesk.knowledge.ingestion.parse.pdf_layout._LAST": 200,
    # Of an answer, what is held back.
    "answerdesk.answering.generation.links._UNDECIDED": 600,
    # Of a sentence, whichever its language is.
    "answerdesk.answering.message.complaints.": 300,
}
"""Characters that patterns, or the tables of a module, are given at most, where that is little."""


def modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(answerdesk.__path__, "answerdesk."):
        if not module.name.endswith("__main__") and ".migrations." not in module.name:
            yield importlib.import_module(module.name)


def patterns(module: ModuleType) -> dict[str, tuple[Pattern, frozenset[str]]]:
    """Return a module's patterns by name, each with the methods that it is used with."""
    source = inspect.getsource(module)
    held = {name: list(_within(name, value)) for name, value in vars(module).items()}
    if "import re" not in source and not any(held.values()):
        return {}
    tree = parsed(source)
    used: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.setdefault(node.value.id, set()).add(node.attr)
    # By other names is used what stands in a table or is handed on. Texts are split, too.
    others = set().union(*(used[name] for name in used if name not in vars(module))) - {"split"}
    found = {}
    for name, inside in held.items():
        for where, pattern in inside:
            own = used.get(name, set()) if where == name else set()
            found[where] = pattern, _methods(own) or _methods(others) or frozenset({"search"})
    return {**found, **_on_the_spot(tree)}


def _methods(names: set[str]) -> frozenset[str]:
    return frozenset(SAME_WORK.get(name, name) for name in names) & METHODS


def _within(name: str, value: object, depth: int = 3) -> Iterator[tuple[str, Pattern]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield name, value
    elif depth and isinstance(value, dict):
        for key, one in value.items():
            yield from _within(f"{name}[{key!r}]", one, depth - 1)
    elif depth and isinstance(value, tuple | list):
        for place, one in enumerate(value):
            yield from _within(f"{name}[{place}]", one, depth - 1)


def _on_the_spot(tree: ast.AST) -> dict[str, tuple[Pattern, frozenset[str]]]:
    """Return the patterns that are written where they are used: `re.sub(r"\\s+", …)`."""
    found: dict[str, tuple[Pattern, frozenset[str]]] = {}
    for call in calls(tree, *(f"re.{name}" for name in (*METHODS, *SAME_WORK))):
        written = call.args[0] if call.args else None
        if isinstance(written, ast.Constant) and isinstance(written.value, str):
            method = ast.unparse(call.func).removeprefix("re.")
            found[f"line {call.lineno}"] = re.compile(written.value), _methods({method})
    return found


def problems(
    name: str, pattern: Pattern, methods: frozenset[str], length: int = LENGTH
) -> Iterator[str]:
    for attack in attacks(pattern):
        for method in sorted(methods):
            if _takes_long(pattern, method, attack, length):
                text = attack.text(length)
                yield f"{name}: {method} takes long for {text[:30]!a}…{text[-5:]!a}"
                return


def _longest(name: str) -> int:
    return next((most for start, most in BOUNDED.items() if name.startswith(start)), LENGTH)


def _takes_long(pattern: Pattern, method: str, attack: Attack, length: int) -> bool:
    """Tell whether a method takes long each time: a busy machine can hold up one that does not."""
    is_long = length >= LENGTH
    if is_long and _takes_little(pattern, method, attack.text(length // SHORTER)):
        return False
    text = attack.text(length)
    for _ in range(_TRIES):
        try:
            with within(SECONDS, method):
                getattr(pattern, method)(text)
        except TooMuchWork:
            continue
        return False
    return True


def _takes_little(pattern: Pattern, method: str, text: str) -> bool:
    began = time.process_time()
    try:
        with within(SECONDS, method):
            getattr(pattern, method)(text)
    except TooMuchWork:
        return False
    return time.process_time() - began < LITTLE


def test_every_pattern_is_linear() -> None:
    seen: set[tuple[str, int, frozenset[str]]] = set()
    found: list[str] = []
    for module in modules():
        for name, (pattern, methods) in patterns(module).items():
            key = pattern.pattern, pattern.flags, methods
            where = f"{module.__name__}.{name}"
            if key not in seen:
                seen.add(key)
                found.extend(problems(where, pattern, methods, _longest(where)))
    assert len(seen) > 200, "Where are the patterns?"
    expect_none(found)


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"\s*,?\s+(?:and|und)\s+(?=what)", "findall"),
        (r"\S+@\S+", "search"),
        (r"(a+)+b", "match"),
        (r"(?:a|aa|-)+b", "match"),
        (r"\W*[^\s.]+ is a", "match"),
        (r"^title:(.*?)[ ]*$", "match"),
        (r"[^\w]+$", "search"),
        (r"((?:\s{0,3}-[ \t]*){15})-x", "match"),
    ],
)
def test_a_pattern_that_is_not_is_reported(pattern: str, method: str) -> None:
    # Twice as long, so that a fast machine takes too long as well.
    found = problems("p", re.compile(pattern), frozenset({method}), 2 * LENGTH)
    assert len(list(found)) == 1


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"\s?(?:and|und)\b", "findall"),
        (r"[a-z]+(?:-[a-z]+)*", "findall"),
        (r"(?<!\S)\S+@\S+", "search"),
        (r"\W*+[^\s.]+ is a", "match"),
    ],
)
def test_a_linear_one_is_not_reported(pattern: str, method: str) -> None:
    assert list(problems("p", re.compile(pattern), frozenset({method}))) == []
