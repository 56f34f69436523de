"""The page on which owners try the widget."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from answerdesk.core.errors import NotFound
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.entrypoints.pages.frame_settings import named_origin
from answerdesk.entrypoints.pages.responses import (
    Markup,
    fill,
    join,
    message_page,
    page,
    page_policy,
)
from answerdesk.projects.service import find_project, project_public_id
from answerdesk.projects.tags import project_tag

_READ: Final = ["GET", "HEAD"]


def add_widget_pages(router: APIRouter) -> None:
    router.add_api_route("/widget/test", widget_test_page, methods=_READ)


async def widget_test_page(
    database: DatabaseOf, base_url: BaseUrl, project: str = ""
) -> HTMLResponse:
    """Show a page that carries a project's tag, as a website does."""
    try:
        found = await find_project(database, project)
    except NotFound:
        text = "The project in this address does not exist, or it was deleted."
        return message_page("There is no such project", text, status=404)
    back = f"/app/p/{project_public_id(found)}/settings/websites"
    tag = Markup(project_tag(base_url, found.id))
    body = join((fill("widget_test.html", name=found.name, back=back), tag))
    shown = page(f"Test page of {found.name}", body)
    # What a strict website needs: `script-src` and `frame-src`.
    ours = f"'self' {named_origin(base_url) or ''}".rstrip()
    policy = {"script-src": ours, "frame-src": ours, "require-trusted-types-for": "'script'"}
    shown.headers["Content-Security-Policy"] = page_policy(policy)
    return shown
