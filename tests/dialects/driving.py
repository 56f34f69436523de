"""How a program drives each dialect: its main operations, one after the other."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from answerdesk.core.dialects import Dialect
from tests.dialects.novaro.api import QUESTION
from tests.dialects.orac.chat import parse_frames
from tests.waiting import PATIENCE, attempts

ANSWER: Final = "Tuesday at nine"
"""What the response to QUESTION has in it."""

Send = Callable[[str, str, Mapping[str, str], str | None], tuple[int, str]]
"""A client: method, address, headers and body in; status and text out."""


@dataclass(frozen=True)
class Program:
    """A program that knows an address, a key and a project, and sends by one client."""

    send: Send
    url: str
    key: str
    project_id: str

    def text(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        status: int = 200,
        key: str | None = None,
        **headers: str,
    ) -> str:
        """Send a request that has to have this status; return the response's text."""
        sent = {name.title(): value for name, value in headers.items()}
        if key != "":
            sent["Authorization"] = f"Bearer {key or self.key}"
        if body is not None:
            sent["Content-Type"] = "application/json"
        content = None if body is None else json.dumps(body)
        found, text = self.send(method, f"{self.url}{path}", sent, content)
        assert found == status, f"{method} {path}: {found} {text}"
        return text

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Send a request; return the response's JSON."""
        return json.loads(self.text(method, path, body, **options))


def drive_chatorex(program: Program) -> None:
    chatbot = {"chatbot_id": program.project_id}
    said = program.call("POST", "/api/chat", {"message": QUESTION, **chatbot})
    assert ANSWER in said["response"]
    assert said["sources"]
    again = {"message": "Thank you", "session_id": said["session_id"], **chatbot}
    assert program.call("POST", "/api/chat", again)["session_id"] == said["session_id"]
    text = {"type": "text", "title": "Piers", "content": "Nine piers.", **chatbot}
    added = program.call("POST", "/api/sources", text, status=201)
    query = f"chatbot_id={program.project_id}"
    listed = program.call("GET", f"/api/sources?{query}")["sources"]
    assert added["id"] in [one["id"] for one in listed]
    assert program.call("DELETE", f"/api/sources?id={added['id']}") == {"success": True}
    program.call("DELETE", f"/api/sources?id={added['id']}", status=404)
    assert isinstance(program.call("GET", f"/api/leads?{query}")["leads"], list)
    look = {"primary_color": "#4F46E5", "welcome_message": "Ahoy!", "position": "bottom-right"}
    changed = program.call("PUT", f"/api/widget-settings?{query}", look)
    assert changed == program.call("GET", f"/api/widget-settings?{query}")
    assert program.call("GET", f"/api/widget-config?{query}")["welcome_message"] == "Ahoy!"


def drive_noras(program: Program) -> None:
    widget = program.project_id.replace("proj_", "widget_")
    body = {"widget_key": widget, "message": QUESTION, "user_code": f"user_{secrets.token_hex(4)}"}
    said = program.call("POST", "/api/chat", body)
    assert said["success"] is True
    assert ANSWER in said["message"]
    path = f"/api/conversations/{widget}?limit=10&user_code={body['user_code']}"
    (row,) = program.call("GET", path)["conversations"]
    assert (row["id"], row["message"]) == (said["conversation_id"], QUESTION)
    widgets = program.call("GET", "/api/widgets")["widgets"]
    assert widget in [one["widget_key"] for one in widgets]
    named = {"name": "Ferries", "welcome_message": "Welcome aboard"}
    changed = program.call("PUT", f"/api/widgets/{widget}", named)["widget"]
    assert changed == program.call("GET", f"/api/widgets/{widget}")["widget"]
    assert changed["welcome_message"] == "Welcome aboard"
    assert program.call("GET", f"/api/analytics/{widget}")["total_messages"] > 0
    refusal = program.call("GET", "/api/widgets", status=401, key="sk_nobodys")
    assert refusal["success"] is False


_NOVACHAT: Final = "/nc-api/v1"


def drive_novachat(program: Program) -> None:
    token, website_token = _opened_account(program)
    named = {"name": "Program", "permissions": ["read", "write"]}
    path = f"{_NOVACHAT}/api-keys"
    key = program.call("POST", path, named, status=201, key=token)["full_key"]
    _fill_knowledge_base(program, key)
    _converse_on_website(program, key, website_token)


def _opened_account(program: Program) -> tuple[str, str]:
    """Register an account with a website; return the log-in's and the website's tokens."""
    person = {"email": f"admin@{secrets.token_hex(6)}.example", "password": "MyPass123!"}
    account = {"name": "My Company", **person}
    program.call("POST", f"{_NOVACHAT}/accounts", account, status=201, key="")
    token = program.call("POST", f"{_NOVACHAT}/auth/login", person, key="")["token"]
    assert program.call("GET", f"{_NOVACHAT}/account/status", key=token)["domains"] == []
    site = {"website_url": "https://mycompany.example"}
    path = f"{_NOVACHAT}/account/bind-domain"
    bound = program.call("POST", path, site, status=201, key=token)
    assert len(program.call("GET", f"{_NOVACHAT}/account/domains", key=token)) == 1
    bot = program.call("POST", f"{_NOVACHAT}/agents", {"bot_name": "Bot"}, status=201, key=token)
    config = {"ai_bot_config_id": bot["id"], "is_active": True}
    path = f"{_NOVACHAT}/account/domains/{bound['domain_id']}/ai-config"
    assert program.call("POST", path, config, key=token)["ai_bot_config_id"] == bot["id"]
    return token, bound["website_token"]


