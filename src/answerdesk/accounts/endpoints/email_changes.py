"""The native API of one's own e-mail address: ask for another, send the link again, cancel."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, Field

from answerdesk.accounts.dependencies import Caller
from answerdesk.accounts.email_changes import service
from answerdesk.accounts.email_changes.service import Rules
from answerdesk.accounts.endpoints.dependencies import InstallationOf, PeopleOf, PostOf, SignUpOf
from answerdesk.accounts.endpoints.schemas import (
    Address,
    GivenPassword,
    LetterOut,
    RequestBody,
    Token,
)
from answerdesk.accounts.letters import Post
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.signup import SignUp
from answerdesk.accounts.types import EmailChange
from answerdesk.accounts.users.email import parse_email
from answerdesk.accounts.users.service import Credentials
from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.openapi import problems


class EmailChangeIn(RequestBody):
    """The address that somebody wants to log in with, and their password."""

    email: Address
    current_password: GivenPassword


class EmailConfirmIn(RequestBody):
    """The token of the link that was mailed to a new address."""

    token: Token


class EmailConfirmed(BaseModel):
    """The address that the person logs in with from now on."""

    email: str
    message: str = Field(description="Text for the person.")


class EmailChangeOut(BaseModel):
    """A change of the e-mail address that waits to be confirmed by the link."""

    email: str = Field(description="The new address.")
    expires_at: datetime = Field(description="Until when the link works.")
    created_at: datetime
    letter: LetterOut | None = Field(
        description="The mail to the new address; null until it has been tried."
    )

    @classmethod
    def of(cls, change: EmailChange) -> "EmailChangeOut":
        return cls(
            email=change.new_email,
            expires_at=change.expires_at,
            created_at=change.created_at,
            letter=LetterOut.of(change.letter, change.letter_at, change.letter_error),
        )


class EmailChangeMailed(EmailChangeOut):
    """A change whose link is on its way."""

    mailed: bool = Field(description="Whether this installation can send mail.")
    message: str = Field(description="How the link reaches the person.")


async def _rules(installation: InstallationOf, signing_up: SignUpOf) -> Rules:
    return Rules(installation, tells=signing_up.tells_of_addresses())


RulesOf = Annotated[Rules, Depends(_rules)]


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(
        prefix="/v1/me/email-change",
        tags=["account"],
        route_class=bounded_route(settings.max_json_bytes),
    )
    post, accepted = ["POST"], status.HTTP_202_ACCEPTED
    router.add_api_route(
        "", ask_for_email, methods=post, status_code=accepted, responses=problems(409)
    )
    router.add_api_route(
        "/letter", send_email_letter, methods=post, status_code=accepted, responses=problems(404)
    )
    router.add_api_route(
        "",
        cancel_email_change,
        methods=["DELETE"],
        status_code=status.HTTP_204_NO_CONTENT,
        responses=problems(404),
    )
    return router


async def ask_for_email(
    body: EmailChangeIn,
    caller: Caller,
    people: PeopleOf,
    rules: RulesOf,
    signing_up: SignUpOf,
    post: PostOf,
) -> EmailChangeMailed:
    """Ask to log in with another e-mail address. For people only.

    A link is mailed to the new address, and works once, for an hour; the present address is told.
    Nothing changes until the link is confirmed. An earlier change that was not confirmed ends.
    """
    given = Credentials(parse_email(body.email), body.current_password)
    return _mailed(await service.ask(people, caller, given, rules), caller, signing_up, post)


async def send_email_letter(
    caller: Caller, people: PeopleOf, rules: RulesOf, signing_up: SignUpOf, post: PostOf
) -> EmailChangeMailed:
    """Mail the link to the new address once more; it works for another hour."""
    return _mailed(await service.send_again(people, caller, rules), caller, signing_up, post)


async def cancel_email_change(caller: Caller, people: PeopleOf) -> None:
    """Cancel the caller's change of the e-mail address: its link no longer works."""
    await service.cancel(people, caller)


def _mailed(
    change: EmailChange, caller: Principal, signing_up: SignUp, post: Post
) -> EmailChangeMailed:
    return EmailChangeMailed(
        **EmailChangeOut.of(change).model_dump(),
        mailed=post.kept_in is None,
        message=post.email_change_note(to_operator=signing_up.is_operator(caller)),
    )
