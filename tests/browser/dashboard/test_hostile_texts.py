"""Nothing that a visitor, a page, a receiver or a colleague can fill runs in the dashboard.

Here each text is led to where it is read; `test_keyboard` opens everything else beside such texts.
"""

from collections.abc import Sequence
from typing import Final

from playwright.async_api import Page

from tests.browser.dashboard.furnished import Filled
from tests.browser.dashboard.hostile import dialogs_of, is_read, looked_at
from tests.browser.dashboard.opening import open_dashboard, show
from tests.conftest import Server

_INBOX: Final = "/inbox?conversation=$conversationId"
_KNOWLEDGE: Final = "/p/$projectId/knowledge"
_SETTINGS: Final = "/p/$projectId/settings"

_SHOWN: Final[Sequence[tuple[str, str, Sequence[str]]]] = (
    (
        f"{_INBOX}&details=shown",
        "",
        (
            *("message.content", "message.blocks", "note.content", "draft.content"),
            *("visitor.name", "visitor.email", "visitor.attributes", "conversation_tag.tag"),
        ),
    ),
    (f"{_INBOX}&answer=$answerId", "", ("turn.trace",)),
    (_INBOX, "Canned replies", ("canned_reply.shortcut", "canned_reply.content")),
    ("/inbox?saved=$viewId", "", ("saved_view.name",)),
    (_INBOX, "Control+k", ("project.name",)),
    (
        "/p/$projectId/leads?lead=$leadId",
        "",
        ("lead.name", "lead.phone", "lead.message", "lead.excerpt", "lead.consent_text"),
    ),
    (f"{_KNOWLEDGE}/sources/$sourceId", "", ("source.name", "page.title", "page.reason")),
    (f"{_KNOWLEDGE}/files", "", ("document.title",)),
    (f"{_KNOWLEDGE}/questions", "", ("item.question", "item.category", "item.tags")),
    (f"{_KNOWLEDGE}/synonyms", "", ("synonym_group.terms",)),
    ("/p/$projectId/review", "", ("item_draft.question", "item_draft.answer")),
    (f"{_SETTINGS}/agents", "", ("agent.name", "context.name")),
    (f"{_SETTINGS}/actions", "", ("action.name",)),
    (f"{_SETTINGS}/websites", "", ("widget_key.name",)),
    ("/settings/keys", "", ("api_key.name",)),
    ("/settings/team", "", ("app_user.name", "invitation.email")),
    ("/settings/plan", "", ("account.name",)),
    (
        "/settings/audit",
        "",
        ("audit_entry.actor_name", "audit_entry.action", "audit_entry.detail"),
    ),
    ("/settings/webhooks", "", ("webhook_endpoint.description",)),
    (
        "/settings/webhooks/$webhookId?delivery=$deliveryId",
        "",
        ("webhook_attempt.answer", "webhook_attempt.headers"),
    ),
)
"""An address, the button or the keys that open more of it, and the columns that are read there."""


async def test_each_text_is_read_and_runs_nowhere(
    page: Page, server: Server, filled: Filled
) -> None:
    ran = dialogs_of(page)
    await open_dashboard(page, server, filled.shop.boss)
    wrong: list[str] = []
    for place, opener, columns in _SHOWN:
        await show(page, f"{server.url}/app{filled.address(place)}")
        if "+" in opener:
            await page.keyboard.press(opener)
        elif opener:
            await page.get_by_role("button", name=opener).first.press("Enter")
        for column in columns:
            wrong += [f"{column} is not read on {place}"] * (not await is_read(page, column))
        wrong += [f"{place}: {one}" for one in await looked_at(page)]
    assert wrong == ran == []
