"""The chat on other websites: the script that its tag loads, and the page in its frame."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from answerdesk.agents.service import desk_of, get_agent, get_desk
from answerdesk.agents.types import Desk
from answerdesk.conversations.access import require_open
from answerdesk.core.database import Database
from answerdesk.core.errors import DomainError, NotFound
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.entrypoints.pages.built import built_address, serve_built
from answerdesk.entrypoints.pages.frame_settings import (
    FrameSettings,
    frame_settings,
    ink_on,
    name_of,
    named_origin,
)
from answerdesk.entrypoints.pages.responses import (
    PAGE_HEADERS,
    Markup,
    element,
    fill,
    page,
    page_policy,
)
from answerdesk.kit.origins import origin_allowed
from answerdesk.projects.dependencies import ProjectRead, Reader
from answerdesk.projects.domains.service import find_domain, list_domains
from answerdesk.projects.domains.types import Domain
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.service import find_owner, patched
from answerdesk.projects.widget.texts import (
    FALLBACK,
    accepted_languages,
    built_in,
    choose_locale,
    direction,
    languages,
    texts_in,
)

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
_FOR_OURSELVES: Final = {"Cache-Control": "no-cache"}
_LONGEST_LOCALE: Final = 35


class PreviewIn(BaseModel):
    """Changes to try, as a merge patch of a project's settings, and a language to see them in."""

    model_config = ConfigDict(extra="forbid")

    settings: dict[str, Any] = Field(default_factory=dict)
    locale: Annotated[str, Field(max_length=_LONGEST_LOCALE)] | None = None


def add_embed(router: APIRouter) -> None:
    router.add_api_route("/widget.js", loader, methods=_READ)
    router.add_api_route("/nova-widget-sdk-v2.js", loader, methods=_READ)
    router.add_api_route("/embed", embed_page, methods=_READ)
    router.add_api_route("/embed/look.js", look, methods=_READ)
    router.add_api_route("/embed/frame.js", frame_file, methods=_READ)
    router.add_api_route("/embed/frame.css", frame_file, methods=_READ)
    router.add_api_route("/embed/preview", preview_page, methods=_READ)
    router.add_api_route("/embed/texts", written_texts, methods=_READ)


def make_preview_router(max_json_bytes: int) -> APIRouter:
    """Return the route that the page of the widget's settings tries changes with."""
    router = APIRouter(include_in_schema=False, route_class=bounded_route(max_json_bytes))
    router.add_api_route("/embed/preview/{project_id}", preview, methods=["POST"])
    return router


@dataclass(frozen=True, slots=True)
class _Chat:
    """What a tag names. `sites` are the origins of the websites that may show it; none means any.

    A domain's chat begins with the greeting of the domain's own agent.
    """

    desk: Desk
    domain: Domain | None
    sites: tuple[str, ...]


async def loader(request: Request) -> Response:
    """Serve the script of the tag, under both of its names."""
    return serve_built(request, "loader.js", _FOR_ANY_PAGE)


async def look(
    request: Request,
    database: DatabaseOf,
    base_url: BaseUrl,
    project: str = "",
    token: str = "",
    origin: str = "",
    locale: str = "",
) -> Response:
    """Tell the script how the launcher looks, or why there is none on pages of `origin`.

    It is a module, because pages that restrict what they connect to let it load scripts of ours.
    """
    try:
        chat = await _find(database, project, token)
    except DomainError as error:
        told: Mapping[str, Any] = {
            "refused": _UNKNOWN if isinstance(error, NotFound) else error.message
        }
    else:
        told = _refusal(chat, origin[:_LONGEST_ORIGIN], base_url) or _look(
            chat, _locale(request, chat, locale)
        )
    content = f"export default {json.dumps(told)};\n"
    headers = {**_FOR_ANY_PAGE, "Vary": "Accept-Language"}
    return Response(content, headers=headers, media_type=_SCRIPT)


