"""Where files lie and what they are called: the same in every slice, and not too long."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import pytest

from tests.rules.tree import PACKAGE, expect_none, files, parsed, python_files, texts

# About 300 is the aim: what is read together stands together (docs/decisions/0026-rooms.md).
MOST_LINES = 500
# A longer file needs a reason here, and a better one than that it grew.
LONGER_FILES = {
    "web/packages/api/src/native.ts": "written by `make reference`",
    "tests/core/due/test_worker.py": "one worker process's whole life, told with shared fixtures",
}

SLICES = (
    *(
        "privacy",
        "insights",
        "delayed_replies",
        "inbox",
        "conversations",
        "leads",
        "answering",
        "agents",
        "knowledge",
    ),
    *("webhooks", "projects", "accounts"),
)
SLICE_FILES = {
    *("endpoints", "dependencies", "schemas", "service", "repository"),
    *("models", "types", "errors", "events", "tasks"),
    "__init__",
}
# What a slice has besides: its engine package, or a module with one narrow purpose.
BESIDES = {
    # Who calls, by which credential and with which rights; one package a concern with its own SQL.
    "accounts": {
        *("owner_key", "principal", "plans", "authentication"),
        *("api_keys", "audit", "limits", "secrets"),
        *("users", "passwords", "sessions", "signup", "invitations", "members", "email_changes"),
        "letters",  # What is mailed to people.
    },
    # The slice is the engine, by steps.
    "agents": {
        "contexts",  # Named texts that a request to an agent can name.
        "actions",  # What the assistant does by calling the owner's server.
        "language_models",  # Which models there are, with their keys.
    },
    "answering": {
        *("extractive", "generation", "human_request", "message", "rewrite", "small_talk"),
        *("abstention", "compound", "duplicates", "weighing"),
        "stateless",  # Asks of which nothing is kept.
        *("blocks", "markdown"),  # What an answer consists of; Markdown, written and read.
        # The steps of an answer; what is searched for, found, and judged for which question.
        *("stages", "queries", "retrieving", "considering"),
        *("citing", "certainty"),  # What sources are called; how certain an answer is, in words.
        "verification",  # Whether passages say what a model's sentences claim.
        "writing",  # Which model writes an answer, and by which policies.
        "other_language",  # That a source is in another language than the visitor's, in words.
    },
    # load → answer → save; the states ai, waiting, human
    "conversations": {
        *("reply", "handoff"),
        *("changing", "claim_timer", "waits"),  # What follows from a change; waits for a person.
        "replying",  # A person's reply in two round trips.
        "texts",  # What visitors are told about who has their conversation.
        *("access", "history", "visitors"),  # Who may see what; reading it; who a visitor is.
        "details",  # What events tell of, for webhooks.
        # What a visitor would be answered, in trials of people and as a suggestion to them.
        *("rehearsing", "playground", "suggesting"),
        "traces",  # The record of how an answer came about, as its owner reads it.
    },
    "delayed_replies": {"timing"},  # When a reply is due.
    # One package an action of people's, each with its own SQL.
    "inbox": {
        *("listing", "live"),  # What people see, and how it reaches them.
        *("notes", "tags", "snoozing", "reading", "drafts", "canned_replies", "contacts"),
        "saved_views",  # Filters of the inbox under a name.
        *("notices", "service_levels"),  # Who is told of a wait, and how long it may last.
    },
    "leads": {"exporting"},  # Leads as a file.
    "knowledge": {
        *("intake", "source_requests", "ingestion", "search", "links", "vectors", "erasure"),
        # Websites: reading one page and its site; syncing a source, step by step; what is known.
        *("website", "sync", "pages"),
        "items",  # Questions with their answers.
        "synonyms",  # Words of the trade: what means the same.
        "spaces",  # Which embedding model's vectors are served, and changing it.
        "rereading",  # Which documents an older version has read, and reading them again.
    },
    "projects": {
        *("office_hours", "identity", "reached", "domains", "tags"),
        "days",  # When a project's days begin and end.
        "widget",  # What the chat on websites says, in every language.
    },
    # Its engine is the deliveries; the port to the formats, and our own; what signs.
    "webhooks": {"deliveries", "encoding", "standard", "secrets"},
    # What people's answers give, drawn by its engine (`extraction`); what nobody answered; how it
    # goes, day by day.
    "insights": {"drafts", "open_questions", "overview"},
    # What erasures and retention share, one engine for each, and the export.
    "privacy": {"erasing", "retention", "export"},
}
FEWEST_LINES = 40
# Shorter, with one reader, and not named as in every slice: each with its reason to stand apart.
SMALL_MODULES = {
    "entrypoints.cli.worker": "imported when its command runs, as every command's module is",
    "knowledge.ingestion.sandbox.operations": "what the child process imports, and nothing more",
}
BANNED_NAMES = ("utils", "util", "helpers", "helper", "common", "misc")


def problems_of_names(paths: Iterable[PurePosixPath]) -> list[str]:
    """Names that say nothing, and files of a slice that are called otherwise than in the others."""
    found = []
    for path in paths:
        if path.suffix in (".py", ".js", ".ts", ".mjs") and path.stem in BANNED_NAMES:
            found.append(f"{path}: call it by its purpose; `{path.stem}` attracts everything")
        if path.is_relative_to(PACKAGE):
            inside = path.relative_to(PACKAGE).parts
            if len(inside) > 1 and inside[0] in SLICES:
                name = PurePosixPath(inside[1]).stem
                if name not in SLICE_FILES | BESIDES.get(inside[0], set()):
                    found.append(
                        f"{path}: a slice has {', '.join(sorted(SLICE_FILES - {'__init__'}))} and "
                        f"one engine package; add `{name}` to BESIDES if it is neither"
                    )
    return found


def problems_of_packages(paths: Iterable[PurePosixPath]) -> list[str]:
    """Folders of modules without `__init__.py`, which the import contracts do not see."""
    modules = [path for path in paths if path.is_relative_to(PACKAGE) and path.suffix == ".py"]
    initialised = {path.parent for path in modules if path.name == "__init__.py"}
    bare = {path.parent for path in modules} - initialised
    return [
        f"{folder}: needs an __init__.py, without which the import contracts do not see its modules"
        for folder in sorted(bare)
        if folder.parts[-2:] != ("migrations", "versions")  # Alembic loads them by path.
    ]


def problems_of_length(path: PurePosixPath, text: str) -> list[str]:
    """Report a source file that outgrew its purpose."""
    lines = text.count("\n")
    is_source = path.suffix in (".py", ".js", ".mjs", ".ts", ".tsx", ".css", ".html", ".sh")
    if is_source and lines > MOST_LINES and str(path) not in LONGER_FILES:
        return [f"{path}: {lines} lines, more than {MOST_LINES}; split it by purpose"]
    return []


def readers_of(modules: Mapping[str, str]) -> dict[str, set[str]]:
    """Who imports each module, given the text of each by its dotted name."""
    readers: dict[str, set[str]] = {name: set() for name in modules}
    for reader, text in modules.items():
        for node in ast.walk(parsed(text)):
            if isinstance(node, ast.ImportFrom):
                for one in node.names:
                    whole = f"{node.module}.{one.name}"
                    readers.get(whole if whole in modules else str(node.module), set()).add(reader)
    return readers


def problems_of_size(modules: Mapping[str, str]) -> list[str]:
    """Modules of a few lines that one other reads, and that have no reason to stand apart."""
    found = []
    for name, readers in readers_of(modules).items():
        short = name.removeprefix("answerdesk.")
        looked_for = not SLICE_FILES.isdisjoint(short.split(".")) or short in SMALL_MODULES
        if len(readers) == 1 and modules[name].count("\n") < FEWEST_LINES and not looked_for:
            found.append(f"{short}: only {readers.pop()} reads it; move it there")
    return found


def our_modules() -> dict[str, str]:
    """Return every module's text by its dotted name; a package is there as its `__init__`."""
    return {
        ".".join(path.with_suffix("").parts[1:]): text
        for path, text in python_files(str(PACKAGE))
        if "migrations" not in path.parts
    }


