"""The parts of a page where visitors ask: the conversation, the question field, the dialogs."""

from typing import Final

from answerdesk.agents.types import Desk
from answerdesk.entrypoints.demo import EXAMPLE_QUESTIONS
from answerdesk.entrypoints.pages.responses import Markup, element, fill, join, void_element
from answerdesk.projects.types import LeadCapture, Project

_OFFER: Final = (
    "The team receives this conversation and replies here. If you leave an e-mail address, they "
    "can also reply there."
)


def chat_parts(desk: Desk, author: str) -> dict[str, Markup]:
    """Return what stands for `$chat` and, after it, `$dialogs`; answers are signed by `author`."""
    capture = desk.project.settings.lead_capture
    chat = fill("chat.html", welcome=desk.welcome, examples=_examples(desk.project))
    asked = capture.enabled and capture.message
    dialogs = fill(
        "dialogs.html",
        author=author,
        offer=asked or _OFFER,
        phone=_phone(capture),
        consent=_consent(capture.consent_text),
    )
    return {"chat": chat, "dialogs": dialogs}


def _phone(capture: LeadCapture) -> Markup:
    if not capture.enabled or "phone" not in capture.fields:
        return Markup("")
    label = element("label", "Phone number (optional)", for_="escalation-phone")
    field = void_element(
        "input",
        id="escalation-phone",
        name="phone",
        type="tel",
        maxlength="50",
        autocomplete="tel",
    )
    return join((label, field))


def _consent(text: str | None) -> Markup:
    if text is None:
        return Markup("")
    box = void_element("input", type="checkbox", name="consent", value=text)
    return element("label", box, element("span", text, dir="auto"), class_="tick")


def _examples(project: Project) -> Markup:
    own = project.settings.look.quick_prompts
    questions = own or (EXAMPLE_QUESTIONS if project.demo else ())
    if not questions:
        return Markup("")
    buttons = (
        element("li", element("button", question, type="button", class_="example"))
        for question in questions
    )
    heading = element("h2", "For example", class_="examples-title")
    return join((heading, element("ul", *buttons, class_="examples")))
