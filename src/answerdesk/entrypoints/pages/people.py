"""Account pages: sign up, log in, reset the password, confirm an address, accept an invitation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from answerdesk.entrypoints.pages.responses import (
    Markup,
    element,
    fill,
    join,
    page,
    void_element,
)

_LENGTH_NOTE: Final = (
    "At least 10 characters; 15 or more are recommended. Any characters work, even a sentence."
)


@dataclass(frozen=True, slots=True)
class _Field:
    """An input: its name in the request's body, its label, its autocomplete value."""

    name: str
    label: str
    kind: str
    autocomplete: str
    note: str = ""
    required: bool = True


_EMAIL: Final = _Field("email", "E-mail address", "email", "username")
_PASSWORD: Final = _Field("password", "Password", "password", "current-password")
_REVOKE_KEYS: Final = _Field(
    "revoke_keys",
    "Also revoke the API keys that I made in all accounts",
    "checkbox",
    "off",
    "Programs that use them stop working immediately.",
    required=False,
)
_NEW_PASSWORD: Final = _Field("password", "Password", "password", "new-password", _LENGTH_NOTE)


@dataclass(frozen=True, slots=True)
class _Form:
    """A page with one form: it posts to `sends`, and `then` tells the script what to do next."""

    title: str
    lead: str
    fields: tuple[_Field, ...]
    button: str
    sends: str
    then: str
    links: tuple[tuple[str, str], ...] = ()
    stays: bool = False
    """Whether the form is also for logged-in people, who are otherwise redirected."""


_FORMS: Final = {
    "/signup": _Form(
        "Create an account",
        "An account holds your projects and the people who manage them.",
        (
            _EMAIL,
            _Field("name", "Your name (optional)", "text", "name", required=False),
            _Field(
                "account_name",
                "Name of the company or team (optional)",
                "text",
                "organization",
                required=False,
            ),
            _NEW_PASSWORD,
        ),
        "Create the account",
        "/v1/auth/signup",
        "log-in",
        (("I have an account: log in", "/login"),),
    ),
    "/login": _Form(
        "Log in",
        "",
        (_EMAIL, _PASSWORD),
        "Log in",
        "/v1/auth/login",
        "log-in",
        (("Create an account", "/signup"), ("I forgot my password", "/forgotten")),
    ),
    "/forgotten": _Form(
        "Forgotten password",
        "Enter your e-mail address. If there is an account for it, we send a link to set a new "
        "password. The link is valid for 30 minutes.",
        (_EMAIL,),
        "Send the link",
        "/v1/auth/reset-request",
        "sent",
        (("Back to the log-in", "/login"),),
        stays=True,
    ),
    "/reset": _Form(
        "Set a new password",
        "This ends all your current log-ins.",
        (_NEW_PASSWORD, _REVOKE_KEYS),
        "Set the password",
        "/v1/auth/reset",
        "to-log-in",
        (("Back to the log-in", "/login"),),
    ),
    # A mail scanner opens the link, too: only the button changes anything.
    "/confirm-email": _Form(
        "Confirm your new e-mail address",
        "From then on you log in with the address that this link was mailed to.",
        (),
        "Confirm the address",
        "/v1/auth/confirm-email",
        "sent",
        (("To Answerdesk", "/app"),),
        stays=True,
    ),
    "/invitation": _Form(
        "Accept an invitation",
        "If you are new here, set a password. If you already have an account, enter its password.",
        (
            _Field("name", "Your name (optional)", "text", "name", required=False),
            _NEW_PASSWORD,
        ),
        "Join",
        "/v1/auth/accept-invitation",
        "log-in",
        stays=True,
    ),
}


_FORGOTTEN_WITHOUT_MAIL: Final = replace(
    _FORMS["/forgotten"],
    lead="This installation can't send mail yet. Enter your e-mail address, and ask its operator "
    "for the link that sets a new password.",
    button="Ask for the link",
)


def add_people_pages(router: APIRouter, *, mails: bool) -> None:
    """Add the account pages; `mails` tells whether the installation can send mail."""
    forms = _FORMS if mails else {**_FORMS, "/forgotten": _FORGOTTEN_WITHOUT_MAIL}
    for path, form in forms.items():
        router.add_api_route(path, _show_form(form), methods=["GET", "HEAD"])


def _show_form(form: _Form) -> Callable[[], Awaitable[HTMLResponse]]:
    async def show() -> HTMLResponse:
        body = fill(
            "people.html",
            title=form.title,
            lead=form.lead,
            fields=join(_labelled(one) for one in form.fields),
            button=form.button,
            sends=form.sends,
            then=form.then,
            stays=Markup(" data-stays" if form.stays else ""),
            links=join(
                element("li", element("a", text, href=address)) for text, address in form.links
            ),
        )
        return page(form.title, body, script="people.js")

    return show


def _labelled(field: _Field) -> Markup:
    attributes = {
        "type": field.kind,
        "name": field.name,
        "id": field.name,
        "autocomplete": field.autocomplete,
    }
    if field.required:
        attributes["required"] = ""
    if field.kind == "email":
        attributes["maxlength"] = "254"
    note = Markup("")
    if field.autocomplete == "new-password":
        attributes["minlength"] = "10"
    if field.note:
        attributes["aria_describedby"] = f"{field.name}-note"
        note = element("p", field.note, class_="field-note", id=f"{field.name}-note")
    box = void_element("input", **attributes)
    if field.kind == "checkbox":
        return join((element("label", box, f" {field.label}", class_="tick"), note))
    return join((element("label", field.label, for_=field.name), box, note))
