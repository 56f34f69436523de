"""Secrets that must be readable again, sealed with a key that is not in the database."""

from answerdesk.accounts.secrets.service import (
    delete_secret,
    get_secret,
    put_secret,
    secret_set_at,
)

__all__ = ["delete_secret", "get_secret", "put_secret", "secret_set_at"]
