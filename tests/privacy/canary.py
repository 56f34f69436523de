"""A person who uses everything there is, and a search for them in everything that is stored."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.accounts.people import Person
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import Guest, Site
from tests.dialects.keys import key_of
from tests.dialects.orac.chat import parse_frames
from tests.privacy.asking import ok
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import Receiver, answer

_COLUMNS = """
select t.table_schema, t.table_name, c.column_name, c.data_type, c.udt_name
from information_schema.tables t join information_schema.columns c using (table_schema, table_name)
where t.table_type = 'BASE TABLE' and t.table_schema not in ('pg_catalog', 'information_schema')
"""


@dataclass
class Canary:
    """Somebody whose every word has a word of their own in it."""

    word: str = field(default_factory=lambda: f"zarquon{secrets.token_hex(5)}")
    conversations: set[str] = field(default_factory=set)

    @property
    def email(self) -> str:
        return f"{self.word}@example.com"

    @property
    def name(self) -> str:
        return f"Ann {self.word.capitalize()}"

    def said(self, what: str) -> str:
        return f"The {self.word} sang of {what} at midnight."

    def traces(self, rows: Rows) -> list[str]:
        """Return every column of every table in which the word stands: as text or as bytes."""
        found = []
        needle = self.word
        for schema, table, column, kind, _ in rows(_COLUMNS):
            cell = f'"{column}"'
            text = f"encode({cell}, 'escape')" if kind == "bytea" else f"cast({cell} as text)"
            counted = rows(
                f'select count(*) from "{schema}"."{table}" where {text} ilike %s',
                f"%{needle}%",
            )
            if counted[0][0]:
                found.append(f"{table}.{column}: {counted[0][0]}")
        return found

    def files(self, server: Server) -> list[str]:
        """Return what else has the word: logs, and files in the data folder but PostgreSQL's."""
        found = [
            str(one)
            for one in server.data_dir.rglob("*")
            if one.is_file() and not _of_postgres(one, server.data_dir) and self._in(one)
        ]
        return [*found, *(["the log"] if self.word in server.log().lower() else [])]

    def _in(self, file: Path) -> bool:
        return self.word.encode() in file.read_bytes().lower()


def _of_postgres(file: Path, data_dir: Path) -> bool:
    inside = [one for one in file.parents if data_dir in one.parents]
    return any((one / "PG_VERSION").exists() for one in inside)


