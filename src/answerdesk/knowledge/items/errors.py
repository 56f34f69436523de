"""What can go wrong with Q&A items."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from answerdesk.core.errors import Conflict, InvalidInput, NotFound
from answerdesk.core.faults import Fault
from answerdesk.core.tenancy import public_id
from answerdesk.knowledge.items.types import RowFault
from answerdesk.knowledge.types import ITEM_PREFIX

_MOST_SHOWN: Final = 100


def item_not_found() -> NotFound:
    return NotFound("Item not found", code="item_not_found")


class ItemExists(Conflict):
    """Another item already has this question and answer."""

    code = "item_exists"

    def __init__(self, item_id: UUID) -> None:
        shown = public_id(ITEM_PREFIX, item_id)
        super().__init__(
            f"The item {shown} already has this question and answer; change or remove one"
        )
        self.details = {"item_id": shown}


class RowsInvalid(InvalidInput):
    """Rows of an import are invalid, so none was imported."""

    code = "rows_invalid"

    def __init__(self, faults: Sequence[RowFault], rows: int) -> None:
        first = faults[0]
        wrong = len({fault.row for fault in faults})
        super().__init__(
            f"{wrong:,} of {rows:,} rows cannot be imported, so none was; the first is row "
            f"{first.row}: {Fault(first.field, first.message)}"
        )
        self.details = {
            "errors": [
                {"row": fault.row, "field": fault.field, "message": fault.message}
                for fault in faults[:_MOST_SHOWN]
            ],
            "error_count": len(faults),
        }


def import_invalid(message: str) -> InvalidInput:
    """An import that cannot be read as rows at all."""
    return InvalidInput(message, code="import_invalid")
