"""Finds the files to ingest from the paths on the command line, and counts the results."""

import os
import stat
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from answerdesk.entrypoints.cli.output import readable_name

JUNK_FOLDERS: Final = frozenset(
    {"__pycache__", "node_modules", "bower_components", "site-packages", "venv", "CVS"}
)
"""Skipped folders: they hold installed packages or generated files. Hidden ones are skipped too."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file was not ingested; `location` is its path in readable form."""

    location: str
    code: str
    message: str


def without_name(message: str, path: str) -> str:
    """Strip the leading `path: ` from an error, since a Problem already names the file."""
    return message.removeprefix(f"{path}: ")


@dataclass(slots=True)
class Survey:
    """The content of a folder.

    `files` maps each path within the folder (with `/`) to its location on this machine. `skipped`
    counts files that aren't ingested, by kind. `complete` is false if a folder could not be read.
    """

    files: dict[str, str] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True


def survey_folder(folder: str, extensions: Collection[str]) -> Survey:
    """Return the files in `folder` and below whose names end in one of `extensions`, in order.

    Hidden files and folders, and folders of installed packages, are left out. Links are followed
    last, and only to files and folders not visited before, so that they can't form a loop.
    """
    walk = _Walk(extensions)
    walk.run(folder)
    survey = walk.survey
    survey.files = dict(sorted(survey.files.items()))
    return survey


class _Walk:
    def __init__(self, extensions: Collection[str]) -> None:
        self.survey = Survey()
        self._extensions = extensions
        self._met: set[tuple[int, int]] = set()
        self._folders: list[tuple[str, str]] = []
        self._links: list[tuple[str, str]] = []

    def run(self, folder: str) -> None:
        self._folders.append((folder, ""))
        while self._folders or self._links:
            if self._folders:
                self._list(*self._folders.pop())
            else:
                self._links.sort(key=lambda link: link[1], reverse=True)
                self._follow(*self._links.pop())

    def _list(self, folder: str, prefix: str) -> None:
        try:
            status = os.stat(folder)  # noqa: PTH116 - the names of a Path must be text
            if (status.st_dev, status.st_ino) in self._met:
                return
            self._met.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self.survey.complete = False
            self._report(
                folder, "folder_unreadable", f"the folder cannot be read: {error.strerror}"
            )
            return
        for entry in entries:
            if not entry.name.startswith("."):
                self._sort(entry, f"{prefix}{entry.name}")

    def _sort(self, entry: os.DirEntry[str], path: str) -> None:
        try:
            if entry.is_symlink():
                self._links.append((entry.path, path))
            elif entry.is_dir(follow_symlinks=False):
                self._enter(entry.path, path, entry.name)
            else:
                self._take(entry.path, path, entry.stat(follow_symlinks=False))
        except OSError as error:
            self.survey.complete = False
            self._report(entry.path, "unreadable", f"cannot be inspected: {error.strerror}")

    def _follow(self, location: str, path: str) -> None:
        try:
            status = os.stat(location)  # noqa: PTH116
        except OSError as error:
            self._note_broken(location, path, error)
            return
        if stat.S_ISDIR(status.st_mode):
            self._enter(location, path, os.path.basename(location))  # noqa: PTH119
        elif (status.st_dev, status.st_ino) in self._met:
            self.survey.skipped["links to files already included"] += 1
        else:
            self._take(location, path, status)

    def _note_broken(self, location: str, path: str, error: OSError) -> None:
        """Note a broken link. It may have led to files, so they must not count as removed."""
        extension = _extension(path)
        if extension in self._extensions:
            self.survey.files[readable_name(path)] = location
        elif extension:
            self.survey.skipped["broken links"] += 1
        else:
            self.survey.complete = False
            self._report(location, "broken_link", f"the link is broken: {error.strerror}")

    def _enter(self, location: str, path: str, name: str) -> None:
        if name not in JUNK_FOLDERS:
            self._folders.append((location, f"{path}/"))

    def _take(self, location: str, path: str, status: os.stat_result) -> None:
        extension = _extension(path)
        if not stat.S_ISREG(status.st_mode):
            self.survey.skipped["not regular files"] += 1
        elif extension not in self._extensions:
            self.survey.skipped[readable_name(extension) or "without extension"] += 1
        else:
            self._met.add((status.st_dev, status.st_ino))
            self.survey.files[readable_name(path)] = location

    def _report(self, location: str, code: str, message: str) -> None:
        self.survey.problems.append(Problem(readable_name(location), code, message))


def _extension(path: str) -> str:
    return os.path.splitext(path)[1].lower()  # noqa: PTH122


@dataclass(frozen=True, slots=True)
class Target:
    """A folder, which is one source, and its files to ingest; `whole` if that is all of them."""

    folder: str
    survey: Survey
    whole: bool


def find_targets(
    paths: Sequence[Path], extensions: Collection[str]
) -> tuple[list[Target], list[Problem]]:
    """Return the folders to ingest, and a problem for each path that doesn't exist.

    A file belongs to the folder that contains it; files of one folder make one target. A folder is
    identified by its absolute path. Links in it are kept, so that it stays the same source when a
    link is pointed at a new version.
    """
    whole: dict[str, Survey] = {}
    single: dict[str, Survey] = {}
    problems: list[Problem] = []
    for path in paths:
        location = os.path.abspath(path)  # noqa: PTH100 - Path.absolute leaves `..` in
        if os.path.isdir(location):  # noqa: PTH112
            if location not in whole:
                whole[location] = survey_folder(location, extensions)
        elif os.path.lexists(location):
            folder, name = os.path.split(location)
            # A file that was named is included whatever its extension; reading it may still fail.
            single.setdefault(folder, Survey()).files[readable_name(name)] = location
        else:
            problems.append(
                Problem(readable_name(str(path)), "no_such_file", "there is no such file or folder")
            )
    for folder, survey in single.items():
        if folder in whole:
            whole[folder].files.update(survey.files)
    targets = [Target(folder, survey, whole=True) for folder, survey in whole.items()]
    targets += [
        Target(folder, survey, whole=False)
        for folder, survey in single.items()
        if folder not in whole
    ]
    return targets, problems


@dataclass(slots=True)
class Outcome:
    """Counts of files, and their problems; `chunks` are those of the changed files."""

    total: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    chunks: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the counts and failures for `--json`."""
        return {
            "changed": self.changed,
            "chunks": self.chunks,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "skipped": dict(self.skipped.most_common()),
            "failed": [
                {"file": one.location, "code": one.code, "message": one.message}
                for one in self.problems
            ],
        }
