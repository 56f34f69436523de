"""What became of everything that was to be taken in."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from answerdesk.entrypoints.cli.intake.survey import Problem


@dataclass(slots=True)
class Outcome:
    """Counts of files, and what went wrong; `chunks` are those of the changed files."""

    total: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    chunks: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the counts and failures as `--json` shows them."""
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
