"""What can go wrong with agents."""

from collections.abc import Sequence
from typing import Final

from answerdesk.core.errors import InvalidInput
from answerdesk.core.faults import Fault

_MOST_SHOWN: Final = 100


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
