"""Live views: what changes in an account is told to all who watch it, wherever it was changed.

Whoever shows something declares a `Renderer`, which turns an account's events into frames, once for
all subscribers of its kind in a process. This package knows nothing of what the events mean.
"""

from answerdesk.core.live.hub import EXPIRED, FOREIGN, Live, Missed, Subscription
from answerdesk.core.live.types import (
    Batch,
    Cursor,
    Frame,
    Passing,
    Rendered,
    Renderer,
    Topic,
    cursor_tag,
    read_cursor,
)

__all__ = [
    "EXPIRED",
    "FOREIGN",
    "Batch",
    "Cursor",
    "Frame",
    "Live",
    "Missed",
    "Passing",
    "Rendered",
    "Renderer",
    "Subscription",
    "Topic",
    "cursor_tag",
    "read_cursor",
]
