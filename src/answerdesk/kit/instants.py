"""Times as programs write them."""

from datetime import UTC, datetime
from typing import Literal


def instant(
    moment: datetime, timespec: Literal["milliseconds", "microseconds"] = "milliseconds"
) -> str:
    """Return an aware time in ISO 8601, in UTC, such as 2026-04-18T11:22:14.000Z."""
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
