"""Tells a person what became of their files."""

from answerdesk.entrypoints.cli.intake.outcome import Outcome
from answerdesk.entrypoints.cli.output import one_line, write_error
from answerdesk.projects.service import project_public_id
from answerdesk.projects.types import Project

_KINDS = 6


def summary(outcome: Outcome, project: Project, seconds: float) -> str:
    """Return the summary, a line for each count that says something."""
    lines = [f"{'Project':<15} {one_line(project.name)} ({project_public_id(project)})"]
    took = f" ({outcome.chunks:,} chunks, {seconds:,.1f} s)" if outcome.changed else ""
    counts = [
        ("New or changed", f"{outcome.changed:,}{took}", True),
        ("Unchanged", f"{outcome.unchanged:,}", bool(outcome.unchanged)),
        ("Removed", f"{outcome.removed:,}", bool(outcome.removed)),
        ("Skipped", _skipped(outcome), bool(outcome.skipped)),
        ("Failed", f"{len(outcome.problems):,}", bool(outcome.problems)),
    ]
    lines += [f"{name:<15} {text}" for name, text, shown in counts if shown]
    return "\n".join(lines)


def write_problems(outcome: Outcome) -> None:
    """Write a line for each thing that went wrong, naming it."""
    for problem in outcome.problems:
        write_error(f"{problem.location}: {problem.message}")


def _skipped(outcome: Outcome) -> str:
    kinds = outcome.skipped.most_common()
    named = [f"{one_line(kind)} {count:,}" for kind, count in kinds[:_KINDS]]
    if len(kinds) > _KINDS:
        named.append(f"{len(kinds) - _KINDS} more kinds")
    return f"{outcome.skipped.total():,} ({', '.join(named)})"
