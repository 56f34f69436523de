"""Every route that the application has, and what may be expected of it.

A route that is not here fails a test, so that nobody adds one without saying who may call it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, Literal

from tests.isolation.estate import Holding

Body = Callable[[Holding], dict[str, Any]]
Guard = Literal["scope", "person", "visitor", "id", "none"]


@dataclass(frozen=True, slots=True)
class Route:
    """How a route is called with the ids of an account.

    `guard` says what opens it: a credential with `scope`; a person's log-in; a visitor's token;
    the ids themselves, which nobody can guess; or nothing, since it shows nothing of anybody's.
    `ids` names what each parameter of the path is, where its name does not say it.
    """

    guard: Guard
    scope: str = ""
    body: Body | None = None
    query: Body | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    lists: bool = False


def _nothing(_: Holding) -> dict[str, Any]:
    return {}


def _named(_: Holding) -> dict[str, Any]:
    return {"name": "Somebody else's"}


def _titled(_: Holding) -> dict[str, Any]:
    return {"title": f"Planted {token_hex(6)}?", "content": "Planted."}


def _numbered(_: Holding) -> dict[str, Any]:
    return {"id": "1"}


def _context(_: Holding) -> dict[str, Any]:
    return {"name": "Planted", "text": "Planted by somebody else."}


def _webhook(held: Holding) -> dict[str, Any]:
    return {"url": "http://127.0.0.1:9/planted", "project_id": held.ids["project"]}


def _said(_: Holding) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": "Hello?"}]}


def _reads(scope: str, *, lists: bool = False, ids: Mapping[str, str] | None = None) -> Route:
    return Route("scope", f"{scope}:read", lists=lists, ids=ids or {})


def _writes(scope: str, body: Body | None = None, ids: Mapping[str, str] | None = None) -> Route:
    return Route("scope", f"{scope}:write", body=body, ids=ids or {})


_PROJECT = "/v1/projects/{project_id}"
_CONVERSATION = "/v1/conversations/{conversation_id}"
_WIDGET_KEY = {"key_id": "widget_key"}
_WEBSITE = {"source_id": "website"}
_SYNCS = f"{_PROJECT}/sources/{{source_id}}/syncs"
_WEBHOOK = "/v1/webhooks/{webhook_id}"
_NOVARO = "/novaro/api/v1"
_OF_NORAS = {"widget_key": "noras_widget"}
_NOVACHAT = "/novachat/nc-api/v1"
_NUMBERED = {
    **{f"{name}_id": f"{name}_number" for name in ("conversation", "domain", "item", "key")},
}
_PAGES = (
    *("/", "/signup", "/login", "/forgotten", "/reset", "/invitation", "/account"),
    *("/knowledge", "/webhooks", "/scalar"),
)

ROUTES: dict[tuple[str, str], Route] = {
    # Projects
    ("GET", "/v1/projects"): _reads("projects", lists=True),
    ("POST", "/v1/projects"): _writes("projects", _named),
    ("GET", _PROJECT): _reads("projects"),
    ("PATCH", _PROJECT): _writes("projects", _named),
    ("DELETE", _PROJECT): _writes("projects"),
    ("GET", f"{_PROJECT}/availability"): _reads("projects"),
    ("GET", f"{_PROJECT}/widget-keys"): _reads("projects", lists=True),
    ("POST", f"{_PROJECT}/widget-keys"): _writes("projects", _named),
    ("DELETE", f"{_PROJECT}/widget-keys/{{key_id}}"): _writes("projects", ids=_WIDGET_KEY),
    ("GET", f"{_PROJECT}/identity-secret"): _reads("projects"),
    ("POST", f"{_PROJECT}/identity-secret"): _writes("projects", _nothing),
    ("DELETE", f"{_PROJECT}/identity-secret"): _writes("projects"),
    ("GET", f"{_PROJECT}/domains"): _reads("projects", lists=True),
    ("POST", f"{_PROJECT}/domains"): _writes(
        "projects", lambda _: {"website_url": "https://planted.example"}
    ),
    ("PATCH", f"{_PROJECT}/domains/{{domain_id}}"): _writes(
        "projects", lambda _: {"label": "Somebody else's"}
    ),
    ("DELETE", f"{_PROJECT}/domains/{{domain_id}}"): _writes("projects"),
    # Agents
    ("GET", f"{_PROJECT}/agents"): _reads("agents", lists=True),
    ("POST", f"{_PROJECT}/agents"): _writes("agents", _named),
    ("GET", f"{_PROJECT}/agents/{{agent_id}}"): _reads("agents"),
    ("PATCH", f"{_PROJECT}/agents/{{agent_id}}"): _writes("agents", _named),
    ("DELETE", f"{_PROJECT}/agents/{{agent_id}}"): _writes("agents"),
    ("POST", f"{_PROJECT}/agents/{{agent_id}}/activate"): _writes("agents", _nothing),
    ("GET", f"{_PROJECT}/contexts"): _reads("agents", lists=True),
    ("POST", f"{_PROJECT}/contexts"): _writes("agents", _context),
    ("GET", f"{_PROJECT}/contexts/{{context_id}}"): _reads("agents"),
    ("PUT", f"{_PROJECT}/contexts/{{context_id}}"): _writes("agents", _context),
    ("DELETE", f"{_PROJECT}/contexts/{{context_id}}"): _writes("agents"),
    ("POST", f"{_PROJECT}/agents/{{agent_id}}/replies"): _writes("agents", _said),
    ("GET", "/v1/delayed-replies/{reply_id}"): _reads("agents"),
    ("DELETE", "/v1/delayed-replies/{reply_id}"): _writes("agents"),
    # Knowledge
    ("POST", f"{_PROJECT}/texts"): _writes(
        "knowledge", lambda _: {"title": "Planted", "content": "Planted by somebody else."}
    ),
    ("POST", f"{_PROJECT}/items"): _writes(
        "knowledge", lambda _: {"question": "Planted?", "answer": "Planted."}
    ),
    ("GET", f"{_PROJECT}/items"): _reads("knowledge", lists=True),
    ("POST", f"{_PROJECT}/items/import"): _writes(
        "knowledge", lambda _: {"items": [{"question": "Planted?", "answer": "Many times."}]}
    ),
    ("GET", f"{_PROJECT}/items/categories"): _reads("knowledge", lists=True),
    ("GET", f"{_PROJECT}/items/export"): _reads("knowledge"),
    ("GET", f"{_PROJECT}/items/{{item_id}}"): _reads("knowledge"),
    ("PUT", f"{_PROJECT}/items/{{item_id}}"): _writes(
        "knowledge", lambda _: {"question": "Changed?", "answer": "Changed."}
    ),
    ("DELETE", f"{_PROJECT}/items/{{item_id}}"): _writes("knowledge"),
    ("POST", f"{_PROJECT}/files"): _writes("knowledge"),
    ("GET", f"{_PROJECT}/sources"): _reads("knowledge", lists=True),
    ("GET", f"{_PROJECT}/sources/{{source_id}}"): _reads("knowledge"),
    ("DELETE", f"{_PROJECT}/sources/{{source_id}}"): _writes("knowledge"),
    ("GET", f"{_PROJECT}/sources/{{source_id}}/documents"): _reads("knowledge", lists=True),
    # Websites as sources
    ("POST", f"{_PROJECT}/sources"): _writes(
        "knowledge", lambda _: {"kind": "page", "url": "http://127.0.0.1/planted"}
    ),
    ("PATCH", f"{_PROJECT}/sources/{{source_id}}"): _writes("knowledge", _named, _WEBSITE),
    ("POST", f"{_SYNCS}"): _writes("knowledge", _nothing, _WEBSITE),
    ("GET", f"{_SYNCS}"): _reads("knowledge", lists=True, ids=_WEBSITE),
    ("GET", f"{_SYNCS}/{{sync_id}}"): _reads("knowledge", ids=_WEBSITE),
    ("POST", f"{_SYNCS}/{{sync_id}}/cancel"): _writes("knowledge", _nothing, _WEBSITE),
    ("GET", f"{_SYNCS}/{{sync_id}}/changes"): _reads("knowledge", lists=True, ids=_WEBSITE),
    ("GET", f"{_SYNCS}/{{sync_id}}/progress"): _reads("knowledge", ids=_WEBSITE),
    ("GET", f"{_PROJECT}/sources/{{source_id}}/changes"): Route(
        "scope",
        "knowledge:read",
        query=lambda held: {"since": held.ids["sync"]},
        ids=_WEBSITE,
        lists=True,
    ),
    ("GET", f"{_PROJECT}/sources/{{source_id}}/pages"): _reads(
        "knowledge", lists=True, ids=_WEBSITE
    ),
    ("GET", f"{_PROJECT}/pages/{{page_id}}"): _reads("knowledge"),
    # What visitors asked is shown there: both scopes are needed, as every role has both.
    ("GET", f"{_PROJECT}/documents/{{document_id}}/answers"): _reads("conversations", lists=True),
    ("GET", f"{_PROJECT}/pages/{{page_id}}/answers"): _reads("conversations", lists=True),
    ("GET", f"{_PROJECT}/documents/{{document_id}}"): _reads("knowledge"),
    ("DELETE", f"{_PROJECT}/documents/{{document_id}}"): _writes("knowledge"),
    ("GET", f"{_PROJECT}/embedding"): _reads("knowledge"),
    ("POST", f"{_PROJECT}/embedding/change"): _writes("knowledge", lambda _: {"space": "fake:2"}),
    ("POST", f"{_PROJECT}/embedding/cancel"): _writes("knowledge", _nothing),
    ("POST", f"{_PROJECT}/embedding/rollback"): _writes("knowledge", _nothing),
    ("DELETE", f"{_PROJECT}/embedding/previous"): _writes("knowledge"),
    ("GET", "/v1/passages/{project_id}/{passage_id}"): Route("id"),
    # Conversations and leads, for their owner
    ("GET", f"{_PROJECT}/conversations"): _reads("conversations", lists=True),
    ("GET", "/v1/conversations/{conversation_id}"): _reads("conversations"),
    ("POST", f"{_CONVERSATION}/messages"): _writes(
        "conversations", lambda _: {"content": "Said by somebody else."}
    ),
    ("POST", f"{_CONVERSATION}/hand-back"): _writes("conversations", _nothing),
    ("POST", f"{_CONVERSATION}/close"): _writes("conversations", _nothing),
    ("GET", f"{_PROJECT}/leads"): _reads("leads", lists=True),
    ("POST", f"{_PROJECT}/leads"): _writes("leads", lambda _: {"email": "planted@example.com"}),
    # Webhooks and events
    ("GET", "/v1/webhooks"): _reads("webhooks", lists=True),
    ("POST", "/v1/webhooks"): _writes("webhooks", _webhook),
    ("GET", _WEBHOOK): _reads("webhooks"),
    ("PATCH", _WEBHOOK): _writes("webhooks", lambda _: {"description": "Somebody else's"}),
    ("DELETE", _WEBHOOK): _writes("webhooks"),
    ("POST", f"{_WEBHOOK}/enable"): _writes("webhooks", _nothing),
    ("POST", f"{_WEBHOOK}/rotate-secret"): _writes("webhooks", _nothing),
    ("POST", f"{_WEBHOOK}/secret"): _writes("webhooks", lambda _: {"password": "not theirs"}),
    ("POST", f"{_WEBHOOK}/test"): _writes("webhooks", _nothing),
    ("GET", f"{_WEBHOOK}/deliveries"): _reads("webhooks", lists=True),
    ("GET", f"{_WEBHOOK}/deliveries/{{delivery_id}}"): _reads("webhooks"),
    ("POST", f"{_WEBHOOK}/deliveries/{{delivery_id}}/replay"): _writes("webhooks", _nothing),
    ("POST", f"{_WEBHOOK}/replay"): _writes("webhooks", lambda _: {"since": "2020-01-01T00:00Z"}),
    ("GET", "/v1/events"): _reads("webhooks"),
    ("GET", "/v1/event-types"): _reads("webhooks"),
    # Keys, the log, limits
    ("GET", "/v1/api-keys"): _reads("keys", lists=True),
    ("POST", "/v1/api-keys"): _writes(
        "keys",
        lambda held: {"name": "n", "scopes": ["read"], "project_ids": [held.ids["project"]]},
    ),
    ("DELETE", "/v1/api-keys/{key_id}"): _writes("keys", ids={"key_id": "key"}),
    ("GET", "/v1/audit-log"): _reads("audit", lists=True),
    ("GET", "/v1/account/usage"): _reads("account"),
    # People and accounts
    ("GET", "/v1/account"): _reads("account"),
    ("PATCH", "/v1/account"): _writes("account", _named),
    ("GET", "/v1/members"): _reads("members", lists=True),
    ("GET", "/v1/members/{member_id}"): _reads("members"),
    ("PATCH", "/v1/members/{member_id}"): _writes("members", lambda _: {"role": "agent"}),
    ("DELETE", "/v1/members/{member_id}"): _writes("members"),
    ("GET", "/v1/invitations"): _reads("members", lists=True),
    ("GET", "/v1/invitations/{invitation_id}"): _reads("members"),
    ("POST", "/v1/invitations"): _writes(
        "members", lambda _: {"email": f"{token_hex(6)}@example.com", "role": "viewer"}
    ),
    ("DELETE", "/v1/invitations/{invitation_id}"): _writes("members"),
    ("GET", "/v1/me"): Route("person"),
    ("POST", "/v1/auth/switch"): Route(
        "person", body=lambda held: {"account_id": held.ids["account"]}
    ),
    ("POST", "/v1/auth/password"): Route(
        "person",
        body=lambda _: {
            "current_password": "not the password at all",
            "new_password": "nor is this one it",
        },
    ),
    # Visitors
    ("POST", "/v1/visitor/chat"): Route(
        "visitor",
        body=lambda held: {"message": "And now?", "conversation_id": held.ids["conversation"]},
    ),
    ("GET", "/v1/visitor/conversations"): Route("visitor", lists=True),
    ("GET", "/v1/visitor/conversations/{conversation_id}/messages"): Route("visitor"),
    ("POST", "/v1/visitor/conversations/{conversation_id}/feedback"): Route(
        "visitor", body=lambda held: {"message_id": held.ids["message"], "rating": "negative"}
    ),
    ("POST", "/v1/visitor/conversations/{conversation_id}/escalate"): Route(
        "visitor", body=_nothing
    ),
    # Orac's widget tier: the ids are the credential, by its contract
    ("POST", "/orac/api/chat"): Route(
        "id",
        body=lambda held: {
            "project_id": held.ids["project"],
            "message": "Hello?",
            "conversation_id": held.ids["conversation"],
        },
    ),
    ("GET", "/orac/api/widget/config"): Route("id", query=lambda held: {"id": held.ids["project"]}),
    ("GET", "/orac/api/widget/messages"): Route(
        "id", query=lambda held: {"conversationId": held.ids["conversation"]}
    ),
    ("POST", "/orac/api/widget/feedback"): Route(
        "id", body=lambda held: {"message_id": held.ids["message"], "rating": "positive"}
    ),
    ("POST", "/orac/api/widget/escalate"): Route(
        "id", body=lambda held: {"conversation_id": held.ids["conversation"]}
    ),
    # Novaro
    ("GET", f"{_NOVARO}/auth/verify"): _reads("agents"),
    ("POST", f"{_NOVARO}/messages"): Route(
        "scope",
        "agents:read",
        body=lambda held: {
            **_said(held),
            "agentId": held.ids["agent"],
        },
    ),
    ("POST", f"{_NOVARO}/messages/async"): _writes(
        "agents",
        lambda held: {
            **_said(held),
            "agentId": held.ids["agent"],
            "webhookId": held.ids["novaro_webhook"],
            "reference": "planted",
        },
    ),
    ("GET", f"{_NOVARO}/messages/async/{{reply_id}}"): _reads("agents"),
    ("DELETE", f"{_NOVARO}/messages/async/{{reply_id}}"): _writes("agents"),
    ("GET", f"{_NOVARO}/webhooks"): _reads("webhooks"),
    ("POST", f"{_NOVARO}/webhooks"): _writes(
        "webhooks",
        lambda held: {
            "url": "http://127.0.0.1:9/planted",
            "projectId": held.ids["project"],
        },
    ),
    ("GET", f"{_NOVARO}/agents"): _reads("agents"),
    ("POST", f"{_NOVARO}/agents"): _writes("agents", _named),
    ("POST", f"{_NOVARO}/agents/batch"): _writes("agents", lambda held: {"agents": [_named(held)]}),
    ("GET", f"{_NOVARO}/agents/{{agent_id}}"): _reads("agents"),
    ("PUT", f"{_NOVARO}/agents/{{agent_id}}"): _writes("agents", _named),
    ("DELETE", f"{_NOVARO}/agents/{{agent_id}}"): _writes("agents"),
    ("GET", f"{_NOVARO}/contexts"): _reads("agents"),
    ("POST", f"{_NOVARO}/contexts"): _writes("agents", _context),
    ("GET", f"{_NOVARO}/contexts/{{context_id}}"): _reads("agents"),
    ("PUT", f"{_NOVARO}/contexts/{{context_id}}"): _writes("agents", _context),
    ("DELETE", f"{_NOVARO}/contexts/{{context_id}}"): _writes("agents"),
    # Chatorex
    ("POST", "/chatorex/api/chat"): _writes(
        "conversations",
        lambda held: {"chatbot_id": held.ids["project"], "message": "Hello?"},
    ),
    ("GET", "/chatorex/api/sources"): _reads("knowledge"),
    ("POST", "/chatorex/api/sources"): _writes(
        "knowledge",
        lambda held: {
            "chatbot_id": held.ids["project"],
            "type": "text",
            "title": "Planted",
            "content": "Planted by somebody else.",
        },
    ),
    ("DELETE", "/chatorex/api/sources"): Route(
        "scope", "knowledge:write", query=lambda held: {"id": held.ids["source"]}
    ),
    ("GET", "/chatorex/api/leads"): _reads("leads"),
    ("GET", "/chatorex/api/widget-config"): Route(
        "scope", "projects:read", query=lambda held: {"chatbot_id": held.ids["project"]}
    ),
    ("GET", "/chatorex/api/widget-settings"): Route(
        "scope", "projects:read", query=lambda held: {"chatbot_id": held.ids["project"]}
    ),
    ("PUT", "/chatorex/api/widget-settings"): _writes(
        "projects", lambda held: {"chatbot_id": held.ids["project"], "welcome_message": "Planted"}
    ),
    # Noras
    ("POST", "/noras/api/chat"): _writes(
        "conversations",
        lambda held: {
            "widget_key": held.ids["noras_widget"],
            "message": "Hello?",
            "user_code": "planted",
        },
    ),
    ("GET", "/noras/api/conversations/{widget_key}"): _reads("conversations", ids=_OF_NORAS),
    ("GET", "/noras/api/widgets"): _reads("projects"),
    ("GET", "/noras/api/widgets/{widget_key}"): _reads("projects", ids=_OF_NORAS),
    ("PUT", "/noras/api/widgets/{widget_key}"): _writes("projects", _named, ids=_OF_NORAS),
    ("PATCH", "/noras/api/widgets/{widget_key}"): _writes("projects", _named, ids=_OF_NORAS),
    ("GET", "/noras/api/analytics"): _reads("conversations"),
    ("GET", "/noras/api/analytics/{widget_key}"): _reads("conversations", ids=_OF_NORAS),
    # Orac's programmatic tier
    ("GET", "/orac/api/projects"): _reads("projects"),
    ("POST", "/orac/api/projects"): _writes("projects", _named),
    ("GET", "/orac/api/sources"): _reads("knowledge"),
    ("POST", "/orac/api/sources"): _writes(
        "knowledge",
        lambda held: {
            "project_id": held.ids["project"],
            "type": "text",
            "title": "Planted",
            "content": "Planted by somebody else.",
        },
    ),
    ("DELETE", "/orac/api/sources"): Route(
        "scope", "knowledge:write", query=lambda held: {"id": held.ids["source"]}
    ),
    ("GET", "/orac/api/conversations"): _reads("conversations"),
    ("GET", "/orac/api/conversations/{conversation_id}"): _reads("conversations"),
    ("GET", "/orac/api/leads"): _reads("leads"),
    ("POST", "/orac/api/leads"): _writes(
        "leads",
        lambda held: {"project_id": held.ids["project"], "email": "planted@example.com"},
    ),
    ("GET", "/orac/api/analytics"): _reads("conversations"),
    ("GET", "/progress/{project_id}"): Route("id"),
    ("GET", "/passages/{project_id}/{passage_id}"): Route("id"),
    # What shows nothing of anybody's, or takes a secret of its own in the body
    ("POST", "/v1/visitor/session"): Route("none"),
    ("POST", "/visits/{project_id}"): Route("none"),
    ("POST", "/v1/auth/signup"): Route("none"),
    ("POST", "/v1/auth/login"): Route("none"),
    ("POST", "/v1/auth/refresh"): Route("none"),
    ("POST", "/v1/auth/logout"): Route("none"),
    ("POST", "/v1/auth/reset-request"): Route("none"),
    ("POST", "/v1/auth/reset"): Route("none"),
    ("POST", "/v1/auth/accept-invitation"): Route("none"),
    ("POST", "/v1/auth/invitation"): Route("none"),
    ("GET", "/scalar/scalar.js"): Route("none"),
    ("GET", "/openapi.json"): Route("none"),
    ("GET", "/chatorex/openapi.json"): Route("none"),
    ("GET", "/noras/openapi.json"): Route("none"),
    ("GET", "/orac/openapi.json"): Route("none"),
    ("GET", "/novaro/openapi.json"): Route("none"),
    # Nova Chat
    ("GET", f"{_NOVACHAT}/account/status"): _reads("projects"),
    ("POST", f"{_NOVACHAT}/account/bind-domain"): _writes(
        "projects", lambda _: {"website_url": f"https://{token_hex(6)}.example"}
    ),
    ("GET", f"{_NOVACHAT}/account/domains"): _reads("projects"),
    ("POST", f"{_NOVACHAT}/account/domains/{{domain_id}}/ai-config"): _writes(
        "projects", lambda _: {"is_active": False}, _NUMBERED
    ),
    ("GET", f"{_NOVACHAT}/agents"): _reads("agents"),
    ("POST", f"{_NOVACHAT}/agents"): _writes("agents", lambda _: {"bot_name": "Planted"}),
    ("GET", f"{_NOVACHAT}/api-keys"): _reads("keys"),
    ("POST", f"{_NOVACHAT}/api-keys"): _writes("keys", _named),
    ("DELETE", f"{_NOVACHAT}/api-keys"): Route("scope", "keys:write", query=_numbered),
    ("DELETE", f"{_NOVACHAT}/api-keys/{{key_id}}"): _writes("keys", ids=_NUMBERED),
    ("GET", f"{_NOVACHAT}/knowledge_base/items"): _reads("knowledge"),
    ("POST", f"{_NOVACHAT}/knowledge_base/items"): _writes("knowledge", _titled),
    ("PUT", f"{_NOVACHAT}/knowledge_base/items"): Route(
        "scope", "knowledge:write", body=_titled, query=_numbered
    ),
    ("DELETE", f"{_NOVACHAT}/knowledge_base/items"): Route(
        "scope", "knowledge:write", query=_numbered
    ),
    ("GET", f"{_NOVACHAT}/knowledge_base/items/{{item_id}}"): _reads("knowledge", ids=_NUMBERED),
    ("PUT", f"{_NOVACHAT}/knowledge_base/items/{{item_id}}"): _writes(
        "knowledge", _titled, _NUMBERED
    ),
    ("DELETE", f"{_NOVACHAT}/knowledge_base/items/{{item_id}}"): _writes(
        "knowledge", ids=_NUMBERED
    ),
    ("POST", f"{_NOVACHAT}/knowledge_base/items/import"): _writes("knowledge", _nothing),
    ("POST", f"{_NOVACHAT}/knowledge_base/import"): _writes(
        "knowledge", lambda held: {"items": [_titled(held)]}
    ),
    ("POST", f"{_NOVACHAT}/agentic-rag/analyze"): _writes("knowledge", _nothing),
    ("GET", f"{_NOVACHAT}/conversations"): _reads("conversations"),
    ("POST", f"{_NOVACHAT}/conversations"): _writes(
        "conversations", lambda _: {"conversation_id": 1, "status": "resolved"}
    ),
    ("GET", f"{_NOVACHAT}/conversations/{{conversation_id}}"): _reads(
        "conversations", ids=_NUMBERED
    ),
    ("POST", "/novachat/api/v1/widget/conversations"): Route("id"),
    ("POST", "/novachat/api/v1/widget/messages"): Route("id"),
    ("GET", "/novachat/api/v1/widget/messages"): Route("id"),
    ("POST", f"{_NOVACHAT}/accounts"): Route("none"),
    ("POST", f"{_NOVACHAT}/auth/login"): Route("none"),
    ("GET", "/novachat/openapi.json"): Route("none"),
    ("GET", "/healthz"): Route("none"),
    ("GET", "/readyz"): Route("none"),
    ("GET", "/assets"): Route("none"),
    **{("GET", path): Route("none") for path in _PAGES},
}
