"""Orac's widget tier, with and without an identity token."""

import json
from typing import Any, Final

import httpx

from tests.conversations.visitors.site import QUESTION, Site

NOT_FOUND: Final = {(404, "conversation_not_found"), (404, "message_not_found")}
REACHED: Final = {(200, None)}


class Orac:
    """Orac's widget tier, with and without an identity token."""

    def __init__(self, client: httpx.Client, site: Site) -> None:
        self.client = client
        self.site = site

    def chat(self, **fields: Any) -> httpx.Response:
        headers = fields.pop("headers", {})
        body = {"project_id": self.site.project_id, "message": QUESTION, **fields}
        return self.client.post("/api/chat", json=body, headers=headers)

    def start(self, **fields: Any) -> str:
        answer = self.chat(**fields)
        assert answer.status_code == 200, answer.text
        first = answer.text.split("data: ", 1)[1].split("\n", 1)[0]
        conversation_id: str = json.loads(first)["conversation_id"]
        return conversation_id

    def messages(
        self, conversation_id: str, token: str | None = None, **more: Any
    ) -> httpx.Response:
        headers = {} if token is None else {"X-Identity-Token": token}
        params = {"conversationId": conversation_id, **more}
        return self.client.get("/api/widget/messages", params=params, headers=headers)

    def reach(self, conversation_id: str, token: str | None = None) -> set[tuple[int, str | None]]:
        """Try everything that a conversation's id is good for; return what came of each."""
        fields = {} if token is None else {"identity_token": token}
        said = self.site.owner.get(f"/v1/conversations/{conversation_id}").json()["messages"]
        answer = next(one["id"] for one in said if one["author"] == "assistant")
        rating = {"message_id": answer, "rating": "positive", **fields}
        escalation = {"conversation_id": conversation_id, **fields}
        responses = [
            self.messages(conversation_id, token),
            self.messages(conversation_id, **fields),
            self.chat(conversation_id=conversation_id, **fields),
            self.client.post("/api/widget/feedback", json=rating),
            self.client.post("/api/widget/escalate", json=escalation),
        ]
        return {(one.status_code, _code(one)) for one in responses}


def _code(response: httpx.Response) -> str | None:
    return None if response.status_code == 200 else str(response.json()["code"])
