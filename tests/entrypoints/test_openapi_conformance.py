"""The native API keeps to its own description, whoever calls: schemathesis, with many credentials.

No answer is a 5xx or of a status that the description does not tell of, bodies have the described
form, and no operation that asks for a credential answers without one.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.conformance.run import CHECKS, expect_conformance
from tests.conftest import Desk, Server

_SEED: Final = ("--seed", "20261121")
_PASSWORD: Final = "a sentence that nobody says"
_UNKNOWN: Final = "proj_" + "0" * 32


@dataclass(frozen=True)
class Account:
    """An account with a credential of every kind."""

    server: Server
    owner: httpx.Client
    credentials: dict[str, str]
    members: dict[str, str]

    def ids(self, member: str) -> dict[str, str]:
        """Make one of everything that a path can name, and return the ids by parameter.

        `member` is the name of somebody who is there already.
        """
        with self.server.client() as visitor:
            desk = Desk(self.owner, visitor)
            text = desk.add_text("Opening hours", "We are open from 7 to 18 on weekdays.")
            widget_key = self._make(f"{desk.path}/widget-keys", name="Site")["id"]
            session = visitor.post("/v1/visitor/session", json={"widget_key": widget_key}).json()
            chat = visitor.post(
                "/v1/visitor/chat",
                json={"message": "When are you open?"},
                headers={"Authorization": f"Bearer {session['visitor_token']}"},
            )
            accepted = next(line for line in chat.text.splitlines() if "conversation_id" in line)
        conversation = json.loads(accepted.removeprefix("data: "))["conversation_id"]
        invited = self._make(
            "/v1/invitations", email=f"{desk.project_id}@example.com", role="viewer"
        )
        agent = self._make(f"{desk.path}/agents", name="Anna")["id"]
        webhook = self._make(
            "/v1/webhooks", url=f"{self.server.url}/healthz", events=["page.removed"]
        )["id"]
        reply = self._make(
            f"{desk.path}/agents/{agent}/replies",
            deliver="later",
            webhook_id=webhook,
            messages=[{"role": "user", "content": "When are you open?"}],
        )
        return {
            "project_id": desk.project_id,
            "document_id": text["id"],
            "source_id": text["source_id"],
            "item_id": desk.add_item("Do you deliver?", "Yes.")["id"],
            "agent_id": agent,
            "webhook_id": webhook,
            "reply_id": reply["id"],
            "context_id": self._make(f"{desk.path}/contexts", name="Offer", text="Ten off.")["id"],
            "key_id": widget_key,
            "conversation_id": conversation,
            "invitation_id": invited["id"],
            "member_id": self.members[member],
        }

    def visitor_token(self, project_id: str) -> str:
        """Begin a visitor's session in a project."""
        key = self._make(f"/v1/projects/{project_id}/widget-keys", name="Site")["id"]
        with self.server.client() as visitor:
            session = visitor.post("/v1/visitor/session", json={"widget_key": key})
        token: str = session.json()["visitor_token"]
        return token

    def _make(self, path: str, **body: Any) -> dict[str, Any]:
        return made(self.owner, path, **body)


def made(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.is_success, answer.text
    created: dict[str, Any] = answer.json()
    return created


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """An account on a server of its own: what schemathesis does to it is nobody else's matter."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        server = Server(Path(folder) / "data", ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8").start()
        with server.client() as client:
            # Made when it is first asked for; schemathesis waits for ten seconds.
            assert client.get("/openapi.json").status_code == 200
            tokens = made(client, "/v1/auth/signup", email="owner@example.com", password=_PASSWORD)
            credentials = {"owner": tokens["access_token"], "owner_key": server.owner_key}
            client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
            for name in ("viewer", "spare", "doomed"):
                invited = {"email": f"{name}@example.com", "role": "viewer"}
                link = made(client, "/v1/invitations", **invited)["link"]
                joined = made(
                    client,
                    "/v1/auth/accept-invitation",
                    invitation=link.rpartition("invitation=")[2],
                    password=_PASSWORD,
                )
                credentials[name] = joined["access_token"]
            key = made(client, "/v1/api-keys", name="read", scopes=["read"])
            credentials["read_key"] = key["key"]
            listed = client.get("/v1/members").json()["items"]
            members = {one["email"].partition("@")[0]: one["id"] for one in listed}
            yield Account(server, client, credentials, members)
        server.stop()


def _configure(path: Path, kept: dict[str, str], doomed: dict[str, str]) -> None:
    """Name the ids to use: some for what reads and changes, others for what deletes."""
    lines = ["[parameters]", *(f'{name} = "{value}"' for name, value in kept.items())]
    for name, ids in (
        ({"include-method": "DELETE"}, doomed),
        ({"include-name": "DELETE /v1/projects/{project_id}"}, {"project_id": _UNKNOWN}),
    ):
        ((key, value),) = name.items()
        values = ", ".join(f'{one} = "{held}"' for one, held in ids.items())
        lines += ["[[operations]]", f'{key} = "{value}"', f"parameters = {{ {values} }}"]
    path.write_text("\n".join(lines), encoding="utf-8")


def expect_clean(account: Account, folder: Path, *arguments: str, **options: Any) -> None:
    """Let schemathesis call every operation, with ids that exist."""
    _configure(folder / "schemathesis.toml", account.ids("spare"), account.ids("doomed"))
    checks = (*CHECKS, "ignored_auth")
    expect_conformance(
        account.server, "/openapi.json", folder, *_SEED, *arguments, checks=checks, **options
    )


def test_a_visitor_gets_only_what_is_described(account: Account, tmp_path: Path) -> None:
    token = account.visitor_token(account.ids("spare")["project_id"])
    only = ("--include-path-regex", "^/v1/visitor/")
    expect_clean(account, tmp_path, *only, credential=token)


# An operation lets a credential in or keeps it out. The least of people and of keys are kept out
# most often, the most of keys seldom, the owner never; other roles meet the same two answers, and
# tests/isolation shows which. Who is kept out is kept out of the first request of an operation as
# of the next, so the others send one of the owner's requests each.
_OTHERS: Final = ("viewer", "read_key", "owner_key")


@pytest.mark.parametrize(
    "every_case", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["new paths", "all"]
)
def test_everybody_gets_only_what_is_described_at_the_edges_too(
    account: Account, tmp_path: Path, *, every_case: bool
) -> None:
    others = _OTHERS if every_case else _OTHERS[:1]
    also = {"nobody": None, **{name: account.credentials[name] for name in others}}
    owner = account.credentials["owner"]
    expect_clean(account, tmp_path, credential=owner, also=also, every_case=every_case)
