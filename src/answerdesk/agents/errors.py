"""What can go wrong with agents."""

from collections.abc import Sequence
from typing import Final

from answerdesk.core.errors import InvalidInput, NotFound
from answerdesk.core.faults import Fault, did_you_mean

_MOST_SHOWN: Final = 100


def agent_not_found() -> NotFound:
    """For an id that names no agent of the project."""
    return NotFound("Agent not found", code="agent_not_found")


class AgentsInvalid(InvalidInput):
    """Some of several agents are invalid, so none was created. Rows are counted from 1."""

    code = "agents_invalid"

    def __init__(self, faults: Sequence[tuple[int, Fault]], rows: int) -> None:
        row, first = faults[0]
        wrong = len({row for row, _ in faults})
        super().__init__(
            f"{wrong:,} of {rows:,} agents cannot be created, so none was; the first is row "
            f"{row}: {first}"
        )
        self.details = {
            "errors": [
                {"row": row, "field": fault.field, "message": fault.text}
                for row, fault in faults[:_MOST_SHOWN]
            ],
            "error_count": len(faults),
        }


def model_unknown(name: str, known: Sequence[str]) -> InvalidInput:
    """For a language model that a project's agents can't name; `known` are some that they can."""
    there = f"; choose from {', '.join(known)}" if known else ""
    return InvalidInput(
        f"model: there is no language model named {name!r} for this project"
        f"{did_you_mean(name, known)}{there}. POST /v1/language-models adds one",
        code="language_model_unknown",
    )
