"""What the routes of people ask for: who lets people in, and where a request comes from."""

from typing import Annotated

from fastapi import Depends, Request

from answerdesk.accounts.letters import Post
from answerdesk.accounts.sessions.types import Client
from answerdesk.accounts.signup.service import SignUp
from answerdesk.accounts.users.service import People
from answerdesk.core.web.client_address import client_address, exact_client_address


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
