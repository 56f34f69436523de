"""An installation with several accounts, each of which owns one of everything."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from answerdesk.accounts.sessions.tokens import AccessClaims, make_access_token
from answerdesk.core.crypto import Sealer, load_secret_keys
from answerdesk.core.tenancy import AccountId, UserId
from tests.conftest import Rows, Server
from tests.waiting import PATIENCE, attempts

PASSWORD = "a sentence that nobody says"  # Of accounts that live for one test run.


@dataclass
class Holding:
    """One account: its word, which stands in everything it owns, the ids of that, its credentials.

    `mail` is the word of its name and its people's addresses: letters name them.
    """

    word: str
    mail: str
    ids: dict[str, str] = field(default_factory=dict)
    credentials: dict[str, str] = field(default_factory=dict)


class Estate:
    """Fills a server through its API and remembers what belongs to whom."""

    def __init__(self, server: Server, rows: Rows) -> None:
        self.server = server
        self.rows = rows
        self.client = server.client()
        self.ours = self._open_account("ours")
        self.theirs = self._open_account("theirs")
        self.suspended = self._open_account("closed")
        rows(
            "update account set suspended_at = now() where account_id = %s",
            _uuid(self.suspended.ids["account"]),
        )
        self._add_expired(self.ours)

    def call(
        self, method: str, path: str, credential: str | None = None, **options: Any
    ) -> httpx.Response:
        """Send one request that has to succeed."""
        headers = {} if credential is None else {"Authorization": f"Bearer {credential}"}
        answer = self.client.request(method, path, headers=headers, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def made(self, path: str, credential: str | None, **body: Any) -> dict[str, Any]:
        """Post a body that has to be taken."""
        made: dict[str, Any] = self.call("POST", path, credential, json=body).json()
        return made

    def _open_account(self, name: str) -> Holding:
        held = Holding(f"{name}{secrets.token_hex(6)}", f"{name}{secrets.token_hex(6)}")
        tokens = self.made(
            "/v1/auth/signup",
            None,
            email=f"{held.mail}@example.com",
            password=PASSWORD,
            name=held.word,
            account_name=held.mail,
        )
        owner = tokens["access_token"]
        held.credentials |= {"jwt": owner, "refresh": tokens["refresh_token"]}
        held.ids |= {"account": tokens["account"]["id"], "user": tokens["user"]["id"]}
        self._add_project(held, owner)
        self._add_knowledge(held, owner)
        self._add_keys(held, owner)
        self._add_people(held, owner)
        self._add_conversation(held)
        self._add_notes(held, owner)
        self._add_lessons(held, owner)
        self._add_webhook(held, owner)
        self._add_delayed_reply(held, owner)
        self._add_numbers(held, owner)
        return held

    def _add_project(self, held: Holding, owner: str) -> None:
        settings = {
            "look": {"welcome": f"Hello from {held.word}"},
            # On a busy machine, a walk takes longer than visitors usually wait.
            "handoff": {"unclaimed_minutes": 1440},
        }
        project = self.made("/v1/projects", owner, name=held.word, settings=settings)["id"]
        path = f"/v1/projects/{project}"
        agent = self.made(f"{path}/agents", owner, name=held.word, persona=held.word)
        widget = self.made(f"{path}/widget-keys", owner, name=held.word)
        context = self.made(f"{path}/contexts", owner, name=held.word, text=held.word)
        action = self.made(
            f"{path}/actions",
            owner,
            name=held.word,
            description=held.word,
            url=f"https://{held.word}.example",
            triggers=[held.word],
            enabled=False,
            headers={"X-Key": held.word},
        )
        held.ids["action"] = action["id"]
        model = self.made(
            "/v1/language-models?unchecked=true",
            owner,
            name=held.word,
            provider="compatible",
            url=f"https://{held.word}.example/v1",
            model=held.word,
            project_id=project,
            key=f"sk-{held.word}",
        )
        held.ids["model"] = model["id"]
        self.made(f"{path}/identity-secret", owner)
        domain = self.made(
            f"{path}/domains", owner, website_url=f"https://{held.word}.example", label=held.word
        )
        held.ids |= {"project": project, "agent": agent["id"], "widget_key": widget["id"]}
        held.ids["domain"] = domain["id"]
        held.ids["noras_widget"] = project.replace("proj_", "widget_")
        held.ids["context"] = context["id"]
        held.ids["erasure"] = self.made(f"{path}/erasures", owner, identity=held.word)["id"]
        held.credentials["widget_key"] = widget["id"]

    def _add_knowledge(self, held: Holding, owner: str) -> None:
        path = f"/v1/projects/{held.ids['project']}"
        text = self.made(
            f"{path}/texts",
            owner,
            title=f"About {held.word}",
            content=f"The opening word of this house is {held.word}. It is said at the door.",
        )
        item = self.made(
            f"{path}/items",
            owner,
            question=f"What is {held.word}?",
            answer=held.word,
            category=held.word,
            tags=[held.word],
        )
        synonyms = self.made(f"{path}/synonyms", owner, terms=[held.word, f"{held.word} hall"])
        held.ids |= {"document": text["id"], "item": item["id"], "synonyms": synonyms["id"]}
        self._wait_until_ready(f"{path}/documents/{text['id']}", owner)
        held.ids["source"] = self.call("GET", f"{path}/sources", owner).json()["items"][0]["id"]
        passages = self.rows(
            "select id from chunk where account_id = %s limit 1", _uuid(held.ids["account"])
        )
        held.ids["passage"] = f"psg_{passages[0][0].hex}"
        self._add_website(held, owner)

    def _add_website(self, held: Holding, owner: str) -> None:
        # A private address is refused without a look at the network, so that the sync soon ends.
        path = f"/v1/projects/{held.ids['project']}"
        url = f"http://127.0.0.1/{held.word}"
        source = self.made(f"{path}/sources", owner, kind="page", url=url, name=held.word)
        for _ in attempts(PATIENCE):
            shown = self.call("GET", f"{path}/sources/{source['id']}", owner).json()
            if shown["last_sync"]["finished_at"] is not None:
                break
        pages = self.call("GET", f"{path}/sources/{source['id']}/pages", owner).json()["items"]
        held.ids |= {"website": source["id"], "sync": source["last_sync"]["id"]}
        held.ids["page"] = pages[0]["id"]

    def _wait_until_ready(self, path: str, credential: str) -> None:
        for _ in attempts(PATIENCE):
            if self.call("GET", path, credential).json()["status"] == "ready":
                return
        raise AssertionError(f"{path} was not taken in")

    def _add_keys(self, held: Holding, owner: str) -> None:
        for name in ("revoked", "expired", "read", "write"):
            scope = "read" if name == "read" else "write"
            key = self.made("/v1/api-keys", owner, name=held.word, scopes=[scope])
            held.ids["key"] = key["id"]
            held.credentials[f"{name}_key"] = key["key"]
            if name == "revoked":
                self.call("DELETE", f"/v1/api-keys/{key['id']}", owner)
            elif name == "expired":
                self.rows(
                    "update api_key set expires_at = now() - interval '1 second' where id = %s",
                    _uuid(key["id"]),
                )

    def _add_people(self, held: Holding, owner: str) -> None:
        for role in ("viewer", "agent", "admin"):
            invited = self.made(
                "/v1/invitations", owner, email=f"{role}-{held.mail}@example.com", role=role
            )
            joined = self.made(
                "/v1/auth/accept-invitation",
                None,
                invitation=invited["link"].rpartition("invitation=")[2],
                password=PASSWORD,
                name=f"{role} {held.word}",
            )
            held.credentials[role] = joined["access_token"]
        pending = self.made(
            "/v1/invitations", owner, email=f"later-{held.mail}@example.com", role="agent"
        )
        members = self.call("GET", "/v1/members", owner).json()["items"]
        (admin,) = [one for one in members if one["role"] == "admin"]
        held.ids |= {"invitation": pending["id"], "member": admin["id"]}

    def _add_conversation(self, held: Holding) -> None:
        key = held.credentials["widget_key"]
        for name in ("visitor", "second_visitor"):
            opened = self.made("/v1/visitor/session", None, widget_key=key)
            held.credentials[name] = opened["visitor_token"]
            held.ids[name] = opened["visitor_id"]
        chat = self.call(
            "POST",
            "/v1/visitor/chat",
            held.credentials["visitor"],
            json={"message": f"What is the opening word of the house {held.word}?"},
        )
        said = dict(_events(chat.text))
        held.ids["conversation"] = said["accepted"]["conversation_id"]
        held.ids["message"] = said["done"]["message_id"]
        self.call(
            "POST",
            f"/v1/visitor/conversations/{held.ids['conversation']}/escalate",
            held.credentials["visitor"],
            json={"email": f"{held.mail}@example.com", "message": f"Call {held.word}"},
        )
        leads = self.call(
            "GET", f"/v1/projects/{held.ids['project']}/leads", held.credentials["jwt"]
        )
        held.ids["lead"] = leads.json()["items"][0]["id"]

    def _add_notes(self, held: Holding, owner: str) -> None:
        """Add what people note about a conversation."""
        path = f"/v1/conversations/{held.ids['conversation']}"
        note = self.made(f"{path}/notes", owner, content=f"Of {held.word}")
        canned = self.made(
            "/v1/canned-replies",
            owner,
            shortcut=held.word,
            title=held.word,
            content=f"{held.word} greets you",
            project_id=held.ids["project"],
        )
        view = self.made("/v1/saved-views", owner, name=held.word, shared=True)
        held.ids["saved_view"] = view["id"]
        self.call("PUT", f"{path}/tags", owner, json={"tags": [held.word]})
        draft = {"content": f"Dear {held.word}", "version": 0}
        self.call("PUT", f"{path}/drafts/reply", owner, json=draft)
        visitor = f"/v1/visitors/{held.ids['visitor']}"
        self.call("PATCH", visitor, owner, json={"attributes": {"word": held.word}})
        held.ids |= {"note": note["id"], "canned_reply": canned["id"], "draft_kind": "reply"}

    def _add_lessons(self, held: Holding, owner: str) -> None:
        """Add a draft of an item, and a question to answer by hand."""
        draft, project = uuid4(), _uuid(held.ids["project"])
        self.rows(
            "insert into item_draft (account_id, id, project_id, conversation_id, question_key,"
            "  question, answer) values (%s, %s, %s, %s, question_key(%s, %s), %s, %s)",
            *(_uuid(held.ids["account"]), draft, project, _uuid(held.ids["conversation"])),
            *(project, held.word, held.word, held.word),
        )
        rated = f"/v1/visitor/conversations/{held.ids['conversation']}/feedback"
        rating = {"message_id": held.ids["message"], "rating": "negative"}
        self.call("POST", rated, held.credentials["visitor"], json=rating)
        path = f"/v1/projects/{held.ids['project']}/open-questions"
        listed = self.call("GET", path, owner).json()["items"]
        held.ids |= {"item_draft": f"draft_{draft.hex}", "question": listed[0]["id"]}

    def _add_webhook(self, held: Holding, owner: str) -> None:
        # Of an event that nothing here causes: nothing is sent while rows are compared.
        webhook = self.made(
            "/v1/webhooks",
            owner,
            url=f"http://127.0.0.1:9/{held.word}",
            format="orac",
            events=["lead.created"],
            project_id=held.ids["project"],
            description=held.word,
        )
        delivery, account = uuid4(), _uuid(held.ids["account"])
        self.rows(
            "insert into webhook_delivery (account_id, id, endpoint_id, project_id, type, state,"
            "  error, ended_at)"
            " values (%s, %s, %s, %s, 'lead.created', 'failed', %s, now())",
            *(account, delivery, _uuid(webhook["id"]), _uuid(held.ids["project"]), held.word),
        )
        self.rows(
            "insert into webhook_attempt (account_id, delivery_id, number, begun_at, milliseconds,"
            "  status, error, headers, answer) values (%s, %s, 1, now(), 1, 500, %s, '{}', %s)",
            *(account, delivery, held.word, held.word),
        )
        held.ids |= {"webhook": webhook["id"], "delivery": f"dlv_{delivery.hex}"}

    def _add_delayed_reply(self, held: Holding, owner: str) -> None:
        webhook = self.made("/novaro/api/v1/webhooks", owner, url=f"http://127.0.0.1:9/{held.word}")
        reply = self.made(
            f"/v1/projects/{held.ids['project']}/agents/{held.ids['agent']}/replies",
            owner,
            deliver="later",
            webhook_id=webhook["id"],
            reference=held.word,
            messages=[{"role": "user", "content": f"What is {held.word}?"}],
        )
        held.ids |= {"novaro_webhook": webhook["id"], "reply": reply["id"]}

    def _add_numbers(self, held: Holding, owner: str) -> None:
        """Have everything numbered, as Nova Chat's clients know it, and note some."""
        base = "/novachat/nc-api/v1"
        for name, path in (
            ("item", "knowledge_base/items"),
            ("domain", "account/domains"),
            ("key", "api-keys"),
            ("agent", "agents"),
            ("conversation", "conversations"),
        ):
            listed = self.call("GET", f"{base}/{path}", owner).json()
            held.ids[f"{name}_number"] = str(listed[0]["id"])
        self.call("GET", f"{base}/conversations/{held.ids['conversation_number']}", owner)

    def _add_expired(self, held: Holding) -> None:
        keys = Sealer(load_secret_keys(self.server.data_dir)).derive_all("access tokens")
        account, user = _uuid(held.ids["account"]), _uuid(held.ids["user"])
        (session,) = self.rows("select id from login_session where user_id = %s limit 1", user)
        claims = AccessClaims(AccountId(account), UserId(user), session[0])
        issued = datetime.now(UTC) - timedelta(hours=1)
        held.credentials["expired_jwt"] = make_access_token(keys[0], claims, issued)


def _uuid(public: str) -> UUID:
    return UUID(public.rpartition("_")[2])


def _events(stream: str) -> list[tuple[str, dict[str, Any]]]:
    frames = [frame.split("\n") for frame in stream.strip().split("\n\n") if "event:" in frame]
    return [(one[0].removeprefix("event: "), json.loads(one[1][6:])) for one in frames]
