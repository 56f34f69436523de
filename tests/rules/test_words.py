"""One word for one thing: the names in the code follow docs/explanation/glossary.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.rules.tree import PACKAGE, ROOT, expect_none, parsed, python_files, texts

GLOSSARY = PurePosixPath("docs/explanation/glossary.md")

# Words that were given up, and what to say instead; neither names nor texts use them.
RETIRED = {
    "ledger": "page (`knowledge.pages`)",
    "speaker": "visitor, or the role of a message",
    "crawler": "sync",
}
# History may say what things were called.
HISTORY = (
    "docs/decisions",
    "docs/explanation/glossary.md",
    "CHANGELOG.md",
    "src/answerdesk/migrations",
    "tests/rules",
)
OUR_TEXTS = (".py", ".js", ".css", ".html", ".md", ".toml", ".sql")

# Where a type may have this word in its name; elsewhere it would mean a second thing.
MEANT = {
    "Answer": ("answering", "conversations", "knowledge/ingestion/prepare.py"),
    "Reading": ("knowledge/ingestion", "knowledge/website"),
    "Claim": (),
    "Claims": ("accounts/sessions", "conversations"),
    "Page": ("knowledge", "providers"),
    "Source": ("knowledge", "conversations", "dialects", "accounts/secrets"),
    "Website": ("knowledge/sync", "entrypoints/cli"),
    "Sync": ("knowledge", "entrypoints/cli"),
    "Visitor": ("conversations", "entrypoints", "dialects", "projects", "core/web"),
    "Crawl": (),
}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def retired_words(path: PurePosixPath, text: str) -> Iterator[str]:
    """Words in a text, or in its file's name, that have been given up."""
    # Hardly a file has one: to look into each line takes seconds.
    whole = f"{path.stem}\n{text}".casefold()
    if not any(word in whole for word in RETIRED):
        return
    for number, line in enumerate([path.stem, *text.splitlines()]):
        for word, instead in RETIRED.items():
            if re.search(rf"(?<![a-z]){word}s?(?![a-z])", line, re.IGNORECASE):
                yield f"{path}:{number}: say {instead}, not `{word}`"


def ambiguous_types(path: PurePosixPath, text: str) -> Iterator[str]:
    """Types whose names give a word of the glossary a second meaning."""
    inside = path.relative_to(PACKAGE)
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.ClassDef):
            for word in _WORD.findall(node.name):
                places = MEANT.get(word)
                if places is not None and not any(inside.is_relative_to(one) for one in places):
                    yield f"{path}:{node.lineno}: {node.name}: `{word}` has another meaning"


def defined_words(glossary: str) -> list[str]:
    """The words that the glossary defines, in its order."""
    return re.findall(r"^\| \*\*([^*]+)\*\* \|", glossary, re.MULTILINE)


def test_words_given_up_stay_away() -> None:
    """Names, comments, pages and documents use the words of the glossary."""
    expect_none(
        problem
        for path, text in texts()
        if path.suffix in OUR_TEXTS and not any(path.is_relative_to(one) for one in HISTORY)
        for problem in retired_words(path, text)
    )


def test_a_type_is_called_what_it_is() -> None:
    """A word that the glossary defines means that thing in the name of every type."""
    expect_none(
        problem
        for path, text in python_files(str(PACKAGE))
        for problem in ambiguous_types(path, text)
    )


def test_the_glossary_defines_a_word_once() -> None:
    """Each word has one row, and each word that names of types are checked for has one."""
    words = defined_words((ROOT / GLOSSARY).read_text())
    assert len(words) == len(set(words))
    assert {word.lower() for word in MEANT} - {"claim", "crawl"} <= set(words)


@pytest.mark.parametrize(
    "text", ["class Ledger: ...", "# Ask the speaker.", "the_speaker = 1", "a crawler's queue"]
)
def test_a_retired_word_is_found(text: str) -> None:
    """The rule sees classes, comments, names and possessives."""
    assert list(retired_words(PurePosixPath("a.py"), text))


@pytest.mark.parametrize("text", ["loudspeakers", "knowledge", "speakers_are"])
def test_other_words_are_left_alone(text: str) -> None:
    """Parts of longer words do not count, but plurals do."""
    assert bool(list(retired_words(PurePosixPath("a.py"), text))) is (text == "speakers_are")


@pytest.mark.parametrize("name", ["Page", "RequestReading", "JobClaim", "KeptAnswer"])
def test_a_second_meaning_is_found(name: str) -> None:
    """A type in `core` may not take a word from the knowledge or the answers."""
    assert list(ambiguous_types(PACKAGE / "core/thing.py", f"class {name}: ..."))
