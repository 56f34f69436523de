"""Addresses of pages that the dashboard has replaced: each leads to what took its place."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

MOVED: Final[Mapping[str, str]] = {
    "/account": "/app/settings/profile",
    "/inbox": "/app/inbox",
    "/language-models": "/app/settings/models",
    "/settings": "/app/settings/general",
    "/webhooks": "/app/settings/webhooks",
    "/widget": "/app/settings/look",
}
"""The address that a page had, and the one to go to."""

OF_A_PROJECT: Final[Mapping[str, str]] = {"/knowledge": "knowledge", "/review": "review"}
"""The same of pages that took `?project=`, behind the dashboard's address of that project."""

_READ: Final = ["GET", "HEAD"]


def add_moved_pages(router: APIRouter) -> None:
    for old, new in MOVED.items():
        router.add_api_route(old, _leads_to(new), methods=_READ)
    for old, new in OF_A_PROJECT.items():
        router.add_api_route(old, _leads_to_project(new), methods=_READ)
    router.add_api_route("/answers", lead_to_answer, methods=_READ)


def _leads_to(place: str) -> Callable[[Request], Awaitable[RedirectResponse]]:
    async def lead(request: Request) -> RedirectResponse:
        address = f"{place}?{request.url.query}" if request.url.query else place
        return RedirectResponse(address, HTTPStatus.TEMPORARY_REDIRECT)

    return lead


def _leads_to_project(place: str) -> Callable[[str], Awaitable[RedirectResponse]]:
    async def lead(project: str = "") -> RedirectResponse:
        # Without a project the dashboard takes the one of the last visit.
        before = f"/app/p/{quote(project, safe='')}" if project else "/app"
        return RedirectResponse(f"{before}/{place}", HTTPStatus.TEMPORARY_REDIRECT)

    return lead


async def lead_to_answer(conversation: str = "", message: str = "") -> RedirectResponse:
    """Lead to how an answer came about, beside its conversation."""
    named = {"conversation": conversation, "answer": message}
    query = urlencode({name: value for name, value in named.items() if value})
    address = f"/app/inbox?{query}" if query else "/app/inbox"
    return RedirectResponse(address, HTTPStatus.TEMPORARY_REDIRECT)