async def embed_page(
    request: Request,
    database: DatabaseOf,
    project: str = "",
    token: str = "",
    locale: str = "",
) -> HTMLResponse:
    """Show the page in the frame, on the websites that may frame it."""
    try:
        chat = await _find(database, project, token)
    except DomainError as error:
        return _unavailable(error)
    told = frame_settings(chat.desk, chat.domain, _locale(request, chat, locale), datetime.now(UTC))
    image_sources = named_origin(told.look.avatar) or ""
    return _shell(
        told.name,
        told.in_html(),
        locale=told.locale,
        direction=told.dir,
        # Our own test page may show any chat.
        ancestors=" ".join(["'self'", *chat.sites]) if chat.sites else "*",
        images=f"'self' data: {image_sources}".rstrip(),
    )


async def frame_file(request: Request) -> Response:
    """Serve the frame's script or styles."""
    return serve_built(request, request.url.path.rpartition("/")[2], _FOR_OURSELVES)


async def preview_page() -> HTMLResponse:
    """Show the frame without a project: a page of ours tells it what to show."""
    return _shell(
        "Preview",
        Markup("null"),
        locale=FALLBACK,
        direction=direction(FALLBACK),
        ancestors="'self'",
        # Whatever picture is being tried.
        images="* data:",
        # Nothing that is tried there can become a conversation.
        connections="'none'",
    )


async def written_texts() -> JSONResponse:
    """Return our own texts in every language, for whoever writes others in their place."""
    told = {"fallback": FALLBACK, "texts": {one: built_in(one) for one in languages()}}
    return JSONResponse(told, headers=_FOR_ANY_PAGE)


async def preview(
    body: PreviewIn, project: ProjectRead, caller: Reader, database: DatabaseOf
) -> FrameSettings:
    """Return what the frame would show if these changes were saved. Nothing is stored.

    Raises InvalidInput naming each invalid field, as saving them would.
    """
    settings = patched(project.settings, body.settings)
    tried = replace(project, settings=settings)
    async with database.transaction(caller.account_id) as session:
        desk = await desk_of(session, tried)
    wanted = [body.locale] if body.locale else []
    return frame_settings(desk, None, _chosen(desk, wanted), datetime.now(UTC))


def _shell(
    title: str,
    settings: Markup,
    *,
    locale: str,
    direction: str,
    ancestors: str,
    images: str,
    connections: str = "'self'",
) -> HTMLResponse:
    """Return the page whose script draws the chat from its settings."""
    body = fill(
        "embed.html",
        title=title,
        settings=settings,
        locale=locale,
        direction=direction,
        script=built_address("frame.js"),
        style=built_address("frame.css"),
    )
    policy = page_policy(
        {
            "frame-ancestors": ancestors,
            "img-src": images,
            "connect-src": connections,
            "form-action": "'none'",
            "require-trusted-types-for": "'script'",
            "trusted-types": "'none'",
        }
    )
    return HTMLResponse(body, headers={**PAGE_HEADERS, "Content-Security-Policy": policy})


def _locale(request: Request, chat: "_Chat", said: str) -> str:
    """Return the locale to show: what the website says, else what the browser asks for."""
    asked = accepted_languages(request.headers.get("accept-language", ""))
    return _chosen(chat.desk, [*filter(None, [said[:_LONGEST_LOCALE]]), *asked])


def _chosen(desk: Desk, wanted: Sequence[str]) -> str:
    spoken, own = desk.languages, desk.project.settings.widget.texts
    return choose_locale(wanted, spoken.offered, spoken.default, own)


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


def _refusal(chat: _Chat, origin: str, base_url: str) -> dict[str, str] | None:
    sites = (*chat.sites, base_url)
    if not origin or not chat.sites or origin_allowed(origin, sites):
        return None
    said = (
        f"{origin} may not show this chat. Add it to the project's allowed origins, or bind it as "
        "a website."
    )
    return {"refused": said}


def _look(chat: _Chat, locale: str) -> dict[str, Any]:
    settings = chat.desk.project.settings
    shape = settings.look
    texts = texts_in(locale, settings.widget.texts)
    name = name_of(chat.desk)
    return {
        "label": texts["launcher.label"].replace("{name}", name),
        "unread": texts["launcher.unread"].replace("{name}", name),
        "unavailable": texts["launcher.unavailable"],
        "locale": locale,
        "dir": direction(locale),
        "color": shape.color,
        "ink": ink_on(shape.color),
        "gradient": [one.model_dump() for one in shape.gradient_stops],
        "position": shape.position,
        "theme": settings.widget.theme,
        "sharesSubdomains": settings.widget.shares_subdomains,
    }