def test_names_say_what_a_file_is_for() -> None:
    expect_none(problems_of_names(files()))


def test_every_package_is_seen_by_the_import_contracts() -> None:
    expect_none(problems_of_packages(files()))


def test_files_stay_small() -> None:
    expect_none(problem for item in texts() for problem in problems_of_length(*item))


def test_each_exception_to_the_length_still_needs_one() -> None:
    lengths = {str(path): text.count("\n") for path, text in texts()}
    idle = [name for name in LONGER_FILES if lengths.get(name, 0) <= MOST_LINES]
    assert idle == [], "these are gone or short again; take them off LONGER_FILES"


def test_what_one_module_reads_stands_in_it() -> None:
    expect_none(problems_of_size(our_modules()))


def test_each_small_module_with_a_reason_is_still_one() -> None:
    lengths = {name: text.count("\n") for name, text in our_modules().items()}
    idle = [
        name
        for name in SMALL_MODULES
        if lengths.get(f"answerdesk.{name}", FEWEST_LINES) >= FEWEST_LINES
    ]
    assert idle == [], "these are gone or longer; take them off SMALL_MODULES"


@pytest.mark.parametrize(
    "reading", ["from answerdesk.kit.a import x", "from answerdesk.kit import a"]
)
def test_a_small_module_with_one_reader_is_reported(reading: str) -> None:
    modules = {"answerdesk.kit.a": "x = 1\n", "answerdesk.kit.b": f"{reading}\n" * FEWEST_LINES}
    assert len(problems_of_size(modules)) == 1


def test_a_small_module_with_two_readers_or_a_known_name_is_not_reported() -> None:
    reading = "from answerdesk.kit.a import x\nfrom answerdesk.leads.tasks import y\n"
    twice = {"answerdesk.kit.b": reading, "answerdesk.kit.c": reading.splitlines()[0]}
    small = {"answerdesk.kit.a": "x = 1\n", "answerdesk.leads.tasks": "y = 1\n"}
    long = {"answerdesk.kit.d": "x = 1\n" * FEWEST_LINES}
    assert problems_of_size({**small, **twice, **long}) == []


@pytest.mark.parametrize(
    "name",
    [
        "src/answerdesk/kit/utils.py",
        "tests/core/helpers.py",
        "src/answerdesk/leads/manager.py",
        "src/answerdesk/leads/store/rows.py",
    ],
)
def test_a_bad_name_is_reported(name: str) -> None:
    assert len(problems_of_names([PurePosixPath(name)])) == 1


def test_good_names_are_not_reported() -> None:
    good = [PACKAGE / "leads/service.py", PACKAGE / "knowledge/search/fuse.py", PACKAGE / "asgi.py"]
    assert problems_of_names(good) == []


def test_a_folder_without_init_is_reported() -> None:
    paths = [PACKAGE / "leads/__init__.py", PACKAGE / "leads/service.py", PACKAGE / "new/types.py"]
    assert len(problems_of_packages(paths)) == 1


def test_a_long_file_is_reported() -> None:
    assert problems_of_length(PACKAGE / "a.py", "x\n" * (MOST_LINES + 1)) != []
    assert problems_of_length(PACKAGE / "a.py", "x\n" * MOST_LINES) == []
