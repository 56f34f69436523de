"""What the tests of conversations share: people at work, and visitors who ask."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.accounts.people import (
    NOTHING_KEPT_OPEN,
    PASSWORD,
    Person,
    fresh_email,
    invite,
    logged_in,
)
from tests.browser.asking import fill_shop
from tests.conftest import Desk, Server
from tests.waiting import PATIENCE


@dataclass
class Shop:
    """An account with a project that knows three things."""

    boss: Person
    desk: Desk
    server: Server

    @property
    def ask_url(self) -> str:
        return f"{self.server.url}/?project={self.desk.project_id}"

    def join(self, name: str, role: str = "agent") -> Person:
        """Have a colleague join."""
        _, token = invite(self.boss, role)
        body = {"invitation": token, "password": PASSWORD, "name": name}
        url = f"{self.server.url}/v1/auth/accept-invitation"
        return logged_in(self.server, httpx.post(url, json=body, timeout=PATIENCE))

    def ask(
        self,
        question: str = "Where is my parcel?",
        *,
        email: str = "",
        asks_for_person: bool = True,
    ) -> str:
        """Have a new visitor ask something and then ask for a person; return the conversation."""
        visitor = Visitor(self.server, self.desk)
        visitor.write(question)
        if asks_for_person:
            visitor.escalate(email)
        return visitor.conversation_id

    def entry(self, conversation_id: str) -> dict[str, Any]:
        shown = self.boss.client.get(f"/v1/conversations/{conversation_id}")
        assert shown.status_code == 200, shown.text
        found: dict[str, Any] = shown.json()
        return found


def open_shop(server: Server) -> Shop:
    body = {"email": fresh_email("ann"), "password": PASSWORD, "name": "Ann"}
    boss = logged_in(
        server, httpx.post(f"{server.url}/v1/auth/signup", json=body, timeout=PATIENCE)
    )
    return Shop(boss, fill_shop(Desk(boss.client, boss.client)), server)


class Visitor:
    """A visitor without a browser."""

    def __init__(self, server: Server, desk: Desk) -> None:
        self.client = httpx.Client(base_url=server.url, timeout=PATIENCE, limits=NOTHING_KEPT_OPEN)
        begun = self.client.post(f"/visits/{desk.project_id}", json={})
        assert begun.status_code == 200, begun.text
        self.client.headers["Authorization"] = f"Bearer {begun.json()['visitor_token']}"
        self.conversation_id = ""

    def write(self, message: str) -> None:
        body = {"message": message}
        if self.conversation_id:
            body["conversation_id"] = self.conversation_id
        response = self.client.post("/v1/visitor/chat", json=body)
        assert response.status_code == 200, response.text
        _, _, rest = response.text.partition('"conversation_id":"')
        self.conversation_id = rest.partition('"')[0] or self.conversation_id
        assert self.conversation_id

    def escalate(self, email: str = "") -> None:
        path = f"/v1/visitor/conversations/{self.conversation_id}/escalate"
        asked = self.client.post(path, json={"email": email or None})
        assert asked.status_code == 204, asked.text

    def messages(self) -> list[dict[str, Any]]:
        path = f"/v1/visitor/conversations/{self.conversation_id}/messages"
        items: list[dict[str, Any]] = self.client.get(path).json()["items"]
        return items
