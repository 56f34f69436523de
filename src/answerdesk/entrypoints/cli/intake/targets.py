"""From the paths on the command line to the folders that they belong to."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from answerdesk.entrypoints.cli.intake.survey import Problem, Survey, survey_folder
from answerdesk.entrypoints.cli.output import readable_name


@dataclass(frozen=True, slots=True)
class Target:
    """A folder, which is one source, and what of it is taken in; `whole`: everything."""

    folder: str
    survey: Survey
    whole: bool


def find_targets(
    paths: Sequence[Path], extensions: Collection[str]
) -> tuple[list[Target], list[Problem]]:
    """Return the folders to take in, and what is wrong with paths that name none and no file.

    A file belongs to the folder that it lies in; files of one folder make one target. A folder is
    known by its absolute path; links on the way to it are kept, so that it stays the same source
    when a link is turned to its next version.
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
            # A file that was named is taken whatever it is called; what it is decides its reading.
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
