"""Dependencies of the routes for people: who logs people in, the client, the log-in cookie.

The log-in cookie holds the refresh token and is accepted only by the refresh endpoint. Our own
pages request it with `cookie`. Everything else accepts only `Authorization: Bearer`.
"""

import hashlib
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from answerdesk.accounts.endpoints.schemas import Tokens
from answerdesk.accounts.errors import NobodyLoggedIn
from answerdesk.accounts.letters import Post
from answerdesk.accounts.sessions.types import IDLE_DAYS, Client, LogIn
from answerdesk.accounts.signup import SignUp
from answerdesk.accounts.users.service import People
from answerdesk.core.tenancy import AccountId
from answerdesk.core.web.client_address import client_address, exact_client_address
from answerdesk.core.web.origins import is_secure, require_own_page


async def _people(request: Request) -> People:
    people: People = request.app.state.application.people
    return people


async def _sign_up(request: Request) -> SignUp:
    sign_up: SignUp = request.app.state.application.sign_up
    return sign_up


async def _post(request: Request) -> Post:
    post: Post = request.app.state.application.post
    return post


async def _installation(request: Request) -> AccountId:
    account_id: AccountId = request.app.state.application.account_id
    return account_id


async def _client(request: Request) -> Client:
    return Client(
        address=client_address(request),
        exact_address=exact_client_address(request),
        user_agent=request.headers.get("user-agent", ""),
    )


PeopleOf = Annotated[People, Depends(_people)]
PostOf = Annotated[Post, Depends(_post)]
SignUpOf = Annotated[SignUp, Depends(_sign_up)]
ClientOf = Annotated[Client, Depends(_client)]
InstallationOf = Annotated[AccountId, Depends(_installation)]
"""The installation's own account, whose jobs the letters are."""


COOKIE_PATH: Final = "/v1/auth/refresh"
"""The only path that browsers send the cookie to."""

_COOKIE_SECONDS: Final = IDLE_DAYS * 24 * 3600


def cookie_name(installation: AccountId, *, secure: bool) -> str:
    """Return the name of an installation's cookie.

    Browsers distinguish hosts but not ports, so two installations on one machine would overwrite
    each other's cookie if both used the same name.
    """
    name = f"answerdesk_{hashlib.sha256(installation.bytes).hexdigest()[:12]}"
    return f"__Secure-{name}" if secure else name


class LogInCookie:
    """The log-in cookie of one request and its response."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request = request
        self._response = response
        self._public_url: str | None = request.app.state.application.public_url
        self._secure = is_secure(request, self._public_url)
        self._name = cookie_name(request.app.state.application.account_id, secure=self._secure)

    def require_own_page(self) -> None:
        """Raise NotPermitted unless our own page sent the request: no other may use the cookie."""
        require_own_page(self._request, self._public_url)

    def token(self) -> str:
        """Return the refresh token that the browser sent; raises NotAuthenticated without one."""
        self.require_own_page()
        token = self._request.cookies.get(self._name)
        if not token:
            raise NobodyLoggedIn
        return token

    def tell(self, log_in: LogIn, *, kept: bool, before: str = "") -> Tokens:
        """Return the response for a log-in; with `kept`, its refresh token goes into the cookie.

        A browser that sent the same token as `before` already has it.
        """
        self._response.headers["Cache-Control"] = "no-store"
        if kept and log_in.refresh_token != before:
            self._send(log_in.refresh_token, _COOKIE_SECONDS)
        return Tokens.of(log_in, with_refresh_token=not kept)

    def clear(self) -> None:
        """Make the browser delete the cookie."""
        self._send("", 0)

    def _send(self, value: str, seconds: int) -> None:
        self._response.set_cookie(
            self._name,
            value,
            max_age=seconds,
            path=COOKIE_PATH,
            secure=self._secure,
            httponly=True,
            samesite="strict",
        )


async def _cookie(request: Request, response: Response) -> LogInCookie:
    return LogInCookie(request, response)


CookieOf = Annotated[LogInCookie, Depends(_cookie)]
