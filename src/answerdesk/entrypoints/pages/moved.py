"""Addresses of pages that the dashboard has replaced: each leads to what took its place."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

MOVED: Final[Mapping[str, str]] = {
    "/account": "/app/settings/profile",
    "/webhooks": "/app/settings/webhooks",
}
"""The address that a page had, and the one to go to."""


def add_moved_pages(router: APIRouter) -> None:
    for old, new in MOVED.items():
        router.add_api_route(old, _leads_to(new), methods=["GET", "HEAD"])


def _leads_to(place: str) -> Callable[[Request], Awaitable[RedirectResponse]]:
    async def lead(request: Request) -> RedirectResponse:
        # What the query named, such as a project, goes along.
        address = f"{place}?{request.url.query}" if request.url.query else place
        return RedirectResponse(address, HTTPStatus.TEMPORARY_REDIRECT)

    return lead
