"""A site, the people who answer its visitors, and short ways to act on a conversation."""

from typing import Any

import httpx

from tests.accounts.people import Person, join, sign_up
from tests.conftest import Server
from tests.conversations.visitors.site import Site

UNKNOWN = "0198c0de0000700080000000000000d7"


class Team:
    """An account with an owner, two people who answer, and a site with one conversation."""

    def __init__(self, server: Server, visitor: httpx.Client) -> None:
        self.server = server
        self.owner = sign_up(server)
        self.ana = join(server, self.owner, "agent")
        self.ben = join(server, self.owner, "agent")
        self.site = Site(self.owner.client, visitor)
        self.guest = self.site.guest()
        self.conversation_id = self.guest.start()
        self.path = f"/v1/conversations/{self.conversation_id}"

    def join(self, role: str) -> Person:
        """Have somebody else join."""
        return join(self.server, self.owner, role)

    def key(self, *scopes: str, **fields: Any) -> dict[str, str]:
        """Make a key; return its header."""
        body = {"name": "Test", "scopes": scopes, **fields}
        made = self.owner.client.post("/v1/api-keys", json=body)
        assert made.status_code == 201, made.text
        return {"Authorization": f"Bearer {made.json()['key']}"}

    def version(self, rows: Any) -> int:
        """Return the conversation's version."""
        found = rows("select version from conversation where id = %s", bare(self.conversation_id))
        version: int = found[0][0]
        return version

    def told(self, rows: Any) -> list[tuple[str, str]]:
        """Return the events that only people of the account see: their types and aspects."""
        found = rows(
            "select type, payload->>'aspect' from event where type like 'inbox.%%'"
            " and payload->>'conversation_id' = %s order by id",
            self.conversation_id,
        )
        return [(kind.removeprefix("inbox."), aspect) for kind, aspect in found]


def bare(public: str) -> str:
    """Return an id as the database has it."""
    return public.rpartition("_")[2]


def ok(response: httpx.Response, status: int = 200) -> Any:
    """Check a response's status; return its body."""
    assert response.status_code == status, response.text
    return response.json() if response.content else None
