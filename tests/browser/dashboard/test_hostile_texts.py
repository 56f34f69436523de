"""Nothing that a visitor, a page, a receiver or a model can fill runs in the dashboard.

Everything that others can fill is overwritten in the tables with what has run elsewhere, and then
every page that shows it is opened, with all that its buttons open.
"""

import json
from typing import Any, Final

from playwright.async_api import Dialog, Page

from tests.browser.dashboard.furnished import PLACES, fill, left_alone
from tests.browser.dashboard.opening import open_dashboard, show
from tests.browser.dashboard.pressing import Pressing
from tests.browser.widget.payloads import ADDRESSES, MARKUP
from tests.conftest import Rows, Server
from tests.webhooks.receiver import receiving
from tests.websites import Website

_TEXT: Final = "\n".join(MARKUP)
_ADDRESS: Final = next(one for one in ADDRESSES if one.startswith("javascript:"))

# What is written into which columns of an account's rows. `url` gets an address that is no address.
_TEXTS: Final = {
    "message": ("content",),
    "visitor": ("name", "email", "external_id"),
    "lead": ("name", "message", "excerpt", "consent_text"),
    "note": ("content",),
    "feedback": ("reason",),
    "satisfaction": ("comment",),
    "document": ("title", "path", "error", "note"),
    "page": ("title", "reason"),
    "sync_change": ("title", "reason"),
    "chunk": ("content",),
    "item": ("question", "answer"),
    "item_draft": ("question", "answer"),
    "source": ("name",),
    "webhook_attempt": ("answer", "error"),
    "webhook_endpoint": ("description",),
    "action_call": ("response", "error"),
    "conversation_tag": ("tag",),
    "project": ("name",),
    "api_key": ("name",),
    "agent": ("name",),
    "canned_reply": ("title", "content"),
}
_ADDRESSES: Final = {
    "conversation": ("page_url",),
    "lead": ("page_url", "consent_page_url"),
    "document": ("url",),
    "page": ("url", "linked_from"),
    "sync_change": ("url",),
    "source": ("url",),
}


def overwrite(rows: Rows, account: str) -> None:
    """Write the payloads into everything that others can fill."""
    agreed = "update lead set consent_text = 'Yes', consented_at = now()"
    rows(f"{agreed} where account_id = %s returning 1", account)
    for columns, value in ((_TEXTS, _TEXT), (_ADDRESSES, _ADDRESS)):
        for table, names in columns.items():
            for name in names:
                # Each in turn: one that has a limit of its own must not keep the others clean.
                # Some have to differ from row to row.
                told = f"update {table} set {name} = %s || ctid where account_id = %s returning 1"
                rows(told, value, account)
    blocks: list[dict[str, Any]] = [
        {"type": "heading", "text": _TEXT, "source": None},
        *({"type": "paragraph", "text": one, "source": 0, "marked": [one]} for one in MARKUP),
        {"type": "code", "text": _TEXT, "language": _TEXT, "source": 0},
    ]
    rows(
        "update message set blocks = cast(%s as jsonb) where author = 'assistant'"
        " and account_id = %s returning 1",
        json.dumps(blocks),
        account,
    )
    for number, address in enumerate(ADDRESSES):
        rows(
            "update message set citations = jsonb_set(jsonb_set(citations, '{0,url}', %s::jsonb),"
            " '{0,title}', %s::jsonb) where author = 'assistant' and account_id = %s"
            " and jsonb_array_length(citations) > 0 and abs(hashtext(id::text)) %% %s = %s"
            " returning 1",
            *(json.dumps(address), json.dumps(_TEXT), account, len(ADDRESSES), number),
        )


async def looked_at(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands."""
    links = await page.locator("a[href]").evaluate_all("(all) => all.map((one) => one.href)")
    fine = ("http://", "https://", "mailto:", "tel:")
    wrong = [f"link: {one[:80]}" for one in links if not one.startswith(fine)]
    pictures = "document.querySelectorAll('img:not([src^=\"data:\"]), #content script').length"
    if await page.evaluate(pictures):
        wrong.append("a picture or a script came out of a text")
    return wrong


async def test_nothing_that_others_can_fill_runs_on_any_page(
    page: Page, server: Server, rows: Rows
) -> None:
    with Website() as site, receiving() as receiver:
        filled = fill(server, site, receiver)
        project = filled.shop.desk.project_id.removeprefix("proj_")
        ((account,),) = rows("select account_id from project where id = %s", project)
        await open_dashboard(page, server, filled.shop.boss)
        overwrite(rows, str(account))
        ran: list[str] = []

        async def dismiss(dialog: Dialog) -> None:
            # Pages with unsaved changes ask before they are left.
            if dialog.type == "beforeunload":
                await dialog.accept()
                return
            ran.append(dialog.message)
            await dialog.dismiss()

        page.on("dialog", dismiss)
        wrong: list[str] = []
        pressing = Pressing(page)
        for place in PLACES:
            url = f"{server.url}/app{filled.address(place)}"
            await show(page, url)
            wrong += [f"{place}: {one}" for one in await looked_at(page)]
            async for open_now in pressing.each(url, left_alone(place)):
                wrong += [f"{place}, {open_now}: {one}" for one in await looked_at(page)]
        assert wrong == []
        assert ran == []
