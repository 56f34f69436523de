"""What the routes of people ask for: who lets people in, where a request comes from, the cookie.

The cookie of a log-in holds the refresh token, and opens the refresh call alone. Our own pages ask
for it with `cookie`. Everything else takes `Authorization: Bearer` only.
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


COOKIE_PATH: Final = "/v1/auth/refresh"
"""The one call that browsers send the cookie with."""

_COOKIE_SECONDS: Final = IDLE_DAYS * 24 * 3600


def cookie_name(installation: AccountId, *, secure: bool) -> str:
    """Return what an installation calls its cookie.

    Browsers tell hosts apart and not ports, so that two installations on one machine would
    overwrite each other's cookie if both called it the same.
    """
    name = f"answerdesk_{hashlib.sha256(installation.bytes).hexdigest()[:12]}"
    return f"__Secure-{name}" if secure else name


class LogInCookie:
    """The cookie of one request and its response."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request = request
        self._response = response
        self._public_url: str | None = request.app.state.application.public_url
        self._secure = is_secure(request, self._public_url)
        self._name = cookie_name(request.app.state.application.account_id, secure=self._secure)

    def require_own_page(self) -> None:
        """Raise NotPermitted unless our own page sent the request: no other sets or uses it."""
        require_own_page(self._request, self._public_url)

    def token(self) -> str:
        """Return the refresh token that the browser sent; raises NotAuthenticated for none."""
        self.require_own_page()
        token = self._request.cookies.get(self._name)
        if not token:
            raise NobodyLoggedIn
        return token

    def tell(self, log_in: LogIn, *, kept: bool, before: str = "") -> Tokens:
        """Return what is told of a log-in, its refresh token in the cookie if it is `kept` there.

        The browser that sent the same token `before` has it already.
        """
        self._response.headers["Cache-Control"] = "no-store"
        if kept and log_in.refresh_token != before:
            self._send(log_in.refresh_token, _COOKIE_SECONDS)
        return Tokens.of(log_in, with_refresh_token=not kept)

    def clear(self) -> None:
        """Have the browser forget the cookie."""
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
