"""What an account may have: counted in the transaction that adds it, so the count is exact."""

from answerdesk.accounts.errors import LimitReached
from answerdesk.accounts.limits.service import consume, room

__all__ = ["LimitReached", "consume", "room"]
