"""The native API of the inbox: actions, lists, live views."""

from fastapi import APIRouter

from answerdesk.core.settings import Settings
from answerdesk.core.web.routing import add_routers
from answerdesk.inbox.canned_replies import endpoints as canned_replies
from answerdesk.inbox.contacts import endpoints as contacts
from answerdesk.inbox.drafts import endpoints as drafts
from answerdesk.inbox.live import endpoints as live
from answerdesk.inbox.notes import endpoints as notes
from answerdesk.inbox.notices import endpoints as notices
from answerdesk.inbox.reading import endpoints as reading
from answerdesk.inbox.saved_views import endpoints as saved_views
from answerdesk.inbox.service_levels import endpoints as service_levels
from answerdesk.inbox.snoozing import endpoints as snoozing
from answerdesk.inbox.tags import endpoints as tags


def make_router(settings: Settings) -> APIRouter:
    """Return the routes; the settings limit the size of bodies."""
    router = APIRouter()
    parts = (
        *(notes, tags, snoozing, reading, drafts, canned_replies, contacts, live),
        *(notices, service_levels, saved_views),
    )
    add_routers(router, *(one.make_router(settings.max_json_bytes) for one in parts))
    return router
