"""The native API of notices."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AfterValidator, AwareDatetime

from answerdesk.accounts.letters import Post
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.inbox.dependencies import Reader
from answerdesk.inbox.notices import service
from answerdesk.inbox.notices.schemas import (
    CurrentNotices,
    NoticeOut,
    NoticePreferencesIn,
    NoticePreferencesOut,
)
from answerdesk.inbox.notices.types import usual_preference
from answerdesk.projects.errors import project_not_found

_OVERLAP: Final = timedelta(seconds=30)
"""A notice may become visible so long after its time."""


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        msg = "is out of range"
        raise ValueError(msg) from error


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]


async def _post(request: Request) -> Post:
    post: Post = request.app.state.application.post
    return post


PostOf = Annotated[Post, Depends(_post)]


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(prefix="/v1", route_class=bounded_route(max_json_bytes), tags=["inbox"])
    preferences = "/notice-preferences"
    router.add_api_route("/notices", list_notices)
    router.add_api_route(preferences, get_notice_preferences)
    router.add_api_route(
        preferences, set_notice_preferences, methods=["PUT"], responses=problems(404)
    )
    return router


async def list_notices(
    caller: Reader,
    database: DatabaseOf,
    since: Annotated[
        Moment | None, Query(description="Only what has become due since; see `as_of`.")
    ] = None,
) -> CurrentNotices:
    """List what your browser may show now: not in your quiet hours, and only what still holds.

    The latest first, at most 100.
    """
    async with database.transaction(caller.account_id) as session:
        found, now = await service.current_notices(session, caller, since)
    return CurrentNotices(items=[NoticeOut.of(one) for one in found], as_of=now - _OVERLAP)


async def get_notice_preferences(
    caller: Reader, database: DatabaseOf, post: PostOf
) -> NoticePreferencesOut:
    """Show what you are told of, and how."""
    async with database.transaction(caller.account_id) as session:
        preference, is_default = await service.preference_of(session, caller)
    return NoticePreferencesOut.of(preference, post, is_default=is_default)


async def set_notice_preferences(
    body: NoticePreferencesIn, caller: Reader, database: DatabaseOf, post: PostOf
) -> NoticePreferencesOut:
    """Choose what you are told of, and how; it also holds for what you have not been told yet."""
    caller.require_person()
    preference = body.preference(usual_preference(caller.role))
    async with database.transaction(caller.account_id) as session:
        if await service.missing_projects(session, body.project_ids() or ()):
            raise project_not_found()
        await service.prefer(session, caller, preference)
    return NoticePreferencesOut.of(preference, post, is_default=False)
