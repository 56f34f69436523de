"""The page on which owners set up the widget, and the page on which they try it."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from answerdesk.core.errors import NotFound
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.entrypoints.pages.frame_settings import named_origin
from answerdesk.entrypoints.pages.responses import (
    Markup,
    fill,
    in_script,
    join,
    message_page,
    page,
    page_policy,
    team_page,
)
from answerdesk.projects.service import find_project, project_public_id
from answerdesk.projects.tags import project_tag
from answerdesk.projects.widget.texts import FALLBACK, built_in, languages

_READ: Final = ["GET", "HEAD"]

_GROUPS: Final[Mapping[str, str]] = {
    "launcher": "The button",
    "header": "The top",
    "welcome": "The welcome",
    "composer": "The question field",
    "conversation": "The conversation",
    "message": "Messages",
    "answer": "Answers",
    "feedback": "Rating an answer",
    "person": "People",
    "lead": "Contact details",
    "hours": "Office hours",
    "rating": "Rating a conversation",
    "restart": "A new conversation",
    "connection": "The connection",
    "error": "When something fails",
    "unread": "Unread messages",
    "branding": "Branding",
}
"""What people call the texts whose keys begin so, in the order of the page."""


def add_widget_pages(router: APIRouter) -> None:
    router.add_api_route("/widget", widget_page, methods=_READ)
    router.add_api_route("/widget/test", widget_test_page, methods=_READ)


async def widget_page() -> HTMLResponse:
    """Show the widget's settings beside a preview; its script asks who has opened it."""
    shown = team_page(
        "Widget",
        "widget.html",
        "/widget",
        script="widget/page.js",
        styles=("knowledge.css", "settings.css", "widget.css"),
        texts=_texts(),
        section_end=fill("section_end.html"),
    )
    shown.headers["Content-Security-Policy"] = page_policy({"frame-src": "'self'"})
    return shown


async def widget_test_page(
    database: DatabaseOf, base_url: BaseUrl, project: str = ""
) -> HTMLResponse:
    """Show a page that carries a project's tag, as a website does."""
    try:
        found = await find_project(database, project)
    except NotFound:
        text = "The project in this address does not exist, or it was deleted."
        return message_page("There is no such project", text, status=404)
    back = f"/widget?project={project_public_id(found)}#/tag"
    tag = Markup(project_tag(base_url, found.id))
    body = join((fill("widget_test.html", name=found.name, back=back), tag))
    shown = page(f"Test page of {found.name}", body)
    # What a strict website needs: `script-src` and `frame-src`.
    ours = f"'self' {named_origin(base_url) or ''}".rstrip()
    policy = {"script-src": ours, "frame-src": ours, "require-trusted-types-for": "'script'"}
    shown.headers["Content-Security-Policy"] = page_policy(policy)
    return shown


def _texts() -> Markup:
    """Return our texts in every language, by group, for the page's script."""
    keys = {key.partition(".")[0] for key in built_in(FALLBACK)}
    titles = {group: title for group, title in _GROUPS.items() if group in keys}
    texts = {language: built_in(language) for language in languages()}
    return in_script({"groups": titles, "fallback": FALLBACK, "texts": texts})
