"""A site with a widget: its owner's side, and its visitors'."""

import json
import time
from collections import Counter
from typing import Any

import httpx
import jwt

from tests.conftest import Desk
from tests.dialects.orac.chat import Chat, parse_frames

SHIPPING = "Shipping to Germany takes three days. Express shipping costs 12 euros."
QUESTION = "What does express shipping cost?"


class Site(Desk):
    """A project with a widget key and an identity secret."""

    def __init__(self, owner: httpx.Client, visitor: httpx.Client) -> None:
        super().__init__(owner, visitor)
        key = owner.post(f"{self.path}/widget-keys", json={"name": "Shop"})
        assert key.status_code == 201, key.text
        self.widget_key: str = key.json()["id"]
        secret = owner.post(f"{self.path}/identity-secret")
        assert secret.status_code == 201, secret.text
        self.secret: str = secret.json()["secret"]

    def change(self, **settings: Any) -> None:
        """Change the project's settings."""
        changed = self.owner.patch(self.path, json={"settings": settings})
        assert changed.status_code == 200, changed.text

    def sign(self, sub: object = "user-1", *, seconds: float = 3600, **claims: Any) -> str:
        """Sign for a visitor as the site's own server does."""
        payload = {"sub": sub, "exp": int(time.time() + seconds), **claims}
        return jwt.encode(payload, self.secret, algorithm="HS256")

    def begin(self, **fields: Any) -> httpx.Response:
        """Begin a session."""
        headers = fields.pop("headers", {})
        body = {"widget_key": self.widget_key, **fields}
        return self.visitor.post("/v1/visitor/session", json=body, headers=headers)

    def guest(self, **fields: Any) -> "Guest":
        """Begin a session that has to be let in."""
        begun = self.begin(**fields)
        assert begun.status_code == 200, begun.text
        return Guest(self.visitor, **begun.json())


class Guest:
    """A visitor with a session."""

    def __init__(
        self, client: httpx.Client, visitor_token: str, expires_in: int, visitor_id: str
    ) -> None:
        self.client = client
        self.token = visitor_token
        self.expires_in = expires_in
        self.id = visitor_id
        self.headers = {"Authorization": f"Bearer {visitor_token}"}
        self._started: Counter[str] = Counter()

    def send(self, message: str, **fields: Any) -> httpx.Response:
        """Send a message."""
        body = {"message": message, **fields}
        return self.client.post("/v1/visitor/chat", json=body, headers=self.headers)

    def ask(self, message: str = QUESTION, **fields: Any) -> Chat:
        """Send a message and read the whole answer."""
        response = self.send(message, **fields)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith("text/event-stream")
        return parse_frames(response.text)

    def start(self, message: str = QUESTION) -> str:
        """Begin another conversation; return its id."""
        # The same first message twice at once would begin one.
        anew = message + "?" * self._started[message]
        self._started[message] += 1
        return str(self.ask(anew).first("accepted")["conversation_id"])

    def get(self, path: str, **params: Any) -> httpx.Response:
        """Read something of the visitor's."""
        return self.client.get(f"/v1/visitor/{path}", params=params, headers=self.headers)

    def post(self, path: str, **body: Any) -> httpx.Response:
        """Send something of the visitor's."""
        return self.client.post(f"/v1/visitor/{path}", json=body, headers=self.headers)

    def conversations(self) -> list[str]:
        """Return the ids of the visitor's conversations."""
        listed = self.get("conversations")
        assert listed.status_code == 200, listed.text
        return [one["id"] for one in listed.json()["items"]]

    def messages(self, conversation_id: str, **params: Any) -> list[dict[str, Any]]:
        """Return a conversation's messages."""
        listed = self.get(f"conversations/{conversation_id}/messages", **params)
        assert listed.status_code == 200, listed.text
        items: list[dict[str, Any]] = listed.json()["items"]
        return items


def assert_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check that a problem came back, and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    body: dict[str, Any] = json.loads(response.text)
    assert (body["status"], body["code"]) == (status, code)
    return body