def _fill_knowledge_base(program: Program, key: str) -> None:
    items = f"{_NOVACHAT}/knowledge_base/items"
    item = {"title": QUESTION, "content": f"It leaves on {ANSWER}.", "tags": ["ferry"]}
    made = program.call("POST", items, item, status=201, key=key)
    changed = {"category": "Pre-sales"}
    assert program.call("PUT", f"{items}/{made['id']}", changed, key=key)["tags"] == ["ferry"]
    rows = [{"title": "Is there a café?", "content": "Yes."}]
    (row,) = program.call("POST", f"{items}/import", rows, key=key)
    program.call("DELETE", f"{items}?id={row['id']}", key=key)
    assert [one["id"] for one in program.call("GET", items, key=key)] == [made["id"]]


def _converse_on_website(program: Program, key: str, website_token: str) -> None:
    widget, token = "/api/v1/widget", f"website_token={website_token}"
    body = {"contact": {"name": "John", "email": "john@example.com"}, "message": QUESTION}
    begun = program.call("POST", f"{widget}/conversations?{token}", body, status=201, key="")
    read = f"{widget}/messages?{token}&conversation_id={begun['id']}"
    said: list[Any] = []
    for _ in attempts(PATIENCE):
        said = program.call("GET", read, key="")["messages"]
        if len(said) > 1:
            break
    assert ANSWER in said[1]["content"]
    path = f"{_NOVACHAT}/conversations"
    ours = {"conversation_id": begun["id"], "content": "Ann here."}
    program.call("POST", path, ours, status=201, key=key)
    theirs = {"conversation_id": begun["id"], "content": "Thank you, Ann"}
    program.call("POST", f"{widget}/messages?{token}", theirs, status=201, key="")
    shown = program.call("GET", f"{path}/{begun['id']}", key=key)
    senders = [one["sender_type"] for one in shown["messages"]]
    assert senders == ["contact", "agent_bot", "user", "contact"]
    waits = program.call("GET", "/api/v1/sla/status", key=key)["waits"]
    assert [one["conversation_id"] for one in waits] == [begun["id"]]


def drive_novaro(program: Program) -> None:
    api = "/api/v1"
    assert program.call("GET", f"{api}/auth/verify") == {"authenticated": True}
    program.call("GET", f"{api}/auth/verify", status=401, key="wrong")
    agent = {"name": "Anna", "projectId": program.project_id}
    made = program.call("POST", f"{api}/agents", agent, status=201)
    body = {"agentId": made["id"], "messages": [{"role": "user", "content": QUESTION}]}
    (said,) = program.call("POST", f"{api}/messages", body)["messages"]
    assert said["role"] == "assistant"
    assert ANSWER in said["content"]
    stream = program.text("POST", f"{api}/messages", body, accept="text/event-stream")
    assert [name for name, _ in parse_frames(stream).frames][-1] == "done"
    url = {"url": "http://127.0.0.1:9/"}
    hook = program.call("POST", f"{api}/webhooks", url, status=201)
    assert len(hook["secret"]) > 30
    later = {**body, "webhookId": hook["id"], "reference": "INTERNAL_REFERENCE"}
    asked = program.call("POST", f"{api}/messages/async", later, status=202)
    path = f"{api}/messages/async/{asked['id']}"
    assert program.call("GET", path)["state"] == "scheduled"
    assert program.text("DELETE", path, status=204) == ""
    assert program.call("GET", path)["state"] == "cancelled"
    assert made["id"] in [one["id"] for one in program.call("GET", f"{api}/agents")["agents"]]


def drive_orac(program: Program) -> None:
    body = {"project_id": program.project_id, "message": QUESTION}
    chat = parse_frames(program.text("POST", "/api/chat", body, key=""))
    assert ANSWER in chat.text
    conversation_id, message_id = chat.conversation_id, chat.first("done")["message_id"]
    config = program.call("GET", f"/api/widget/config?id={program.project_id}", key="")
    assert config["settings"]["position"]
    polled = program.call("GET", f"/api/widget/messages?conversationId={conversation_id}", key="")
    assert [one["role"] for one in polled["messages"]] == ["user", "assistant"]
    rating = {"message_id": message_id, "rating": "positive", "reason": "accurate"}
    assert program.call("POST", "/api/widget/feedback", rating, key="") == {"success": True}
    wish = {"conversation_id": conversation_id, "email": "visitor@example.com"}
    assert program.call("POST", "/api/widget/escalate", wish, key="") == {"success": True}
    query = f"project_id={program.project_id}"
    projects = program.call("GET", "/api/projects?limit=100")["projects"]
    assert program.project_id in [one["id"] for one in projects]
    shown = program.call("GET", f"/api/conversations/{conversation_id}")
    assert shown["status"] == "waiting"
    listed = program.call("GET", f"/api/conversations?{query}&status=waiting")["conversations"]
    assert conversation_id in [one["id"] for one in listed]
    leads = program.call("GET", f"/api/leads?{query}")["leads"]
    assert conversation_id in [one["conversation_id"] for one in leads]
    lead = {"email": "lead@example.com", "project_id": program.project_id}
    program.call("POST", "/api/leads", lead, status=201)
    text = {"type": "text", "title": "Piers", "content": "Nine piers."}
    source = {**text, "project_id": program.project_id}
    added = program.call("POST", "/api/sources", source, status=201)
    assert program.call("GET", f"/api/sources?{query}")["total"] > 0
    program.call("DELETE", f"/api/sources?id={added['id']}")
    assert program.call("GET", f"/api/analytics?{query}")["total_conversations"] > 0


DRIVES: Final[Mapping[Dialect, Callable[[Program], None]]] = {
    "chatorex": drive_chatorex,
    "noras": drive_noras,
    "novachat": drive_novachat,
    "novaro": drive_novaro,
    "orac": drive_orac,
}
