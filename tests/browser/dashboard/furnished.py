"""An account with one of everything, and all pages of the dashboard that show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.browser.shop import Shop, Visitor, open_shop
from tests.conftest import Server
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import Receiver
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
    path = f"/v1/projects/{shop.desk.project_id}/sources"
    (source,) = [
        one["id"] for one in shop.boss.client.get(path).json()["items"] if one["kind"] == "site"
    ]
    (webhook,) = shop.boss.client.get("/v1/webhooks").json()["items"]
    ids = {"projectId": shop.desk.project_id, "conversationId": conversation}
    return Filled(shop, {**ids, "sourceId": source, "webhookId": webhook["id"]})


def _furnish(shop: Shop, site: Website, receiver: Receiver) -> str:
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