@dataclass
class Life:
    """What a canary does in a project, by each way there is."""

    canary: Canary
    site: Site
    helper: Person
    receiver: Receiver

    def live(self) -> None:
        self._listen()
        ok(
            self.site.owner.patch(
                self.site.path, json={"settings": {"lead_capture": {"enabled": True}}}
            )
        )
        self._native()
        self._orac()
        self._noras()
        self._chatorex()
        self._nova_chat()
        self._as_a_lead()

    def _listen(self) -> None:
        """Have everything delivered, to a receiver that repeats what it was sent."""
        path = f"/{self.canary.word[-10:]}"
        self.receiver.at(path, echo)
        body = {"url": self.receiver.url + path, "project_id": self.site.project_id}
        ok(self.site.owner.post("/v1/webhooks", json=body))
        down = f"{path}-down"
        self.receiver.at(down, answer(500))
        body = {"url": self.receiver.url + down, "project_id": self.site.project_id}
        self.down = ok(self.site.owner.post("/v1/webhooks", json=body))["id"]

    def _native(self) -> None:
        canary, site = self.canary, self.site
        token = site.sign(f"id-{canary.word}", email=canary.email, name=canary.name)
        guest = site.guest(identity_token=token)
        chat = guest.ask(canary.said("bicycles"), page_url=f"https://shop.example/{canary.word}")
        conversation = chat.first("accepted")["conversation_id"]
        canary.conversations.add(conversation)
        guest.ask(f"Call {canary.word}: 4111 1111 1111 1111", conversation_id=conversation)
        self._answered(guest, conversation, chat.first("done")["message_id"])
        self._later(conversation)

    def _answered(self, guest: Guest, conversation: str, message: str) -> None:
        """Rate, ask for a person, be answered, noted, tagged, drafted about; rate it all."""
        canary, owner, helper = self.canary, self.site.owner, self.helper.client
        rated = {"message_id": message, "rating": "negative", "reason": canary.said("errors")}
        ok(guest.post(f"conversations/{conversation}/feedback", **rated))
        contact = {"email": canary.email, "phone": "+49 30 1234567", "message": canary.said("help")}
        ok(guest.post(f"conversations/{conversation}/escalate", **contact))
        path = f"/v1/conversations/{conversation}"
        ok(helper.post(f"{path}/messages", json={"content": f"Dear {canary.name}, hello."}))
        ok(helper.post(f"{path}/notes", json={"content": canary.said("notes")}))
        ok(helper.put(f"{path}/tags", json={"tags": [canary.word]}))
        draft = {"content": f"Dear {canary.word}", "version": 0}
        ok(helper.put(f"{path}/drafts/reply", json=draft))
        newest = ok(guest.get(f"conversations/{conversation}/messages"))["items"][-1]["id"]
        ok(helper.put(f"{path}/read", json={"message_id": newest}))
        comment = {"score": 2, "comment": canary.said("comments")}
        ok(guest.post(f"conversations/{conversation}/rating", **comment))
        noted = {"attributes": {canary.word: canary.word}}
        ok(owner.patch(f"/v1/visitors/{guest.id}", json=noted))

    def _later(self, conversation: str) -> None:
        """Have an agent answer later about the conversation."""
        owner, site = self.site.owner, self.site
        [agent] = ok(owner.get(f"{site.path}/agents"))["items"]
        body = {
            "deliver": "later",
            "webhook_id": self.down,
            "reference": self.canary.word,
            "conversation_id": conversation,
            "messages": [{"role": "user", "content": self.canary.said("ferries")}],
        }
        ok(owner.post(f"{site.path}/agents/{agent['id']}/replies", json=body))

    def _orac(self) -> None:
        canary, site = self.canary, self.site
        body = {
            "project_id": site.project_id,
            "message": canary.said("oracles"),
            "visitor_id": f"browser-{canary.word}",
        }
        conversation = parse_frames(site.visitor.post("/orac/api/chat", json=body).text)
        canary.conversations.add(conversation.conversation_id)
        left = {"conversation_id": conversation.conversation_id, "email": canary.email}
        ok(site.visitor.post("/orac/api/widget/escalate", json=left))

    def _noras(self) -> None:
        key = key_of(self.site.owner, "sk_")
        body = {
            "widget_key": self.site.project_id.replace("proj_", "widget_"),
            "message": self.canary.said("noras"),
            "user_code": f"code-{self.canary.word}",
            "context": {"user_email": self.canary.email, "user_name": self.canary.name},
        }
        told = ok(self.site.visitor.post("/noras/api/chat", json=body, headers=key))
        self.canary.conversations.add(told["conversation_id"])

    def _chatorex(self) -> None:
        key = key_of(self.site.owner, "sk_live_", project_ids=[self.site.project_id])
        body = {"message": f"I am {self.canary.email}.", "session_id": f"s-{self.canary.word}"}
        ok(self.site.visitor.post("/chatorex/api/chat", json=body, headers=key))

    def _nova_chat(self) -> None:
        owner, canary = self.site.owner, self.canary
        domain = ok(
            owner.post(
                f"{self.site.path}/domains",
                json={"website_url": f"https://{secrets.token_hex(6)}.example", "label": "Site"},
            )
        )
        contact = {"name": canary.name, "email": canary.email}
        body = {"contact": contact, "message": canary.said("novas")}
        params = {"website_token": domain["website_token"]}
        ok(
            self.site.visitor.post(
                "/novachat/api/v1/widget/conversations", params=params, json=body
            )
        )

    def _as_a_lead(self) -> None:
        consent = {"text": f"{self.canary.word} may be called."}
        body = {"email": self.canary.email, "name": self.canary.name, "consent": consent}
        ok(self.site.owner.post(f"{self.site.path}/leads", json=body))


def echo(request: Any) -> None:
    """Answer with what was sent."""
    received = request.receiver.received[-1]
    answer(200, received.body[:2000])(request)


def settle(site: Site, rows: Rows) -> None:
    """Wait until nothing of the project is under way: no turn, no event to fan out."""
    project = site.project_id.rpartition("_")[2]
    for _ in attempts(PATIENCE):
        [(turns,)] = rows(
            "select count(*) from turn where project_id = %s and state = 'answering'", project
        )
        [(jobs,)] = rows(
            "select count(*) from due_job j join project p on p.account_id = j.account_id"
            " where p.id = %s and j.state in ('ready', 'running')",
            project,
        )
        if not turns and not jobs:
            return
    raise AssertionError("something is still under way")


def strangers(visitor: httpx.Client, site: Site) -> Canary:
    """Have somebody else ask in the same project."""
    other = Canary()
    token = site.sign(f"id-{other.word}", email=other.email, name=other.name)
    other.conversations.add(site.guest(identity_token=token).start(other.said("bicycles")))
    lead = {"email": other.email, "name": other.name}
    ok(site.owner.post(f"{site.path}/leads", json=lead))
    del visitor
    return other
