"""Log-ins: short access tokens, rotating refresh tokens, and who calls with one."""

from answerdesk.accounts.sessions.keys import install_token_keys
from answerdesk.accounts.sessions.service import admit_access_token

__all__ = ["admit_access_token", "install_token_keys"]
