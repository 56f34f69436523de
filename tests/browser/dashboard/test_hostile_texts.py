"""Nothing that a visitor, a page, a receiver or a model can fill runs in the dashboard.

Everything that others can fill is overwritten in the tables with what has run elsewhere, and then
every page that shows it is opened.
"""

import json
from typing import Any, Final

from playwright.async_api import Dialog, Page, expect

from tests.browser.dashboard.opening import open_dashboard
from tests.browser.shop import Shop, Visitor, open_shop
from tests.browser.widget.payloads import ADDRESSES, MARKUP
from tests.conftest import Rows, Server
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import Receiver, receiving
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

_PLACES: Final = (
    "/inbox",
    *(f"/p/{{project}}/{name}" for name in ("overview", "knowledge", "review", "leads")),
    "/p/{project}/playground",
    *(
        f"/p/{{project}}/settings/{name}"
        for name in ("general", "look", "websites", "agents", "actions", "search", "privacy")
    ),
    *(f"/settings/{name}" for name in ("webhooks", "keys", "team", "plan", "audit", "profile")),
)


def furnish(shop: Shop, site: Website, receiver: Receiver) -> str:
    """Have one of everything; return a conversation."""
    client, project = shop.boss.client, f"/v1/projects/{shop.desk.project_id}"
    site.set("/", "<html><title>Home</title><body><main><p>We open at nine.</p></main></body>")
    site.set("/lost.html", "no", status=403)
    made = (
        client.post(f"{project}/sources", json={"kind": "site", "url": site.url})
        .raise_for_status()
        .json()
    )
    client.post(f"{project}/sources/{made['id']}/syncs", json={})
    endpoint = {"url": receiver.url, "description": "Ours"}
    client.post("/v1/webhooks", json=endpoint).raise_for_status()
    client.post(f"{project}/items", json={"question": "Is it far?", "answer": "No."})
    reply = {"shortcut": "hello", "title": "Hello", "content": "Hello!"}
    client.post("/v1/canned-replies", json=reply)
    conversation = shop.ask("When does the shop open?", email="visitor@example.com")
    path = f"/v1/conversations/{conversation}"
    client.put(f"{path}/tags", json={"tags": ["urgent"]}).raise_for_status()
    client.post(f"{path}/notes", json={"content": "A note."}).raise_for_status()
    client.post(f"{path}/messages", json={"content": "Hello."}).raise_for_status()
    client.post(f"{path}/item-drafts", json={})
    lonely = Visitor(shop.server, shop.desk)
    lonely.write("Who painted the ceiling of the lighthouse?")

    for _ in attempts(PATIENCE):
        if client.get(f"{project}/sources/{made['id']}/pages").json().get("items"):
            break
    return conversation


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


async def opened(page: Page, url: str) -> None:
    await page.goto(url)
    await expect(page.locator("#content h1")).to_be_visible()
    await expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    await page.evaluate("new Promise((done) => requestIdleCallback(done, {timeout: 2000}))")


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
    shop = open_shop(server)
    project = shop.desk.project_id
    with Website() as site, receiving() as receiver:
        conversation = furnish(shop, site, receiver)
        ((account,),) = rows(
            "select account_id from project where id = %s", project.removeprefix("proj_")
        )
        await open_dashboard(page, server, shop.boss)
        overwrite(rows, str(account))
        ran: list[str] = []

        async def dismiss(dialog: Dialog) -> None:
            ran.append(dialog.message)
            await dialog.dismiss()

        page.on("dialog", dismiss)
        wrong: list[str] = []
        for place in (*_PLACES, f"/inbox?conversation={conversation}"):
            await opened(page, f"{server.url}/app{place.format(project=project)}")
            wrong += [f"{place}: {one}" for one in await looked_at(page)]
        assert wrong == []
        assert ran == []
