"""Why a document can't be read."""

from typing import Literal

from answerdesk.core.errors import InvalidInput

UnreadableReason = Literal[
    "empty",
    "binary",
    "encoding",
    "unsupported_type",
    "no_text",
    "broken",
    "encrypted",
    "too_large",
    "columns",
]


class UnreadableDocument(InvalidInput):
    """A document that can't be ingested; `reason` says why, the message what to do."""

    code = "unreadable_document"

    def __init__(self, message: str, *, reason: UnreadableReason) -> None:
        super().__init__(message)
        self.reason = reason
