"""Secrets that must be readable again, sealed with a key that is not in the database."""

from answerdesk.accounts.secrets.service import (
    delete_secret,
    delete_secrets,
    get_secret,
    get_secrets,
    put_secret,
    put_secrets,
    secret_set_at,
)

__all__ = [
    "delete_secret",
    "delete_secrets",
    "get_secret",
    "get_secrets",
    "put_secret",
    "put_secrets",
    "secret_set_at",
]
