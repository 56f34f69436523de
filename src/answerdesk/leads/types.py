"""What a lead holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a visitor, and what about; each part may be missing."""

    email: str | None = None
    phone: str | None = None
    message: str | None = None
