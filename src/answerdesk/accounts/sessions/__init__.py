"""Log-ins: short-lived access tokens, rotating refresh tokens, and the callers they stand for."""

from answerdesk.accounts.sessions.service import admit_access_token
from answerdesk.accounts.sessions.tokens import install_token_keys

__all__ = ["admit_access_token", "install_token_keys"]
