"""The chat on other websites: the script that its tag loads, and the page in its frame."""

import gzip
import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from answerdesk.agents.service import get_agent, get_desk
from answerdesk.agents.types import Desk
from answerdesk.conversations.access import require_open
from answerdesk.core.database import Database
from answerdesk.core.errors import DomainError, NotFound
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.entrypoints.pages.chat import chat_parts
from answerdesk.entrypoints.pages.responses import (
    ASSETS,
    Markup,
    element,
    fill,
    gzipped_script,
    page,
    page_policy,
    void_element,
)
from answerdesk.kit.origins import normalise_origin, origin_allowed
from answerdesk.projects.domains.service import find_domain, list_domains
from answerdesk.projects.domains.types import Domain
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.service import find_owner, project_public_id

_READ: Final = ["GET", "HEAD"]
_MOST_DOMAINS: Final = 100
"""Of a project, in the list of websites that may show its chat, which is a header."""

_LONGEST_ORIGIN: Final = 300
_FOR_ANY_PAGE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
}
_SCRIPT: Final = "text/javascript"
_UNKNOWN: Final = (
    "There is no chat with the project or token that the script tag names. Copy the tag again from "
    "the settings."
)
_INKS: Final = ("#ffffff", "#000000")
"""One of the two has a contrast of at least 4.58 with any colour."""


def add_embed(router: APIRouter) -> None:
    router.add_api_route("/widget.js", loader, methods=_READ)
    router.add_api_route("/nova-widget-sdk-v2.js", loader, methods=_READ)
    router.add_api_route("/embed", embed_page, methods=_READ)
    router.add_api_route("/embed/look.js", look, methods=_READ)


@dataclass(frozen=True, slots=True)
class _Chat:
    """What a tag names. `sites` are the origins of the websites that may show it; none means any.

    A domain's chat begins with the greeting of the domain's own agent.
    """

    desk: Desk
    domain: Domain | None
    sites: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of who answers."""
        return self.desk.project.name if self.desk.agent is None else self.desk.agent.name


async def loader(request: Request) -> Response:
    """Serve the script of the tag, under both of its names."""
    tag, compressed = _loader()
    return gzipped_script(request, tag, compressed, _FOR_ANY_PAGE)


@cache
def _loader() -> tuple[str, bytes]:
    """Return the script's entity tag and its bytes, compressed."""
    content = (ASSETS / "widget.js").read_bytes()
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"', gzip.compress(content, mtime=0)


async def look(
    database: DatabaseOf, project: str = "", token: str = "", origin: str = ""
) -> Response:
    """Tell the script how the launcher looks, or why there is none on pages of `origin`.

    It is a module, because pages that restrict what they connect to let it load scripts of ours.
    """
    try:
        chat = await _find(database, project, token)
    except DomainError as error:
        told: dict[str, str] = {
            "refused": _UNKNOWN if isinstance(error, NotFound) else error.message
        }
    else:
        told = _refusal(chat, origin[:_LONGEST_ORIGIN]) or _look(chat)
    content = f"export default {json.dumps(told)};\n"
    return Response(content, headers=_FOR_ANY_PAGE, media_type=_SCRIPT)


async def embed_page(database: DatabaseOf, project: str = "", token: str = "") -> HTMLResponse:
    """Show the page in the frame, on the websites that may frame it."""
    try:
        chat = await _find(database, project, token)
    except DomainError as error:
        return _unavailable(error)
    project_of = chat.desk.project
    shape = project_of.settings.look
    avatar, image_sources = _avatar(shape.avatar)
    body = fill(
        "embed.html",
        project_id=project_public_id(project_of),
        website_token="" if chat.domain is None else chat.domain.website_token,
        color=shape.color,
        ink=_ink(shape.color),
        name=chat.name,
        avatar=avatar,
        branding=element("footer", "Powered by Answerdesk", class_="branding")
        if shape.show_branding
        else Markup(""),
        **chat_parts(chat.desk, chat.name),
    )
    shown = page(chat.name, body, script="embed/page.js", styles=["embed.css"])
    shown.headers["Content-Security-Policy"] = page_policy(
        {
            "frame-ancestors": " ".join(chat.sites) or "*",
            "img-src": f"'self' data: {image_sources}".rstrip(),
            "require-trusted-types-for": "'script'",
        }
    )
    return shown


def _unavailable(error: DomainError) -> HTMLResponse:
    """Return a page without links, which would lead to other chats of the installation."""
    title, status = "This chat is not available", 404 if isinstance(error, NotFound) else 403
    text = _UNKNOWN if isinstance(error, NotFound) else error.message
    told = (element("h1", title), element("p", text))
    shown = page(title, element("main", *told, class_="sheet"), status=status)
    shown.headers["Content-Security-Policy"] = page_policy({"frame-ancestors": "*"})
    return shown


async def _find(database: Database, project: str, token: str) -> _Chat:
    """Find what a tag names. Raises NotFound, and NotPermitted while the account is suspended."""
    domain = None
    if token:
        account_id, domain = await find_domain(database, token)
        project_id = domain.project_id
    elif project:
        account_id, project_id = await find_owner(database, project)
    else:
        raise project_not_found()
    async with database.transaction(account_id) as session:
        await require_open(session)
        desk = await get_desk(session, project_id)
        domains = await list_domains(session, project_id, limit=_MOST_DOMAINS)
        if domain is not None and domain.agent_id is not None:
            # If its agent was deleted, the active one answers.
            with suppress(NotFound):
                desk = replace(desk, agent=await get_agent(session, project_id, domain.agent_id))
    bound = [domain.website_url] if domain is not None else []
    bound += [one.website_url for one in domains]
    sites = (*desk.project.settings.allowed_origins, *map(_origin_of, bound))
    return _Chat(desk, domain, tuple(dict.fromkeys(sites)))


def _origin_of(website_url: str) -> str:
    split = urlsplit(website_url)
    return f"{split.scheme}://{split.netloc}"


def _refusal(chat: _Chat, origin: str) -> dict[str, str] | None:
    if not origin or not chat.sites or origin_allowed(origin, chat.sites):
        return None
    said = (
        f"{origin} may not show this chat. Add it to the project's allowed origins, or bind it as "
        "a website."
    )
    return {"refused": said}


def _look(chat: _Chat) -> dict[str, str]:
    shape = chat.desk.project.settings.look
    return {
        "label": f"Chat with {chat.name}",
        "color": shape.color,
        "ink": _ink(shape.color),
        "position": shape.position,
    }


def _avatar(address: str | None) -> tuple[Markup, str]:
    """Return the picture, and its origin for the policy; neither if it has none to name."""
    try:
        split = urlsplit(address or "")
        origin = normalise_origin(f"{split.scheme}://{split.netloc}")
    except ValueError:
        return Markup(""), ""
    image = void_element("img", class_="avatar", src=address or "", alt="", width="32", height="32")
    return image, origin


def _ink(color: str) -> str:
    """Return the colour of text on a ground of `color`: the one with the higher contrast."""
    ground = _luminance(color)
    return max(_INKS, key=lambda ink: _contrast(_luminance(ink), ground))


def _luminance(color: str) -> float:
    """Return the relative luminance of `#rrggbb`, as WCAG defines it."""
    parts = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
