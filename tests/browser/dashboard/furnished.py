"""An account with one of everything, and all pages of the dashboard that show it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.accounts.people import fresh_email
from tests.browser.shop import Shop, Visitor, open_shop
from tests.conftest import Server
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import Receiver, answer
from tests.websites import Website

PLACES: Final = (
    *("/inbox", "/inbox?conversation=$conversationId", "/welcome"),
    *(f"/p/$projectId/{name}" for name in ("overview", "leads", "playground")),
    *("/p/$projectId/knowledge", "/p/$projectId/knowledge/sources/$sourceId"),
    *(f"/p/$projectId/knowledge/{name}" for name in ("pages", "files", "questions", "synonyms")),
    *("/p/$projectId/review", "/p/$projectId/review/questions"),
    *(
        f"/p/$projectId/settings/{name}"
        for name in ("general", "look", "websites", "hours", "agents")
    ),
    *(f"/p/$projectId/settings/{name}" for name in ("actions", "search", "privacy")),
    *(f"/settings/{name}" for name in ("models", "webhooks", "webhooks/$webhookId", "keys")),
    *(f"/settings/{name}" for name in ("team", "plan", "audit", "profile")),
)
"""As the dashboard's routes name them."""

_MODELS: Final = "/v1/language-models"
_UNCHECKED: Final = {_MODELS: {"unchecked": "true"}}

_LEFT_ALONE: Final = (
    "Log out",
    "Log out everywhere",
    "Read again now",
    "Copy",
    "Do this by the API",
)
"""Buttons that end the session, take long, or show nothing of others."""


@dataclass
class Filled:
    """An account with one of everything, and the ids in its pages' addresses."""

    shop: Shop
    ids: dict[str, str]

    def address(self, place: str) -> str:
        for name, value in self.ids.items():
            place = place.replace(f"${name}", value)
        return place


def left_alone(place: str) -> Sequence[str]:
    """Return the buttons of a page that need not be pressed."""
    # The menu of the knowledge is the same on each of its pages.
    return (*_LEFT_ALONE, "Add") if "/knowledge/" in place else _LEFT_ALONE


def fill(server: Server, site: Website, receiver: Receiver) -> Filled:
    """Open a shop and have one of everything."""
    shop = open_shop(server)
    conversation = _furnish(shop, site, receiver)
    client, project = shop.boss.client, f"/v1/projects/{shop.desk.project_id}"

    def first(path: str, listed: str = "items", **wanted: str) -> str:
        """Return the first of a list that is as wanted, as soon as there is one."""
        for _ in attempts(PATIENCE):
            for one in client.get(path).json()[listed]:
                if wanted.items() <= one.items():
                    return str(one["id"])
        raise AssertionError(path)

    source = first(f"{project}/sources", kind="site")
    first(f"{project}/sources/{source}/pages")
    webhook = first("/v1/webhooks")
    ids = {
        "projectId": shop.desk.project_id,
        "conversationId": conversation,
        "answerId": first(f"/v1/conversations/{conversation}", "messages", author="assistant"),
        "leadId": first(f"{project}/leads"),
        "sourceId": source,
        "viewId": first("/v1/saved-views"),
        "webhookId": webhook,
        "deliveryId": first(f"/v1/webhooks/{webhook}/deliveries", state="delivered"),
    }
    return Filled(shop, ids)


def _furnish(shop: Shop, site: Website, receiver: Receiver) -> str:
    """Have one of everything; return a conversation."""
    client, project = shop.boss.client, f"/v1/projects/{shop.desk.project_id}"
    site.set("/", "<html><title>Home</title><body><main><p>We open at nine.</p></main></body>")
    site.set("/lost.html", "no", status=403)
    made = client.post(f"{project}/sources", json={"kind": "site", "url": site.url})
    client.post(f"{project}/sources/{made.json()['id']}/syncs", json={})
    for path, body in _made(project, receiver):
        client.post(path, json=body, params=_UNCHECKED.get(path)).raise_for_status()
    conversation = shop.ask("When does the shop open?", email="visitor@example.com")
    path = f"/v1/conversations/{conversation}"
    client.put(f"{path}/tags", json={"tags": ["urgent"]}).raise_for_status()
    client.post(f"{path}/notes", json={"content": "A note."}).raise_for_status()
    client.post(f"{path}/messages", json={"content": "Hello."}).raise_for_status()
    draft = {"content": "What I", "version": 0}
    client.put(f"{path}/drafts/reply", json=draft).raise_for_status()
    painted = f"/v1/conversations/{shop.ask('Who painted the ceiling of the lighthouse?')}"
    told = {"content": "Jane Morris painted the ceiling of the lighthouse in 1871."}
    client.post(f"{painted}/messages", json=told).raise_for_status()
    client.post(f"{painted}/item-drafts").raise_for_status()
    for question in ("Who built the harbour of Bergen?", "Where is my order A1B2?"):
        Visitor(shop.server, shop.desk).write(question)
    return conversation


def _made(project: str, receiver: Receiver) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is made before anybody asks, as path and body."""
    yield "/v1/projects", {"name": "Other"}
    yield "/v1/webhooks", {"url": receiver.url, "description": "Ours"}
    yield f"{project}/items", {"question": "Is it far?", "answer": "No.", "category": "Ways"}
    yield f"{project}/synonyms", {"terms": ["parcel", "packet"]}
    yield f"{project}/contexts", {"name": "Offer", "text": "In May it is half the price."}
    yield f"{project}/widget-keys", {"name": "Shop"}
    yield "/v1/canned-replies", {"shortcut": "hello", "title": "Hello", "content": "Hello!"}
    yield "/v1/saved-views", {"name": "Urgent", "filters": {"tag": "urgent"}}
    yield "/v1/invitations", {"email": fresh_email("kim"), "role": "agent"}
    yield "/v1/api-keys", {"name": "Robot", "scopes": ["projects:read"]}
    model = {"name": "Ours", "provider": "compatible", "url": receiver.url, "model": "tiny"}
    yield _MODELS, model
    where = receiver.at("/orders/A1B2", answer(200, b'{"state": "sent"}'))
    action = {
        "name": "Order",
        "url": where.replace("A1B2", "{order}"),
        "parameters": [{"name": "order", "description": "your number", "format": "code"}],
        "triggers": ["where is my order"],
        "answer": "Your order is {state}.",
    }
    yield f"{project}/actions", action
