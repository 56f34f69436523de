"""What the documents tell people to run and to open exists."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.rules.tree import ROOT, expect_none, texts

COMMAND = re.compile(r"(?:^|[`;&|]\s*|\s)make ((?:[a-z][a-z-]*[ \t]*)+)", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def documents() -> Iterator[tuple[PurePosixPath, str]]:
    """Yield the Markdown files."""
    return ((path, text) for path, text in texts() if path.suffix == ".md")


def targets() -> set[str]:
    """Return what `make` can make."""
    return set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))


def unknown_commands(text: str, known: set[str]) -> list[str]:
    """Return each target that a code span or block asks `make` for and that does not exist."""
    asked = [
        name
        for code in CODE.findall(text)
        for command in COMMAND.findall(code.replace("```sh", "\n"))
        for name in command.split("\n")[0].split()
    ]
    return [name for name in asked if name not in known]


def anchors(text: str) -> set[str]:
    """Return the anchors that the headings of a document get, as GitHub makes them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    }


def broken_links(path: PurePosixPath, text: str) -> list[str]:
    """Return each relative link whose file, or whose heading in that file, does not exist."""
    broken = []
    for link in LINK.findall(CODE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = ROOT / path.parent / name if name else ROOT / path
        if name and not target.exists():
            broken.append(f"{path}: the link {link} leads nowhere")
        elif anchor and target.suffix == ".md":
            known = anchors(target.read_text(encoding="utf-8")) if name else anchors(text)
            if anchor not in known:
                broken.append(f"{path}: the link {link} leads nowhere")
    return broken


def test_every_make_command_in_the_documents_exists() -> None:
    known = targets()
    expect_none(
        f"{path}: there is no `make {name}`"
        for path, text in documents()
        for name in unknown_commands(text, known)
    )


def test_every_link_between_documents_leads_somewhere() -> None:
    expect_none(link for path, text in documents() for link in broken_links(path, text))


def test_make_help_tells_of_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = set(re.findall(r"^([a-z][a-z-]*):.*## ", makefile, re.MULTILINE))
    assert told == targets()


@pytest.mark.parametrize(
    "text", ["`make tests`", "```sh\nmake run\nmake tests\n```", "`PORT=1 make tests`"]
)
def test_an_unknown_command_is_reported(text: str) -> None:
    assert unknown_commands(text, {"run", "test"}) == ["tests"]


@pytest.mark.parametrize(
    "text", ["`make run`", "we make tests", '`make test ARGS="-x"`', "`make lock run`"]
)
def test_known_commands_and_prose_are_not_reported(text: str) -> None:
    assert unknown_commands(text, {"run", "test", "lock"}) == []


@pytest.mark.parametrize(
    "link", ["missing.md", "#no-such-heading", "CONTRIBUTING.md#no-such-heading"]
)
def test_a_broken_link_is_reported(link: str) -> None:
    assert len(broken_links(PurePosixPath("a.md"), f"# Title\n\n[text]({link})")) == 1


@pytest.mark.parametrize(
    "link", ["CONTRIBUTING.md#set-up", "#a-title", "docs/", "https://example.com/x"]
)
def test_a_good_link_is_not_reported(link: str) -> None:
    assert broken_links(PurePosixPath("a.md"), f"# A title\n\n[text]({link})") == []
