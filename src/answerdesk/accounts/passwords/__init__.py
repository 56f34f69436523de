"""Passwords: which are accepted, and how they are stored and checked."""

from answerdesk.accounts.passwords.hashing import Passwords, Verified
from answerdesk.accounts.passwords.policy import check_new_password

__all__ = ["Passwords", "Verified", "check_new_password"]
