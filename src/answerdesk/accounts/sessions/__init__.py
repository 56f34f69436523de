"""Log-ins: short access tokens, rotating refresh tokens, and who calls with one."""

from answerdesk.accounts.sessions.keys import install_token_keys
from answerdesk.accounts.sessions.service import principal_of_access_token

__all__ = ["install_token_keys", "principal_of_access_token"]
