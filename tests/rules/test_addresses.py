"""The repository works from anywhere: it names no registry and no folder of somebody's machine."""

import re
from pathlib import PurePosixPath

import pytest

from tests.rules.tree import expect_none, texts

# Split, so that this file keeps its own rule.
REGISTRIES = re.compile(
    "|".join(["pypi\\." + "org", "python" + "hosted\\.", "npm" + "js\\.", "deb\\." + "debian"])
)
INDEX = re.compile(
    r"^\s*(-i|-f|--index-url|--extra-index-url|--find-links)\b|\bhttps?://", re.MULTILINE
)
# A workspace's own packages are named by their folders.
RESOLVED = re.compile(r'"resolved": "(?!(?:apps|packages)/)')
OWN_FOLDERS = re.compile(r"(?<![\w.:/{})-])/(root|home/[a-z]\w*|Users/\w+|work|tmp)/\w")


def problems(path: PurePosixPath, text: str) -> list[str]:
    """Report hosts of registries, index addresses in locks, and folders of one machine."""
    found = [
        f"{path}: names the registry {match[0]}; a mirror must work as well"
        for match in REGISTRIES.finditer(text)
    ]
    found += [
        f"{path}: names {match[0]}…, a folder of one machine"
        for match in OWN_FOLDERS.finditer(text)
    ]
    if path.parts[0] == "requirements" and INDEX.search(text):
        found.append(f"{path}: a lock carries no address; write it with `make lock`")
    if path.name == "package-lock.json" and RESOLVED.search(text):
        found.append(f"{path}: a lock carries no address; see omit-lockfile-registry-resolved")
    return found


def test_nothing_names_a_registry_or_a_machine() -> None:
    expect_none(problem for path, text in texts() for problem in problems(path, text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/a.md", "see https://" + "pypi." + "org/project/x"),
        ("Makefile", "cp a /" + "root/x"),
        ("tests/a.py", 'PATH = "/' + 'tmp/data"'),
        ("tests/a.py", 'PATH = "/' + 'home/ann/data"'),
        ("requirements/a.txt", "--index-url " + "https://mirror.example/simple"),
        ("requirements/a.txt", "x @ https://mirror.example/x.whl"),
        ("web/package-lock.json", '"resolved": "x"'),
    ],
)
def test_an_address_is_reported(name: str, text: str) -> None:
    assert problems(PurePosixPath(name), text) != []


@pytest.mark.parametrize("text", ["https://example.com/home/page", "./root/x", "$(TMP)/tmp/x"])
def test_other_paths_are_not_reported(text: str) -> None:
    assert problems(PurePosixPath("docs/a.md"), text) == []
