"""The native API of the installation: what its pages need to know before anybody logs in."""

from typing import Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from answerdesk import __version__
from answerdesk.accounts.endpoints.dependencies import SignUpOf
from answerdesk.accounts.signup import SignUpMode
from answerdesk.core.settings import Settings

_NAME: Final = "Answerdesk"


class InstallationOut(BaseModel):
    """What everybody may know of an installation."""

    name: str
    version: str
    claimed: bool = Field(
        description="Whether its own account has an owner. If not, the next step is to sign up "
        "with the owner's key (`POST /v1/auth/signup`)."
    )
    signup: SignUpMode = Field(
        description="Who may sign up: anybody (`open`), people invited by a member (`invite`), or "
        "only people invited by the operator (`closed`)."
    )
    plans: list[str] = Field(description="Plans that people may choose when they sign up.")
    mails: bool = Field(
        description="Whether it sends mail. If not, links that would be mailed are the operator's "
        "to pass on."
    )


router = APIRouter(tags=["auth"])


@router.get("/v1/installation")
async def get_installation(request: Request, signing_up: SignUpOf) -> InstallationOut:
    """Tell what an installation is and who may sign up. No credential is needed."""
    settings: Settings = request.app.state.application.settings
    return InstallationOut(
        name=_NAME,
        version=__version__,
        claimed=await signing_up.is_claimed(),
        signup=settings.signup,
        plans=sorted(settings.signup_plans),
        mails=settings.smtp_url is not None,
    )
