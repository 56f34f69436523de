"""Log-ins: short access tokens, rotating refresh tokens, and who calls with one."""

from answerdesk.accounts.sessions.service import admit_access_token
from answerdesk.accounts.sessions.tokens import install_token_keys

__all__ = ["admit_access_token", "install_token_keys"]
