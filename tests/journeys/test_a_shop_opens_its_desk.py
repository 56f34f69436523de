"""From signing up to a lead: an owner, a website that changes, a visitor, and a crash between."""

from collections.abc import Iterator

import pytest

from tests.accounts.people import Person, sign_up
from tests.conftest import Server
from tests.conversations.visitors.site import Guest, Site
from tests.dialects.orac.chat import Chat
from tests.journeys.conftest import page
from tests.knowledge.sync.site_desk import SiteDesk
from tests.websites import Website


class Shop(SiteDesk, Site):
    """A project with a website as its source and a widget on that website."""


@pytest.fixture
def shopkeeper(product: Server) -> Iterator[Person]:
    """Somebody who has just signed up."""
    person = sign_up(product, "kim")
    yield person
    person.client.close()


def said(chat: Chat) -> str:
    return "".join(data["text"] for name, data in chat.frames if name == "token")


def cited(guest: Guest, conversation_id: str) -> list[str]:
    """Return the addresses that the latest answer cites."""
    return [one["url"] for one in guest.messages(conversation_id)[-1]["sources"]]


def test_a_shop_opens_its_desk(product: Server, shopkeeper: Person, shop_site: Website) -> None:
    with product.client() as visitor:
        shop = Shop(shopkeeper.client, visitor)
        source = shop.add(shop_site)
        assert set(shop.pages(source, "good")) == {"/", "/shipping", "/returns"}

        guest = shop.guest()
        first = guest.ask("How long does shipping to Norway take?")
        conversation_id = first.first("accepted")["conversation_id"]
        assert "five days" in said(first)
        assert cited(guest, conversation_id) == [f"{shop_site.url}/shipping"]

        # The site changes, and the answer with it.
        shop_site.set("/shipping", page("Shipping", "<p>Shipping to Norway takes two days.</p>"))
        sync = shop.sync(source)
        assert shop.changes(source, sync) == {"/shipping": "changed"}
        # (The same words within a minute in one conversation count as the same message.)
        again = shop.guest().ask("How long does shipping to Norway take?")
        assert "two days" in said(again)

        # A page goes; what it said is not said any more.
        shop_site.set("/returns", "gone", status=410)
        shop_site.set("/", page("Bicycle shop", '<p><a href="/shipping">Shipping</a></p>'))
        sync = shop.sync(source)
        assert shop.changes(source, sync)["/returns"] == "removed"
        lost = guest.ask("Within how many days can I return a bicycle?")
        assert "thirty" not in said(lost)

        # The machine fails; nothing is lost.
        product.kill()
        product.start()
        assert conversation_id in guest.conversations()

        # The visitor wants a person, and leaves an address.
        asked = guest.post(
            f"conversations/{conversation_id}/escalate",
            email="ola@example.com",
            message="Please call me about a repair.",
        )
        assert asked.status_code == 204, asked.text
        leads = shop.get("leads")["items"]
        assert [(one["email"], one["message"]) for one in leads] == [
            ("ola@example.com", "Please call me about a repair.")
        ]
        shown = shop.owner.get(f"/v1/conversations/{conversation_id}").json()
        assert shown["state"] == "waiting"


def test_nobody_else_sees_the_shop(product: Server, shopkeeper: Person) -> None:
    shop = Site(shopkeeper.client, shopkeeper.client)
    other = sign_up(product, "eve")
    with other.client:
        assert other.client.get(shop.path).status_code == 404
        assert other.client.get(f"{shop.path}/conversations").status_code == 404
        assert other.client.get("/v1/projects").json()["items"] == []
